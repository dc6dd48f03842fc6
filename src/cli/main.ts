/** The `dojang` command: parses the call, finds the subcommand, runs it, and turns whatever happens into an exit status. */
import { inspect } from "node:util";
import { Command, CommanderError, Option } from "commander";
import type { Call, Subcommand } from "./command.ts";
import { COMMANDS } from "./commands/index.ts";
import { loadConfig, resolveOptions, type RawFlags } from "./config.ts";
import { EXIT, failureOf, oneLine } from "./errors.ts";
import { wordsOf } from "./misspelt.ts";
import { endWithParent, onInterrupt } from "./interrupt.ts";
import { OPTIONS, type OptionName } from "./options.ts";
import { endWithReader, makeOutput, type TextStream } from "./output.ts";
import { flagName } from "./settings.ts";
import { version } from "../server/version.ts";

/** What a command finds around it; tests put their own in its place. */
export interface Surroundings {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Where dojang.config.ts is looked for. */
  readonly folder: string;
}

/** @param argv without node and script @returns the exit status */
export async function main(argv: readonly string[], around: Surroundings = ofProcess()): Promise<number> {
  try {
    return await dispatch(argv, around);
  } catch (error) {
    const { status, message } = failureOf(error);
    around.stderr.write(`dojang: ${message}\n`);
    if (around.variables["DOJANG_DEBUG"] !== undefined) around.stderr.write(`${inspect(error)}\n`);
    return status;
  }
}

function ofProcess(): Surroundings {
  const { stdout, stderr, env } = process;
  endWithReader(stdout);
  endWithParent();
  tellWarnings(stderr);
  return { stdout, stderr, variables: env, folder: process.cwd() };
}

/** Warnings of Node as one line each. That a module is CommonJS is left to our own message, which says what to do. */
function tellWarnings(stderr: TextStream): void {
  process.removeAllListeners("warning");
  process.on("warning", ({ message }) => {
    if (!message.startsWith("Failed to load the ES module")) stderr.write(`dojang: warning: ${oneLine(message)}\n`);
  });
}

async function dispatch(argv: readonly string[], around: Surroundings): Promise<number> {
  let status: number = EXIT.done;
  const program = new Command("dojang")
    .description("A gym server for agents.")
    .version(version, "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand(false)
    // Errors become one line of our own form; see `wordsOf`.
    .configureOutput({
      outputError: () => undefined,
      writeOut: (text) => void around.stdout.write(text),
      writeErr: (text) => void around.stderr.write(text),
    });
  program.exitOverride();
  const called = argv.find((word) => !word.startsWith("-"));
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).description(summary);
    // Of the others the help shows no more than that, and loading them all takes as long as a short command.
    if (name !== called) continue;
    const spec = await load();
    describe(command, spec).action(async (...given: unknown[]) => {
      // Commander hands over the arguments, the flags and the command itself.
      const args = given
        .slice(0, spec.arguments.length)
        .flat()
        .filter((item) => item !== undefined) as string[];
      status = await runCommand(spec, args, given[spec.arguments.length] as RawFlags, around);
    });
  }
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    if (error.code === "commander.help") return EXIT.wrong;
    throw wordsOf(error, program, argv);
  }
  return status;
}

function describe(command: Command, spec: Subcommand): Command {
  for (const { name, doc, optional, rest } of spec.arguments) {
    const words = rest === true ? `${name}...` : name;
    command.argument(optional === true ? `[${words}]` : `<${words}>`, doc);
  }
  for (const name of [...spec.options, "json" as const]) command.addOption(flagOf(name));
  if (spec.examples.length > 0)
    command.addHelpText("after", `\nExamples:\n${spec.examples.map((line) => `  ${line}`).join("\n")}`);
  return command;
}

function flagOf(name: OptionName): Option {
  const { doc, value, list, default: preset } = OPTIONS[name];
  const text = preset === undefined ? doc : `${doc} (default ${String(preset)})`;
  const option = new Option(
    value === undefined ? flagName(name) : `${flagName(name)} <${value}>`,
    list === true ? `${text}; repeatable` : text,
  );
  return list === true
    ? option.argParser((item: string, before: string[] | undefined) => [...(before ?? []), item])
    : option;
}

const namedIn = (flags: RawFlags): OptionName[] =>
  (Object.keys(flags) as OptionName[]).filter((name) => flags[name] !== undefined);

async function runCommand(
  spec: Subcommand,
  args: string[],
  flags: RawFlags,
  { stdout, stderr, variables, folder }: Surroundings,
): Promise<number> {
  const sources = { flags, variables, ...(await loadConfig(folder)) };
  const options = resolveOptions([...spec.options, "json"], sources);
  const out = makeOutput(options.json ?? false, stdout, stderr);
  // What plugins print is a remark where stdout is for JSON lines.
  if (out.json && stdout === process.stdout) console.log = console.info = console.debug = console.error;
  using interrupt = onInterrupt();
  const call: Call = { args, options, named: namedIn(flags), out, signal: interrupt.signal };
  try {
    const status = await spec.run(call);
    return spec.runsUntilStopped === true ? status : (interrupt.status() ?? status);
  } catch (error) {
    // Ctrl-C reaches every process of a terminal: that a server has gone too is no failure of its own.
    const status = interrupt.status();
    if (status === undefined) throw error;
    out.note(`dojang: ${failureOf(error).message}`);
    return status;
  }
}
