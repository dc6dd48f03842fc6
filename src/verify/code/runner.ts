/** The code runner: submissions in, verdicts out. */
import { availableParallelism } from "node:os";
import { GymError } from "../../../protocol/errors.ts";
import { checkerNamed, type Checkers } from "./checkers.ts";
import type { Driver, DriverKind } from "./driver.ts";
import { Drivers } from "./drivers.ts";
import { judge, type Judged } from "./judge.ts";
import { DRIVER_KINDS } from "./kinds.ts";
import { DEFAULT_LIMITS, withLimits } from "./limits.ts";
import { summary } from "./summary.ts";
import { Slots } from "./slots.ts";
import { checkSubmission, type CheckedSubmission } from "./submission.ts";
import type { CodeResult, Language, Limits, Submission } from "./types.ts";

export interface CodeRunnerOptions {
  /** Limits of a box where a submission sets none. */
  readonly limits?: Partial<Limits>;
  /** What a submission may set its own limits to, at most. Default: their ranges. */
  readonly maxLimits?: Partial<Limits>;
  /** Submissions judged at once. Default: the cores. */
  readonly concurrency?: number;
  /** Submissions waiting for a turn, at most. Default 1,000. */
  readonly maxQueue?: number;
  /** Times that a submission is tried again after a failure of ours. Default 2. */
  readonly retries?: number;
  /** Bytes of stdout and of stderr, each, that a result repeats. Default 8,192. */
  readonly feedbackBytes?: number;
  /** Characters of a source, an input or an expected output, at most. Default 1,048,576. */
  readonly maxText?: number;
  /** Tests of one submission, at most. Default 10,000. */
  readonly maxTests?: number;
  /** Functions of the operator's that `compare.checker` may name. */
  readonly checkers?: Checkers;
  /** The kinds of drivers to choose from, in order of preference. Default: all that dojang has. */
  readonly kinds?: readonly DriverKind[];
}

export interface RunOptions {
  /** Aborted when nobody waits for the verdict any more: a submission whose turn has not come is given up. */
  readonly signal?: AbortSignal;
}

export interface CodeRunner {
  /** Judges a submission. It waits for its turn first; no limit counts that time.
   *  @throws {GymError} BAD_PARAM for a submission that cannot be judged; LIMIT when the queue is full; CANCELLED when
   *  `signal` was aborted before its turn; UNSUPPORTED where no safe sandbox for its language works here. What a submission does is never thrown: it is the verdict */
  run(submission: Submission, options?: RunOptions): Promise<CodeResult>;
  /** Looks at a submission as `run` would, and runs nothing. @throws {GymError} BAD_PARAM naming the first field that is wrong */
  check(submission: Submission): void;
  /** The driver that runs a language here. @throws {GymError} UNSUPPORTED */
  driverFor(language: Language): Promise<Driver>;
  /** Ends every sandbox. Submissions under way come to `infrastructure`, those that wait are refused with SHUTTING_DOWN. */
  close(): Promise<void>;
}

export function createCodeRunner(options: CodeRunnerOptions = {}): CodeRunner {
  const { concurrency = availableParallelism(), maxQueue = 1_000, retries = 2, feedbackBytes = 8_192 } = options;
  const { maxText = 2 ** 20, maxTests = 10_000, maxLimits = {}, checkers = {}, kinds = DRIVER_KINDS } = options;
  const limits = withLimits(DEFAULT_LIMITS, options.limits);
  const slots = new Slots(concurrency, maxQueue);
  // A test program and its submission have a box each, and one that is being taken down may still be there.
  const drivers = new Drivers(kinds, 3 * concurrency);
  let closed = false;
  const checked = (given: Submission): CheckedSubmission => {
    const submission = checkSubmission(given, { limits, maxLimits, maxText, maxTests });
    // Asked here, so that a wrong name is the caller's mistake and no verdict.
    if (submission.rules.checker !== undefined) checkerNamed(submission.rules.checker, checkers);
    return submission;
  };

  return {
    check: (given) => void checked(given),
    async run(given, { signal } = {}) {
      if (closed) throw new GymError("SHUTTING_DOWN", "code runner: it was closed");
      const submission = checked(given);
      return slots.run(async () => {
        if (signal?.aborted === true) throw new GymError("CANCELLED", "code runner: nobody waits for this verdict");
        const began = performance.now();
        const driver = await drivers.for(submission.language);
        const judged = await attempts(submission, driver, checkers, retries);
        return { ...summary(judged, feedbackBytes), ms: performance.now() - began, driver: driver.name };
      });
    },
    driverFor: (language) => drivers.for(language),
    async close() {
      closed = true;
      await drivers.close();
    },
  };
}

/** Tries again, from the start and in fresh boxes, while the failure is or may be ours. */
async function attempts(
  submission: CheckedSubmission,
  driver: Driver,
  checkers: Checkers,
  retries: number,
): Promise<Judged> {
  let kills = 0;
  for (let attempt = 0; ; attempt++) {
    const judged = await judge(submission, driver, { rules: submission.rules, checkers });
    if (!judged.tests.some(({ verdict }) => verdict === "infrastructure")) return judged;
    if (judged.killed) kills++;
    if (attempt < retries) continue;
    // Killed each time, in a sandbox of its own each time: it does that itself, and skipping it would reward that.
    return kills === retries + 1 ? asOwnDoing(judged) : judged;
  }
}

function asOwnDoing(judged: Judged): Judged {
  const tests = judged.tests.map((test) =>
    test.verdict === "infrastructure"
      ? { ...test, verdict: "error" as const, detail: "its process was killed, each time" }
      : test,
  );
  return { ...judged, tests };
}
