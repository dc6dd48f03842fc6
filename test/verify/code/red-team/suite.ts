/** The form of the red-team suite: hostile and honest submissions as data, played under every driver of their language. */
import type { Comparison, Limits, Test, Verdict } from "../../../../src/verify/code/types.ts";

/** What an attack is after: the rows of the table of hacks, and the limits. */
export const HACKS = [
  "early exit", // the program ends before its answer is due
  "equals everything", // a result that claims to be whatever is expected
  "patched builtins", // the language's own functions are changed for a judge in the same interpreter
  "forged report", // a verdict is printed, or written where a judge might read it
  "reads the answer", // expected values are looked for in the stack, the globals, the files
  "patched clock", // time is made to look short
  "leaves something behind", // state for the next submission
  "escape", // the host's functions, files, processes, environment
  "network",
  "no answer", // nothing to judge: no source, no function, no result
  "bad result", // a result that is too large, too deep, cyclic or no data at all
  "time",
  "memory",
  "output",
  "stack",
  "processes",
  "files",
] as const;
export type Hack = (typeof HACKS)[number];

export interface Attack {
  /** Says what it does, and is found nowhere else in the suite. */
  readonly name: string;
  readonly hack: Hack;
  readonly source: string;
  /** The verdict, or one for each driver where they differ; several where it depends on the machine's speed or memory. */
  readonly verdict: Expected | Readonly<Record<string, Expected>>;
  /** Default: `solve`. */
  readonly entryPoint?: string;
  /** Default: sums of lists of numbers. */
  readonly tests?: readonly Test[];
  readonly limits?: Partial<Limits>;
  readonly compare?: Comparison;
}

type Expected = Verdict | readonly Verdict[];

/** An answer that has to pass. */
export interface Honest {
  readonly name: string;
  readonly source: string;
  readonly entryPoint?: string;
  readonly tests: readonly Test[];
  readonly compare?: Comparison;
}

/** What an attack is asked to do and does not: the sum of a list. */
export const SUMS: readonly Test[] = [
  { args: [[1, 2, 3]], expected: 6 },
  { args: [[]], expected: 0 },
  { args: [[-5, 5, 11]], expected: 11 },
  { args: [[1000, 337]], expected: 1337 },
];

/** Tight, so that the suite is quick: what an attack exhausts is small. */
export const TIGHT: Partial<Limits> = {
  wallMs: 2_000,
  cpuMs: 400,
  memoryBytes: 64 * 2 ** 20,
  outputBytes: 10_000,
  resultBytes: 100_000,
};

/** The verdicts that an attack may come to under a driver. */
export function verdictsOf({ verdict }: Attack, driver: string): readonly Verdict[] {
  if (typeof verdict === "string") return [verdict];
  if (isList(verdict)) return verdict;
  const own = verdict[driver];
  if (own === undefined) throw new Error(`the suite names no verdict under ${driver}`);
  return typeof own === "string" ? [own] : own;
}

const isList = (value: Exclude<Attack["verdict"], string>): value is readonly Verdict[] => Array.isArray(value);
