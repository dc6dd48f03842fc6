/** The form of a subcommand: what main.ts needs to parse its call, print its help and run it. */
import type { Output } from "./output.ts";
import type { Given, OptionName } from "./options.ts";

export interface Argument {
  readonly name: string;
  readonly doc: string;
  readonly optional?: boolean;
  /** Takes all that follow, too; the last argument only. */
  readonly rest?: boolean;
}

/** What a command runs with. */
export interface Call<K extends OptionName = OptionName> {
  /** Positional arguments; those left out are absent. */
  readonly args: readonly string[];
  readonly options: Given<K>;
  /** Options that this very call names: variables and the config file are of all calls, and may name more than one of them needs. */
  readonly named: readonly OptionName[];
  readonly out: Output;
  /** Aborted by the first Ctrl-C or SIGTERM: the command ends cleanly, soon. */
  readonly signal: AbortSignal;
}

export interface Subcommand {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly options: readonly OptionName[];
  /** Lines below the options in --help: examples. */
  readonly examples: readonly string[];
  /** A clean end by signal is this command's ordinary end: exit status 0. */
  readonly runsUntilStopped?: boolean;
  /** @returns the exit status. @throws {GymError} what `failureOf` prints */
  run(call: Call): Promise<number>;
}

/** Types a subcommand's `run` by the options it names. */
export const subcommand = <K extends OptionName>(
  spec: Omit<Subcommand, "options" | "run"> & {
    readonly options: readonly K[];
    run(call: Call<K | "json">): Promise<number>;
  },
): Subcommand => spec;
