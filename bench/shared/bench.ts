/** What every benchmark of `dojang bench` has in common: its options, its figures, how one part is chosen, what machine it ran on. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { didYouMean } from "dojang/env";
import { GymError } from "dojang/protocol";

/** All figures by name: what `--json` prints last. */
export type Figures = Readonly<Record<string, string | number | boolean>>;

export interface BenchOptions {
  /** A tenth of each count. */
  readonly quick: boolean;
  /** This part alone. Absent: all of them. */
  readonly part?: string | undefined;
  /** Ends the benchmark soon. */
  readonly signal?: AbortSignal | undefined;
  /** Told each part's name and figures when it is done. */
  onPart(name: string, figures: object): void;
}

/** The parts to run: all, or the one that was asked for. @throws {GymError} BAD_PARAM for another name */
export function chosenParts(part: string | undefined, names: readonly string[]): readonly string[] {
  if (part === undefined) return names;
  if (names.includes(part)) return [part];
  const meant = didYouMean(part, names);
  throw new GymError("BAD_PARAM", "--part", {
    expected: `one of ${names.join(", ")}`,
    received: part,
    ...(meant !== undefined && { hint: `Did you mean ${meant}?` }),
  });
}

export function machine(): Figures {
  const [cpu] = cpus();
  return {
    cores: availableParallelism(),
    cpu: cpu?.model ?? "unknown",
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}
