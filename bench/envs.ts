/** Steps per second of every env in this process, alone and in batches of 1,024: one JSON line each. `bench/envs.ts [ENV...] [--seconds S] [--num N]` */
import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { local } from "dojang/client/local";
import type { Env } from "dojang/client";
import { Rng } from "dojang/env";
import { sampleBatch, STATUS, type Frame } from "dojang/protocol";

export interface EnvSpeed {
  readonly env: string;
  /** One instance, each step awaited. */
  readonly single_steps_per_s: number;
  /** `num` instances a frame. */
  readonly batch_steps_per_s: number;
}

/** Rounds of a measurement; the best counts, for the machine may have other work. */
const ROUNDS = 5;
/** Batches of actions drawn beforehand and used in turn. */
const BATCHES = 64;

export async function benchEnv(id: string, { num = 1024, seconds = 0.2 } = {}): Promise<EnvSpeed> {
  const client = local();
  try {
    return {
      env: id,
      single_steps_per_s: await speed(await client.make(id, { num: 1, seed: 1 }), seconds),
      batch_steps_per_s: await speed(await client.make(id, { num, seed: 1 }), seconds),
    };
  } finally {
    await client.close();
  }
}

/** Transitions per second with random actions. Reset rows, refused actions and the time of drawing actions are not counted. */
async function speed(env: Env, seconds: number): Promise<number> {
  const draws = new Rng(1);
  const batches = Array.from({ length: BATCHES }, () => sampleBatch(env.spaces.action, env.num, draws));
  const mustBeLegal = await refuses(env, batches);
  let frame = await env.reset();
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let steps = 0;
    let spent = 0;
    while (spent < seconds * 1000) {
      const actions = mustBeLegal ? [legalActions(env, frame, draws)] : batches;
      const began = performance.now();
      for (const batch of actions) {
        frame = await env.step(batch as never);
        for (const status of frame.status) if (status === STATUS.transition) steps++;
      }
      spent += performance.now() - began;
    }
    best = Math.max(best, (1000 * steps) / spent);
  }
  await env.close();
  return Math.round(best);
}

/** Does the env refuse actions that its mask forbids? */
async function refuses(env: Env, batches: readonly unknown[]): Promise<boolean> {
  let refused = false;
  await env.reset();
  for (const batch of batches) {
    const { errors = [] } = await env.step(batch as never);
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

/** Each env in a process of its own: code that has run other envs is compiled for all of them. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: "string", default: "0.2" }, num: { type: "string", default: "1024" } },
  });
  const client = local();
  const ids = positionals.length > 0 ? positionals : (await client.envs()).map(({ id }) => id);
  await client.close();
  const [id] = ids;
  if (ids.length === 1 && id !== undefined) {
    const speed = await benchEnv(id, { num: Number(values.num), seconds: Number(values.seconds) });
    console.log(JSON.stringify(speed));
    return;
  }
  const script = fileURLToPath(import.meta.url);
  for (const one of ids) {
    const args = [...process.execArgv, script, one, "--seconds", values.seconds, "--num", values.num];
    execFileSync(process.execPath, args, { stdio: "inherit" });
  }
}

if (import.meta.main) await main();
