/** The problems of the recipe, from math-v0, parted so that nothing that is learnt from is ever measured on. */
import type { Client, Env } from "dojang/client";
import { episodeSeed } from "dojang/env";
import type { JsonValue } from "dojang/protocol";
import { seedFor } from "../../shared/rng.ts";
import { taskSet, type Family, type TaskSet } from "./task-set.ts";

/** An accuracy reward, and a small one for the form. */
const WEIGHTS = { accuracy: 1, format: 0.1 };

/** Of the held-out problems: the same in every run, whatever its seed. */
const HELD_OUT = 20_260_101;

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

/** Two sets of test problems, all different: one to stop by, one for nothing but the final figures. In both, the families take turns. */
export interface HeldOut {
  readonly stopping: readonly Problem[];
  readonly final: readonly Problem[];
}

/** @param env of the split "test" */
export async function heldOut(
  env: Env,
  stopping: number,
  final: number,
  families = taskSet("addition").families,
): Promise<HeldOut> {
  const each = Math.ceil((stopping + final) / families.length);
  const seen = new Set<string>();
  const found: Problem[][] = [];
  for (const family of families) {
    const problems = problemsOf([family], (index) => episodeSeed(HELD_OUT, 0, index));
    found.push(await differentOf(env, each, problems, seen));
  }
  const all = Array.from({ length: each }, (_, i) => found.flatMap((own) => own.slice(i, i + 1))).flat();
  return { stopping: all.slice(0, stopping), final: all.slice(stopping, stopping + final) };
}

/** The first so many of a family's problems that ask what nobody in `seen` has asked. */
async function differentOf(env: Env, count: number, problems: Problems, seen: Set<string>): Promise<Problem[]> {
  const found: Problem[] = [];
  for (let from = 0; found.length < count; from += env.num) {
    const asked = askedBy([problems(0).family], (index) => problems(from + index));
    for (const [i, prompt] of (await promptsOf(env, env.num, asked)).entries())
      if (!seen.has(prompt)) {
        seen.add(prompt);
        found.push(problems(from + i));
      }
  }
  return found.slice(0, count);
}
