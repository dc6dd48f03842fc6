/** Arithmetic: work out a sum, a difference or a product of integers, in words and figures. */
import { defineEnv, flag, int, list, choice, rules, text, type Rng } from "dojang/env";
import { GymError } from "dojang/protocol";
import { answerOf, MAX_REPLY } from "../shared/answer.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { textPixels } from "../shared/text-pixels.ts";

const OPERATORS = ["+", "-", "*"] as const;
type Operator = (typeof OPERATORS)[number];

interface Question {
  /** Decimal digits; the numbers may be larger than a double holds. */
  readonly numbers: readonly string[];
  /** One fewer than numbers. */
  readonly operators: readonly Operator[];
}

interface ArithmeticState extends Question {
  /** What was answered; empty before. */
  answer: string;
}

/** Products first, then sums and differences from the left. */
export function solve({ numbers, operators }: Question): bigint {
  const summands = [BigInt(numbers[0]!)];
  operators.forEach((operator, i) => {
    const number = BigInt(numbers[i + 1]!);
    if (operator === "*") summands.push(summands.pop()! * number);
    else summands.push(operator === "-" ? -number : number);
  });
  return summands.reduce((sum, summand) => sum + summand, 0n);
}

/** A number with as many decimal digits as were drawn, none of them a leading zero. */
function drawNumber(rng: Rng, minDigits: number, maxDigits: number): string {
  const digits = minDigits + rng.int(maxDigits - minDigits + 1);
  const first = digits === 1 ? rng.int(10) : 1 + rng.int(9);
  return [first, ...Array.from({ length: digits - 1 }, () => rng.int(10))].join("");
}

const questionOf = ({ numbers, operators }: Question): string =>
  numbers.map((number, i) => (i === 0 ? number : `${operators[i - 1]!} ${number}`)).join(" ");

/** Decimal digits after at most one sign; longer answers than any question has are no numbers. */
const readInteger = (answer: string | undefined): bigint | undefined =>
  answer !== undefined && answer.length <= 1_000 && /^[+-]?[0-9]+$/.test(answer) ? BigInt(answer) : undefined;

const promptOf = (question: Question, tags: boolean): string =>
  [
    `What is ${questionOf(question)}?`,
    tags
      ? "Think as long as you like, then give the number alone between <answer> and </answer>."
      : "Reply with the number alone.",
  ].join("\n");

/** The question and what was answered to it. */
const dialogue = (state: ArithmeticState, tags: boolean): string => `${promptOf(state, tags)}\n> ${state.answer}`;

export default defineEnv({
  id: "Arithmetic-v0",
  version: "1",
  description: "Work out sums, differences and products of integers.",
  params: {
    terms: int(2, { min: 2, max: 10, doc: "Numbers in a question." }),
    minDigits: int(1, { min: 1, max: 50, doc: "Fewest digits of a number." }),
    maxDigits: int(2, { min: 1, max: 50, doc: "Most digits of a number." }),
    operators: list(choice("+", OPERATORS), OPERATORS, {
      maxLength: 3,
      doc: "Which operators may stand in a question.",
    }),
    answerTags: flag(false, { doc: "The answer stands between <answer> and </answer>; else the whole reply is it." }),
    renderMode,
  },
  build({ terms, minDigits, maxDigits, operators, answerTags, renderMode }) {
    if (minDigits > maxDigits || operators.length === 0)
      throw new GymError("BAD_PARAM", "Arithmetic-v0", {
        expected: "minDigits <= maxDigits and at least one operator",
        received: { minDigits, maxDigits, operators },
      });
    return rules({
      action: text({ maxLength: MAX_REPLY }),
      observation: text({ maxLength: 1_000 }),
      maxSteps: 1,
      reset: (rng): ArithmeticState => ({
        numbers: Array.from({ length: terms }, () => drawNumber(rng, minDigits, maxDigits)),
        operators: Array.from({ length: terms - 1 }, () => rng.choice(operators)),
        answer: "",
      }),
      step(state, reply) {
        const answer = answerOf(reply, answerTags);
        const value = readInteger(answer);
        const rewards = { accuracy: Number(value === solve(state)), format: Number(value !== undefined) };
        return { state: { ...state, answer: answer ?? "" }, reward: rewards.accuracy, terminated: true, rewards };
      },
      observe: (state) => promptOf(state, answerTags),
      render: renderIn(renderMode, {
        text: (state) => dialogue(state, answerTags),
        rgb: (state) => textPixels(dialogue(state, answerTags)),
      }),
    });
  },
});
