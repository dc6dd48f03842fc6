/** The problems of the recipe: sums of two three-digit numbers from math-v0, parted so that nothing that is learnt from is ever measured on. */
import type { Client, Env } from "dojang/client";
import { episodeSeed } from "dojang/env";
import { seedFor } from "../../shared/rng.ts";

const PARAMS = { tasks: ["addition"], minDifficulty: 3, maxDifficulty: 3, format: "think-answer" };

/** An accuracy reward, and a small one for the form. */
const WEIGHTS = { accuracy: 1, format: 0.1 };

/** Of the held-out problems: the same in every run, whatever its seed. */
const HELD_OUT = 20_260_101;

/** @param split the env parts problems by their question: one in ten is a test problem and never a training one */
export const makeEnv = (client: Client, split: "train" | "test", num: number): Promise<Env> =>
  client.make("math-v0", { num, autoreset: "disabled", params: { ...PARAMS, weights: WEIGHTS, split } });

/** Seeds of training problems: a stream of its own for each purpose. */
export function trainingSeeds(seed: number, purpose: string): (problem: number) => number {
  const own = seedFor(seed, purpose);
  return (problem) => episodeSeed(own, 0, problem);
}

/** The first prompts of a stream of seeds. */
export async function promptsOf(env: Env, count: number, seedOf: (problem: number) => number): Promise<string[]> {
  const prompts: string[] = [];
  while (prompts.length < count) {
    const seeds = Array.from({ length: env.num }, (_, i) => seedOf(prompts.length + i));
    const { observations } = await env.reset({ seeds });
    // The env's observations are texts, as the catalogue says.
    prompts.push(...(observations as readonly string[]));
  }
  return prompts.slice(0, count);
}

/** Seeds of two sets of test problems, all different: one to stop by, one for nothing but the final figures. */
export interface HeldOut {
  readonly stopping: readonly number[];
  readonly final: readonly number[];
}

/** @param env of the split "test" */
export async function heldOut(env: Env, stopping: number, final: number): Promise<HeldOut> {
  const seedOf = (problem: number): number => episodeSeed(HELD_OUT, 0, problem);
  const seen = new Map<string, number>();
  for (let from = 0; seen.size < stopping + final; from += env.num) {
    const prompts = await promptsOf(env, env.num, (problem) => seedOf(from + problem));
    for (const [i, prompt] of prompts.entries()) if (!seen.has(prompt)) seen.set(prompt, seedOf(from + i));
  }
  const seeds = [...seen.values()];
  return { stopping: seeds.slice(0, stopping), final: seeds.slice(stopping, stopping + final) };
}
