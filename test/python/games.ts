/** Games that both clients play: seeds and actions are drawn once, frames are compared as plain data. */
import type { Frame } from "../../protocol/frames.ts";
import { getRow } from "../../protocol/batch.ts";
import type { BatchOf, Space } from "../../protocol/spaces.ts";
import { connect, type Env } from "../../src/client/index.ts";
import { Rng } from "../../src/env/index.ts";

export interface Game {
  readonly url: string;
  readonly env: string;
  readonly num: number;
  /** As Gymnasium names it. */
  readonly mode: string;
  readonly make: { readonly seed: number; readonly maxSteps: number };
  readonly seeds: readonly number[];
  readonly actions: readonly (readonly number[])[];
}

const NUM = 5;
const MODES: Readonly<Record<string, "next-step" | "same-step" | "disabled">> = {
  NextStep: "next-step",
  SameStep: "same-step",
  Disabled: "disabled",
};
const ACTIONS: Readonly<Record<string, number>> = {
  "FrozenLake-v1": 4,
  "Taxi-v4": 6,
  "CartPole-v1": 2,
  "Blackjack-v1": 2,
};

export function drawGame(env: string, mode: string, steps = 80): Game {
  const rng = new Rng(steps);
  const actions = Array.from({ length: steps }, () => Array.from({ length: NUM }, () => rng.int(ACTIONS[env]!)));
  const seeds = Array.from({ length: NUM }, (_, i) => (i === 0 ? Number.MAX_SAFE_INTEGER : rng.int(1_000_000)));
  return { url: "", env, num: NUM, mode, make: { seed: 11, maxSteps: 20 }, seeds, actions };
}

/** What test/python/play.py prints, by the TypeScript client. */
export async function playGame({ url, env: id, num, mode, make, seeds, actions }: Game): Promise<object[]> {
  const client = connect(url);
  try {
    const env = await client.make(id, { num, autoreset: MODES[mode]!, ...make });
    const frames = [plainFrame(env, await env.reset({ seeds }))];
    for (const batch of actions) {
      const frame = await env.step(Int32Array.from(batch));
      frames.push(plainFrame(env, frame));
      const ended = frame.terminated.map((flag, i) => flag | frame.truncated[i]!);
      if (mode === "Disabled" && ended.includes(1)) frames.push(plainFrame(env, await env.reset({ mask: ended })));
    }
    return frames;
  } finally {
    await client.close();
  }
}

function plainFrame(env: Env, frame: Frame): object {
  const { mask, seeds, episode, final } = frame;
  return {
    status: plain(frame.status),
    observations: plain(frame.observations),
    rewards: plain(frame.rewards),
    terminated: plain(frame.terminated),
    truncated: plain(frame.truncated),
    ...(mask && { action_mask: plain(mask) }),
    ...(seeds && { seed: plain(seeds.seed), episode_number: plain(seeds.episode) }),
    ...(episode && { episode_return: plain(episode.return), episode_length: plain(episode.length) }),
    ...(final && { final_obs: rowsOf(env.spaces.observation, final.observations, final.index.length) }),
    ...(final?.mask && { final_mask: plain(final.mask) }),
  };
}

const rowsOf = (space: Space, batch: BatchOf<Space>, rows: number): unknown[] =>
  Array.from({ length: rows }, (_, i) => plain(getRow(space, batch, i)));

/** Typed arrays as lists, down to numbers. */
const plain = (value: unknown): unknown =>
  typeof value === "number" ? value : Array.from(value as Iterable<unknown>, plain);
