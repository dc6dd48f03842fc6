/** A run of the recipe with one stage: a tiny policy that knows half of the problems that are played by heart, and fails at others. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { demonstrate } from "../../../agents/text/r1/demonstrations.ts";
import { RUN_FILE } from "../../../agents/text/r1/run-file.ts";
import { R1, type NetShape, type R1Settings } from "../../../agents/text/r1/settings.ts";
import { sftStage } from "../../../agents/text/r1/stages.ts";
import type { Env } from "dojang/client";
import { local } from "dojang/client/local";
import { episodeSeed, resolveParams } from "dojang/env";
import { openLab, wire } from "./r1-wire.ts";

/** What the recipe's problems are, as params of math-v0. */
export const PARAMS = {
  tasks: ["addition"],
  minDifficulty: 3,
  maxDifficulty: 3,
  format: "think-answer",
  split: "test",
};
export const SEED = 5;
export const PROBLEMS = 24;

const shape = { width: 32, layers: 1, heads: 2, context: 24, positions: "learned", moe: { experts: 4, active: 2, hidden: 32, shared: 1 } } satisfies NetShape; // prettier-ignore

export const seedOf = (problem: number): number => episodeSeed(SEED, 0, problem);

/** Trains stage 4-sft in `folder`, in about two seconds of processor time. */
export async function makeRun(folder: string): Promise<void> {
  const settings = resolveParams({ id: "r1", params: R1 }, { stopping: 8, heldOut: 24, sampled: 4, samples: 4 }) as R1Settings; // prettier-ignore
  const server = await wire();
  const lab = await openLab(server.client, folder, settings);
  const examples = (await prompts()).slice(0, PROBLEMS / 2).map(demonstrate);
  writeFileSync(join(folder, RUN_FILE), JSON.stringify({ seed: 1, settings }));
  await sftStage(lab, { name: "4-sft", title: "4 SFT", shape, steps: 50, rate: 1e-2, examples });
  await lab.close();
  await server.close();
}

/** Lends an env with as many rows as there are problems. */
export async function withEnv<T>(use: (env: Env) => Promise<T>): Promise<T> {
  const client = local();
  const value = await use(await client.make("math-v0", { num: PROBLEMS, autoreset: "disabled", params: PARAMS }));
  await client.close();
  return value;
}

/** What the problems ask. */
export const prompts = (): Promise<readonly string[]> =>
  withEnv(async (env) => {
    const { observations } = await env.reset({ seeds: Array.from({ length: PROBLEMS }, (_, i) => seedOf(i)) });
    return observations as readonly string[];
  });
