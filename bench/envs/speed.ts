/** Steps per second of one env in this process, alone and in a batch, as a user gets them: frames of their own, seeded episodes, episode statistics. */
import { performance } from "node:perf_hooks";
import type { Env } from "dojang/client";
import { local } from "dojang/client/local";
import { Rng } from "dojang/env";
import { sampleBatch, STATUS, type Frame } from "dojang/protocol";

export interface SpeedOptions {
  /** Instances of the batch. */
  readonly num: number;
  /** Measurements; the best counts, for the machine may have other work. */
  readonly rounds: number;
  /** Env steps of a round, about. */
  readonly steps: { readonly single: number; readonly batch: number };
}

export interface EnvSpeed {
  readonly env: string;
  /** One instance, each step awaited. */
  readonly single_steps_per_s: number;
  /** `num` instances a frame. */
  readonly batch_steps_per_s: number;
}

/** Batches of actions drawn beforehand and used in turn. */
const BATCHES = 64;

export async function benchEnv(id: string, { num, rounds, steps }: SpeedOptions): Promise<EnvSpeed> {
  const client = local();
  const best = async (rows: number, count: number): Promise<number> => {
    const env = await client.make(id, { num: rows, seed: 1, autoreset: "same-step" });
    const speed = await stepsPerSecond(env, rounds, Math.ceil(count / rows));
    await env.close();
    return speed;
  };
  try {
    return {
      env: id,
      single_steps_per_s: await best(1, steps.single),
      batch_steps_per_s: await best(num, steps.batch),
    };
  } finally {
    await client.close();
  }
}

/** Transitions per second with random actions: the best of the rounds. Reset rows, refused actions and the drawing of actions are not counted. */
export async function stepsPerSecond(env: Env, rounds: number, frames: number): Promise<number> {
  const draws = new Rng(1);
  const batches = Array.from({ length: BATCHES }, () => sampleBatch(env.spaces.action, env.num, draws));
  const mustBeLegal = await refuses(env, batches);
  let frame = await env.reset();
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    let steps = 0;
    let spent = 0;
    for (let done = 0; done < frames; done++) {
      const actions = mustBeLegal ? legalActions(env, frame, draws) : batches[done % BATCHES];
      const began = performance.now();
      frame = await env.step(actions as never); // sampled from the env's own action space
      spent += performance.now() - began;
      for (const status of frame.status) if (status === STATUS.transition) steps++;
    }
    best = Math.max(best, (1000 * steps) / spent);
  }
  return Math.round(best);
}

/** Does the env refuse actions that its mask forbids? */
async function refuses(env: Env, batches: readonly unknown[]): Promise<boolean> {
  let refused = false;
  await env.reset();
  for (const batch of batches) {
    const { errors = [] } = await env.step(batch as never); // as above
    refused ||= errors.some(({ code }) => code === "BAD_ACTION");
  }
  return refused;
}

function legalActions(env: Env, { mask = new Uint8Array(0) }: Frame, draws: Rng): unknown {
  const flags = mask.slice();
  const width = env.maskWidth;
  // Where an episode is over nothing is legal, and the action is not looked at.
  for (let row = 0; row < env.num; row++)
    if (!flags.subarray(row * width, (row + 1) * width).includes(1)) flags.fill(1, row * width, (row + 1) * width);
  return sampleBatch(env.spaces.action, env.num, draws, flags);
}
