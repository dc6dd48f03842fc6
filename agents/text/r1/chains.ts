/** Worked chains for the mixed tasks, made from the prompt alone: short enough for a small net, each step within its reach. */
import { GymError } from "dojang/protocol";
import type { Example } from "../sft.ts";
import { countdownChain } from "./countdown-chain.ts";
import { TAGS } from "./vocabulary.ts";

/** What stands between the tags of a reply. */
export interface Chain {
  readonly think: string;
  readonly answer: string;
}

/** Digits from the ones up: the order in which carries run. @param width filled up with zeros at the far end */
const reversed = (n: number, width = 1): string => `${n}`.padStart(width, "0").split("").reverse().join("");

/** A question's form and how it is worked out. */
const KINDS: readonly (readonly [RegExp, (found: readonly string[]) => Chain])[] = [
  [/What is (\d+) ([-+]) (\d+)\?/, ([, a, sign, b]) => sumChain(Number(a), sign === "+" ? Number(b) : -Number(b))],
  [/What is (\d+) \* (\d+)\?/, ([, a, b]) => productChain(Number(a), Number(b))],
  [/Compute \$(.+) ([-+]) (.+)\$\./, ([, a = "", sign = "+", b = ""]) => fractionChain(fractionIn(a), sign, fractionIn(b))], // prettier-ignore
  [/numbers (\d+), (\d+), (\d+) .* to make (\d+)\./, ([, a, b, c, target]) => countdownChain([Number(a), Number(b), Number(c)], Number(target))], // prettier-ignore
];

/** A full reply to a prompt of the mixed tasks. @throws {GymError} BAD_PARAM for a prompt of another form */
export function demonstrateMixed(prompt: string): Example {
  const { think, answer } = chainFor(prompt);
  return { prompt, answer: `${TAGS.think}${think}${TAGS.thought}${TAGS.answer}${answer}${TAGS.answered}` };
}

/** The same answer, and nothing in the think tags. */
export function withoutThinking({ prompt, answer }: Example): Example {
  const from = answer.indexOf(TAGS.thought);
  return { prompt, answer: TAGS.think + answer.slice(from) };
}

function chainFor(prompt: string): Chain {
  for (const [form, chain] of KINDS) {
    const found = form.exec(prompt);
    if (found !== null) return chain(found);
  }
  throw new GymError("BAD_PARAM", "r1: demonstration", {
    expected: "a sum, a difference, a product, a sum of fractions, or a countdown of three numbers",
    received: prompt,
  });
}

/** "53" for 12 + 23, "-53" for 12 - 47. */
function sumChain(a: number, b: number): Chain {
  const sum = a + b;
  return { think: `${sum < 0 ? "-" : ""}${reversed(Math.abs(sum))}`, answer: `${sum}` };
}

/** 47 * 83: "141+673=1093", which is 47 * 3, 47 * 8 (a place further on), and their sum, each from the ones up and of fixed width. */
function productChain(a: number, b: number): Chain {
  const [ones, tens] = [a * (b % 10), a * Math.floor(b / 10)];
  return { think: `${reversed(ones, 3)}+${reversed(tens, 3)}=${reversed(a * b, 4)}`, answer: `${a * b}` };
}

type Fraction = readonly [numerator: number, denominator: number];

function fractionIn(text: string): Fraction {
  const [, n = text, d = "1"] = /\\frac\{(\d+)\}\{(\d+)\}/.exec(text) ?? [];
  return [Number(n), Number(d)];
}

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

/** 3/4 + 1/6: "12:9+2=11;1", which is the common denominator, both numerators over it, what they make, and what cancels. */
function fractionChain([a, b]: Fraction, sign: string, [c, d]: Fraction): Chain {
  const common = (b / gcd(b, d)) * d;
  const [left, right] = [a * (common / b), c * (common / d)];
  const top = sign === "+" ? left + right : left - right;
  const by = gcd(top, common);
  const answer = by === common ? `${top / by}` : `${top / by}/${common / by}`;
  return { think: `${common}:${left}${sign}${right}=${top};${by}`, answer };
}
