/** The problems of the recipe, from math-v0, parted so that nothing that is learnt from is ever measured on. */
import type { Client, Env } from "dojang/client";
import { episodeSeed } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { seedFor } from "../../shared/rng.ts";
import { taskSet, type Family, type TaskSet } from "./task-set.ts";

/** An accuracy reward, and a small one for the form. */
const WEIGHTS = { accuracy: 1, format: 0.1 };

/** Of the held-out problems: the same in every run, whatever its seed. */
const HELD_OUT = 20_260_101;

/** Problems in a row that have all been asked before, from which on a family is held to have no others. */
const GIVE_UP = 5_000;

/** One problem: what a reset asks for, and whose figures it counts in. */
export interface Problem {
  readonly seed: number;
  readonly family: Family;
}

/** Problem k of a stream without end. */
export type Problems = (index: number) => Problem;

/** @param split the env parts problems by their question: one in ten is a test problem and never a training one */
export const makeEnv = (
  client: Client,
  split: "train" | "test",
  num: number,
  { params }: TaskSet = taskSet("addition"),
): Promise<Env> =>
  client.make("math-v0", { num, autoreset: "disabled", params: { ...params, format: "think-answer", weights: WEIGHTS, split } }); // prettier-ignore

/** Seeds of training problems: a stream of its own for each purpose. */
export function trainingSeeds(seed: number, purpose: string): (problem: number) => number {
  const own = seedFor(seed, purpose);
  return (problem) => episodeSeed(own, 0, problem);
}

/** Problems with these seeds, the families of a set in turn. */
export const problemsOf =
  (families: readonly Family[], seedOf: (problem: number) => number): Problems =>
  (index) => ({ seed: seedOf(index), family: families[index % families.length] as Family });

/** How a rollout asks for such problems. */
export function askedBy(families: readonly Family[], problems: Problems) {
  const seedOf = (index: number): number => problems(index).seed;
  if (families.every(({ options }) => options === undefined)) return { seedOf };
  return { seedOf, optionsOf: (index: number): JsonValue => problems(index).family.options ?? null };
}

interface Asked {
  readonly seedOf: (problem: number) => number;
  readonly optionsOf?: (problem: number) => JsonValue;
}

/** The first prompts of a stream of problems. */
export async function promptsOf(env: Env, count: number, { seedOf, optionsOf }: Asked): Promise<string[]> {
  const prompts: string[] = [];
  while (prompts.length < count) {
    const ofRows = <T>(of: (problem: number) => T): T[] =>
      Array.from({ length: env.num }, (_, i) => of(prompts.length + i));
    const asked = { seeds: ofRows(seedOf), ...(optionsOf && { options: ofRows(optionsOf) }) };
    const { observations } = await env.reset(asked);
    // The env's observations are texts, as the catalogue says.
    prompts.push(...(observations as readonly string[]));
  }
  return prompts.slice(0, count);
}

/** Sets of test problems, all different: one to stop by, one to choose settings by, one for nothing but the final figures. In each, the families take turns. */
interface Sets<T> {
  readonly stopping: T;
  readonly tuning: T;
  readonly final: T;
}

export type HeldOut = Sets<readonly Problem[]>;

/** @param env of the split "test" */
export async function heldOut(
  env: Env,
  { stopping, tuning, final }: Sets<number>,
  families = taskSet("addition").families,
): Promise<HeldOut> {
  const each = Math.ceil((stopping + tuning + final) / families.length);
  const seen = new Set<string>();
  const found: Problem[][] = [];
  for (const family of families) {
    const problems = problemsOf([family], (index) => episodeSeed(HELD_OUT, 0, index));
    found.push(await differentOf(env, each, problems, seen));
  }
  const all = Array.from({ length: each }, (_, i) => found.flatMap((own) => own.slice(i, i + 1))).flat();
  const next = (count: number): Problem[] => all.splice(0, count);
  return { stopping: next(stopping), tuning: next(tuning), final: next(final) };
}

const tooFew = ({ name }: Family, expected: number, received: number): GymError =>
  new GymError("BAD_PARAM", `r1: held-out problems of ${name}`, {
    expected: `${expected} different ones`,
    received,
    hint: "Lower stopping, tuning or heldOut.",
  });

/** The first so many of a family's problems that ask what nobody in `seen` has asked. @throws {GymError} BAD_PARAM where the family has fewer */
async function differentOf(env: Env, count: number, problems: Problems, seen: Set<string>): Promise<Problem[]> {
  const found: Problem[] = [];
  let barren = 0;
  for (let from = 0; found.length < count; from += env.num) {
    const before = found.length;
    const asked = askedBy([problems(0).family], (index) => problems(from + index));
    for (const [i, prompt] of (await promptsOf(env, env.num, asked)).entries())
      if (!seen.has(prompt)) {
        seen.add(prompt);
        found.push(problems(from + i));
      }
    barren = found.length > before ? 0 : barren + env.num;
    if (barren > GIVE_UP) throw tooFew(problems(0).family, count, found.length);
  }
  return found.slice(0, count);
}
