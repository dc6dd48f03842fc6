/** Checks a suite before anybody is judged by it: each reference passes, each empty stub fails, and there is something to test. */
import { GymError } from "../../../../protocol/errors.ts";
import type { CodeRunner } from "../runner.ts";
import type { CodeResult } from "../types.ts";
import { stubOf, submissionOf, type Exercise } from "./exercise.ts";

export interface SuiteFault {
  readonly id: string;
  readonly why: string;
}

export interface SuiteReport {
  readonly exercises: number;
  /** References that were run, and passed. */
  readonly references: number;
  readonly passed: number;
  /** Stubs that passed: exercises that test nothing. */
  readonly stubs: number;
  readonly faults: readonly SuiteFault[];
}

/** Submissions given to the runner at once: its own queue is bounded. */
const WINDOW = 64;

/** @throws {GymError} VERIFIER_UNAVAILABLE when the runner itself failed: then nothing is known about the suite */
export async function checkSuite(exercises: readonly Exercise[], runner: CodeRunner): Promise<SuiteReport> {
  const faults: SuiteFault[] = [];
  const counts = { references: 0, passed: 0, stubs: 0 };
  const left = exercises.values();
  const work = async (): Promise<void> => {
    for (const exercise of left) {
      const why = await checkOne(exercise, runner, counts);
      if (why !== undefined) faults.push({ id: exercise.id, why });
    }
  };
  await Promise.all(Array.from({ length: Math.min(WINDOW, exercises.length) }, work));
  return { exercises: exercises.length, ...counts, faults };
}

async function checkOne(
  exercise: Exercise,
  runner: CodeRunner,
  counts: { references: number; passed: number; stubs: number },
): Promise<string | undefined> {
  const { publicTests, hiddenTests, reference } = exercise;
  if (publicTests.length + hiddenTests.length === 0) return "it has no tests";
  const judge = (source: string): Promise<CodeResult> => runner.run(submissionOf(exercise, source));
  const [own, stub] = await Promise.all([
    reference === undefined ? undefined : judge(reference),
    judge(stubOf(exercise)),
  ]);
  for (const result of [own, stub])
    if (result?.verdict === "infrastructure")
      throw new GymError("VERIFIER_UNAVAILABLE", exercise.id, { expected: "a verdict", received: result.detail });
  if (own) counts.references++;
  if (own?.verdict === "pass") counts.passed++;
  if (stub.verdict === "pass") counts.stubs++;
  if (own && own.verdict !== "pass") return `its reference gets ${own.verdict}: ${own.detail}`;
  return stub.verdict === "pass" ? "an empty stub passes" : undefined;
}
