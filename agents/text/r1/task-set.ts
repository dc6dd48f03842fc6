/** What the recipe can be run on: three-digit sums, as the published figures are, or four families of problems mixed. */
import type { JsonValue } from "dojang/protocol";
import type { Example } from "../sft.ts";
import { demonstrateMixed } from "./chains.ts";
import { answerIn, demonstrate } from "./demonstrations.ts";

export const TASK_SETS = ["addition", "mixed"] as const;
export type TaskSetName = (typeof TASK_SETS)[number];

/** Problems that are drawn alike and reported together. */
export interface Family {
  readonly name: string;
  /** Reset options of math-v0 by which its problems are drawn; absent: the env's own params say it all. */
  readonly options?: JsonValue;
}

export interface TaskSet {
  /** Params of math-v0. */
  readonly params: {
    readonly tasks: readonly string[];
    readonly minDifficulty: number;
    readonly maxDifficulty: number;
  };
  /** Problem k is of family k modulo their number. */
  readonly families: readonly Family[];
  /** Training prompts that the vocabulary is made of. */
  readonly vocabulary: number;
  /** Characters that stand in replies and not in prompts. */
  readonly symbols: string;
  /** Tokens of the longest prompt and answer together, and of the longest answer: both tags, the chain, the answer. */
  readonly context: number;
  readonly answerTokens: number;
  /** A worked chain for the cold start, from the prompt alone. */
  demonstrate(prompt: string): Example;
  /** What two replies must share to agree. */
  answerIn(reply: string): string | undefined;
}

const ADDITION: TaskSet = {
  params: { tasks: ["addition"], minDifficulty: 3, maxDifficulty: 3 },
  families: [{ name: "addition" }],
  vocabulary: 8,
  symbols: "",
  context: 24,
  answerTokens: 12,
  demonstrate,
  answerIn,
};

const family = (name: string, task: string, difficulty: number): Family => ({ name, options: { task, difficulty } });

/** The family on which thinking is compared with not thinking. */
export const PRODUCTS = "products";

const MIXED: TaskSet = {
  params: { tasks: ["arithmetic", "fractions", "countdown", "multiplication"], minDifficulty: 1, maxDifficulty: 3 },
  families: [
    family("+ - *", "arithmetic", 1),
    family("fractions", "fractions", 2),
    family("countdown", "countdown", 3),
    family(PRODUCTS, "multiplication", 2),
  ],
  vocabulary: 4_000,
  symbols: "+-*/=:;()",
  context: 40,
  answerTokens: 28,
  demonstrate: demonstrateMixed,
  answerIn: (reply) => /<answer>(.+?)<\/answer>/.exec(reply)?.[1],
};

export const taskSet = (name: TaskSetName): TaskSet => (name === "mixed" ? MIXED : ADDITION);
