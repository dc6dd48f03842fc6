/** Judges a reply: by the math verifier, or by the puzzle itself where many answers are right. */
import { extract as extractAnswer, type MathVerifier } from "dojang/verify";
import { GymError } from "dojang/protocol";
import { judge as judgePuzzle } from "../countdown/index.ts";
import type { Format } from "./rewards.ts";
import type { Problem } from "./tasks/task.ts";

export interface Judgement {
  readonly right: boolean;
  /** What was taken for the answer; null where none was found. */
  readonly extracted: string | null;
}

/** Where an asked form puts the answer; undefined: wherever one is found. */
const KINDS = {
  none: undefined,
  "think-answer": ["tag", "text"],
  answer: ["tag", "text"],
  boxed: ["boxed"],
} as const;

/** @throws {GymError} VERIFIER_UNAVAILABLE when nobody can tell now: never a reward of 0 */
export async function judge(
  problem: Problem,
  reply: string,
  format: Format,
  verifier: MathVerifier,
): Promise<Judgement> {
  const kinds = KINDS[format];
  const needsTag = kinds?.[0] === "tag" && !/<answer>.*<\/answer>/s.test(reply);
  if (needsTag) return { right: false, extracted: null };
  const extract = kinds && { kinds };
  if (problem.puzzle) {
    const extracted = extractAnswer(reply, extract)?.text ?? null;
    return { right: judgePuzzle(problem.puzzle, extracted ?? undefined).accuracy, extracted };
  }
  const { equal, code, extracted } = await verifier.verify({
    gold: problem.gold,
    answer: reply,
    ...(extract && { options: { extract } }),
  });
  if (equal !== null) return { right: equal, extracted };
  throw new GymError("VERIFIER_UNAVAILABLE", `math-v0: problem ${problem.id}`, {
    expected: "a verdict",
    received: code,
    hint: "Step again.",
  });
}
