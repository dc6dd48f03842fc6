/** Plays a game that was drawn before, in Node or in a browser: frames of any two clients are compared as plain data. No Node imports here. */
import type { Frame } from "../../protocol/frames.ts";
import { getRow } from "../../protocol/batch.ts";
import type { BatchOf, Space } from "../../protocol/spaces.ts";
import { connect, type Env } from "../../src/client/index.ts";

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

const MODES: Readonly<Record<string, "next-step" | "same-step" | "disabled">> = {
  NextStep: "next-step",
  SameStep: "same-step",
  Disabled: "disabled",
};

/** Every frame of the game as plain data: what test/python/play.py prints too. @param token for servers that need one */
export async function playGame(game: Game, token?: string): Promise<object[]> {
  const { url, env: id, num, mode, make, seeds, actions } = game;
  const client = connect(url, token === undefined ? {} : { token });
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
