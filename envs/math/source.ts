/** Where an episode's problem comes from: generated, or a row of a table; and which part of all problems is played. */
import { createHash } from "node:crypto";
import type { Rng } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { MAX_DIFFICULTY, MAX_ITEM, problemOf, type Problem, type Task } from "./tasks/task.ts";

export const SPLITS = ["all", "train", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** What a reset may ask for; what it leaves out is drawn. */
export interface Asked {
  readonly item?: number;
  readonly task?: string;
  readonly difficulty?: number;
}

export interface Source {
  /** @throws {GymError} BAD_OPTIONS when there is no such problem in the split */
  problem(rng: Rng, asked: Asked): Problem;
}

/** Draws until a problem of the split is found. One in ten is a test problem. */
const MAX_DRAWS = 1_000;

/** Is the problem in the split? By its question alone, so that no test question is ever a training question, whatever its number. */
export function isIn(split: Split, { question }: Problem): boolean {
  if (split === "all") return true;
  const isTest = createHash("sha256").update(question).digest().readUInt32BE(0) % 10 === 0;
  return isTest === (split === "test");
}

export interface Generated {
  readonly tasks: readonly Task[];
  readonly minDifficulty: number;
  readonly maxDifficulty: number;
  readonly seed: number;
  readonly split: Split;
}

/** Problems without end: item, task and difficulty are drawn where they are not asked for. */
export function generated({ tasks, minDifficulty, maxDifficulty, seed, split }: Generated): Source {
  return {
    problem(rng, asked) {
      const asksTask = tasks.filter(({ name }) => name === asked.task);
      if (asked.task !== undefined && asksTask.length === 0)
        throw badOption("task", `one of ${tasks.map(({ name }) => name).join(", ")}`, asked.task);
      for (let draw = 0; draw < MAX_DRAWS; draw++) {
        const task = rng.choice(asked.task === undefined ? tasks : asksTask);
        const difficulty = asked.difficulty ?? minDifficulty + rng.int(maxDifficulty - minDifficulty + 1);
        const problem = problemOf(task, seed, asked.item ?? drawItem(rng), difficulty);
        if (isIn(split, problem)) return problem;
        if (asked.item !== undefined) throw notInSplit(split, asked.item);
      }
      throw new GymError("BAD_PARAM", "math-v0: param split", {
        expected: `a ${split} problem among ${MAX_DRAWS} drawn`,
        hint: "So few problems exist at this difficulty: raise it, or use split all.",
      });
    },
  };
}

const drawItem = (rng: Rng): number => Math.floor(rng.uniform() * MAX_ITEM);

/** Rows of a table that are in the split, numbered from 0. */
export function table(problems: readonly Problem[], split: Split): Source {
  const chosen = problems.filter((problem) => isIn(split, problem));
  if (chosen.length === 0)
    throw new GymError("BAD_PARAM", "math-v0: param split", { expected: "at least one problem", received: split });
  return {
    problem(rng, { item, task, difficulty }) {
      if (difficulty !== undefined) throw badOption("difficulty", "none: a table has no difficulties", difficulty);
      const from = task === undefined ? chosen : chosen.filter((problem) => problem.task === task);
      if (from.length === 0) throw badOption("task", "a family of the table", task);
      const problem = from[item ?? rng.int(from.length)];
      if (problem !== undefined) return problem;
      throw badOption("item", `0 .. ${from.length - 1}`, item);
    },
  };
}

/** Reads the options of a reset. @throws {GymError} BAD_OPTIONS naming the option that is wrong */
export function readAsked(options: JsonValue | undefined): Asked {
  if (options === undefined || options === null) return {};
  if (typeof options !== "object" || Array.isArray(options)) throw badOption("", "an object", options);
  const { item, task, difficulty, ...rest } = options as Readonly<Record<string, JsonValue>>;
  const [stray] = Object.keys(rest);
  if (stray !== undefined) throw badOption(stray, "item, task or difficulty", rest[stray]);
  return {
    ...(item !== undefined && { item: integer("item", item, 0, MAX_ITEM - 1) }),
    ...(difficulty !== undefined && { difficulty: integer("difficulty", difficulty, 1, MAX_DIFFICULTY) }),
    ...(task !== undefined && { task: name(task) }),
  };
}

function integer(what: string, value: JsonValue, low: number, high: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
  throw badOption(what, `an integer in ${low} .. ${high}`, value);
}

function name(value: JsonValue): string {
  if (typeof value === "string") return value;
  throw badOption("task", "a name", value);
}

const notInSplit = (split: Split, item: number): GymError => badOption("item", `an item of the ${split} split`, item);

const badOption = (option: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_OPTIONS", `math-v0: reset option ${option}`, { expected, received });
