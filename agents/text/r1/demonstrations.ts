/** Worked chains for the cold start: the sum from the ones up, as one works it out on paper, then the number as one reads it. */
import { GymError } from "dojang/protocol";
import type { Example } from "../sft.ts";
import { TAGS } from "./vocabulary.ts";

/** "What is 317 + 782? ..." gives "<think>9901</think><answer>1099</answer>". @throws {GymError} BAD_PARAM for a prompt that asks no sum */
export function demonstrate(prompt: string): Example {
  const [, a, b] = /(\d+) \+ (\d+)/.exec(prompt) ?? [];
  if (a === undefined || b === undefined)
    throw new GymError("BAD_PARAM", "r1: demonstration", { expected: "a sum of two numbers", received: prompt });
  const sum = `${BigInt(a) + BigInt(b)}`;
  const chain = sum.split("").reverse().join("");
  return { prompt, answer: `${TAGS.think}${chain}${TAGS.thought}${TAGS.answer}${sum}${TAGS.answered}` };
}

/** What stands in the answer's tags, without leading zeros: what two replies must share to agree. */
export const answerIn = (reply: string): string | undefined => /<answer>0*(\d+)<\/answer>/.exec(reply)?.[1];
