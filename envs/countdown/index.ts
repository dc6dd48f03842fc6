/** Countdown: write an expression that makes a target of given numbers. Source: the numbers round of the television game, as a task for reasoning models (TinyZero). */
import { defineEnv, flag, int, real, rules, text } from "dojang/env";
import { answerOf, MAX_REPLY } from "../shared/answer.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { textPixels } from "../shared/text-pixels.ts";
import { equals, evaluate } from "./expression.ts";
import { drawPuzzle, type Puzzle } from "./puzzle.ts";

export { evaluate } from "./expression.ts";
export { drawPuzzle } from "./puzzle.ts";

interface CountdownState extends Puzzle {
  /** What was answered; empty before. */
  answer: string;
}

/** How far an answer got. */
export interface Verdict {
  /** It is an expression that uses exactly the given numbers. */
  readonly format: boolean;
  /** It also makes the target. */
  readonly accuracy: boolean;
}

/** Judges an answer exactly: each number must be used once, and the value must equal the target as a fraction. */
export function judge({ numbers, target }: Puzzle, answer: string | undefined): Verdict {
  const evaluation = answer === undefined ? undefined : evaluate(answer);
  if (evaluation === undefined) return { format: false, accuracy: false };
  const used = evaluation.numbers.map(String).sort();
  const given = numbers.map(String).sort();
  const format = used.length === given.length && used.every((number, i) => number === given[i]);
  return { format, accuracy: format && equals(evaluation.value, BigInt(target)) };
}

const promptOf = ({ numbers, target }: Puzzle, tags: boolean): string =>
  [
    `Use each of the numbers ${numbers.join(", ")} exactly once, with + - * / and parentheses, to make ${target}.`,
    tags
      ? "Think as long as you like, then give the expression alone between <answer> and </answer>."
      : "Reply with the expression alone.",
  ].join("\n");

/** The question and what was answered to it. */
const dialogue = (state: CountdownState, tags: boolean): string => `${promptOf(state, tags)}\n> ${state.answer}`;

export default defineEnv({
  id: "Countdown-v0",
  version: "1",
  description: "Write an arithmetic expression that makes a target of given numbers.",
  params: {
    numbers: int(4, { min: 2, max: 8, doc: "How many numbers are given." }),
    maxNumber: int(99, { min: 1, max: 1_000, doc: "Largest number." }),
    maxTarget: int(100, { min: 1, max: 1_000_000, doc: "Largest target." }),
    answerTags: flag(false, { doc: "The answer stands between <answer> and </answer>; else the whole reply is it." }),
    formatReward: real(0, { min: 0, max: 1, doc: "For a wrong expression that uses exactly the given numbers." }),
    renderMode,
  },
  build: ({ answerTags, formatReward, renderMode, ...options }) =>
    rules({
      action: text({ maxLength: MAX_REPLY }),
      observation: text({ maxLength: 1_000 }),
      maxSteps: 1,
      reset: (rng): CountdownState => ({ ...drawPuzzle(rng, options), answer: "" }),
      step(state, reply) {
        const answer = answerOf(reply, answerTags);
        const { format, accuracy } = judge(state, answer);
        const rewards = { accuracy: Number(accuracy), format: Number(format) };
        const reward = accuracy ? 1 : format ? formatReward : 0;
        return { state: { ...state, answer: answer ?? "" }, reward, terminated: true, rewards };
      },
      observe: (state) => promptOf(state, answerTags),
      render: renderIn(renderMode, {
        text: (state) => dialogue(state, answerTags),
        rgb: (state) => textPixels(dialogue(state, answerTags)),
      }),
    }),
});
