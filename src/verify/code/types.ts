/** The words of the code runner: languages, limits, verdicts, tests and their results. */
import type { Encoded } from "./encoded.ts";

export const LANGUAGES = ["javascript", "typescript", "python"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What became of a test, or of a submission. `infrastructure` says that nobody knows: it is retried and never a reward. */
export const VERDICTS = ["pass", "fail", "timeout", "memory", "error", "denied", "infrastructure"] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * What one box may use. A box lives for one submission (its top level and all its tests), or for one test where the tests
 * are isolated. Its clocks run only while it has work: not in a queue, and not while it waits for an answer from another box.
 */
export interface Limits {
  /** Milliseconds on the clock of the wall. */
  readonly wallMs: number;
  /** Milliseconds of processor time, over all processes and threads of the box. */
  readonly cpuMs: number;
  /** Bytes of memory, whatever they are used for. */
  readonly memoryBytes: number;
  /** Processes and threads alive at once, the first one included. */
  readonly processes: number;
  /** Files open at once. */
  readonly files: number;
  /** Bytes of one written file. */
  readonly fileBytes: number;
  /** Bytes kept of stdout and of stderr, each. A function test goes on when they are full; a script ends in an error. */
  readonly outputBytes: number;
  /** Bytes of one encoded reply. */
  readonly resultBytes: number;
}

/** How values are compared. Everything here is plain data, so a data set or a client may set it. */
export interface Comparison {
  /** Tells 1 from 1.0, a tuple from a list, a set from a frozenset, a Map from an object. Default false. */
  readonly exactTypes?: boolean;
  /** How far a float may lie from the expected one: relative, and absolute near zero. Default 1e-9 relative, 0 absolute. */
  readonly tolerance?: number | { readonly relative?: number; readonly absolute?: number };
  /** The order of the outermost list does not matter; how often each element comes does. Default false. */
  readonly unordered?: boolean;
  /** NaN equals NaN. Default false: NaN equals nothing. */
  readonly nanEqual?: boolean;
  /** The name of a checker that the operator loaded: it decides instead of the comparison. */
  readonly checker?: string;
  /** Script tests: compare stdout character by character. Default false: trailing spaces and the last line end do not count. */
  readonly exactText?: boolean;
}

/** Calls the entry point with `args` and compares what comes back. */
export interface FunctionTest {
  readonly args: readonly unknown[];
  /** What the call returns. Exactly one of `expected` and `raises`. */
  readonly expected?: unknown;
  /** The type name of the exception that the call ends in ("ValueError", "TypeError"). */
  readonly raises?: string;
  /** What the arguments are after the call, where the entry point changes them in place. */
  readonly mutated?: readonly unknown[];
  /** `json` (default): plain JSON values. `tagged`: the encoding of encoded.ts, which tells tuples, sets and floats apart. */
  readonly encoding?: "json" | "tagged";
}

/** Runs the source as a program that reads `stdin` and compares what it prints. */
export interface ScriptTest {
  readonly stdin: string;
  readonly stdout: string;
  /** Exit status, default 0. */
  readonly status?: number;
}

/**
 * Runs a test program in a box of its own, where each of `names` is a function that forwards to the submission.
 * It passes when the program reaches its end; the submission's interpreter never holds it.
 */
export interface ProgramTest {
  readonly program: string;
  /** Names that the program calls in the submission. */
  readonly names: readonly string[];
}

export type Test = FunctionTest | ScriptTest | ProgramTest;

export interface Submission {
  readonly language: Language;
  readonly source: string;
  /** The function that function tests call. */
  readonly entryPoint?: string;
  readonly tests: readonly Test[];
  /** Those left out are the runner's. */
  readonly limits?: Partial<Limits>;
  readonly compare?: Comparison;
  /** `submission` (default): function tests share one box, one after the other. `test`: each has a fresh box and its own limits. */
  readonly isolation?: "submission" | "test";
}

export interface TestResult {
  readonly verdict: Verdict;
  /** Milliseconds that the test took in its box, measured outside it. */
  readonly ms: number;
  /** Why it did not pass, in one bounded line. Holds what the submission returned, never what was expected. */
  readonly detail?: string;
  /** What the call returned where it is not what was expected; absent where it is too long to repeat. */
  readonly returned?: Encoded;
}

export interface CodeResult {
  /** `pass` when every test passed, else the verdict of the first test that did not; `infrastructure` when any test is. */
  readonly verdict: Verdict;
  /** Tests that passed. */
  readonly passed: number;
  /** Tests in all, at least 1. */
  readonly total: number;
  /** One for each test, in the same order. */
  readonly tests: readonly TestResult[];
  /** Milliseconds from the submission's turn to its verdict; the wait for a turn is not in it. */
  readonly ms: number;
  /** Detail of the verdict, in one bounded line; empty for a pass. */
  readonly detail: string;
  /** What the submission printed, cut to the runner's `feedbackBytes`. */
  readonly stdout: string;
  readonly stderr: string;
  /** The driver that ran it. */
  readonly driver: string;
}
