/** What the agent reads: the question, how to write the answer, and in later turns what was wrong. */
import type { Format } from "./rewards.ts";

const HOW: Readonly<Record<Format, string>> = {
  none: "",
  "think-answer":
    "Think first, between <think> and </think>. Then give the final answer alone, between <answer> and </answer>.",
  answer: "End with the final answer alone, between <answer> and </answer>.",
  boxed: "Put the final answer into \\boxed{}.",
};

export const promptOf = (question: string, format: Format): string =>
  HOW[format] === "" ? question : `${question}\n\n${HOW[format]}`;

export function feedbackOf(extracted: string | null, left: number): string {
  const what = extracted === null ? "No answer was found in the reply." : `${extracted} is not right.`;
  return `${what} ${left} ${left === 1 ? "attempt is" : "attempts are"} left.`;
}
