/** Steps per second of envs in this process, as a user gets them: frames of their own, seeded episodes, episode statistics, fresh actions. */
import { performance } from "node:perf_hooks";
import type { Env, MakeOptions } from "dojang/client";
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
  /** Milliseconds after which a round ends early, whatever its steps. */
  readonly roundMs: number;
  /** Milliseconds after which there are no more rounds: some envs take long. */
  readonly totalMs: number;
}

export interface EnvSpeed {
  readonly env: string;
  /** One instance, each step awaited. */
  readonly single_steps_per_s: number;
  /** `num` instances a frame. */
  readonly batch_steps_per_s: number;
}

export async function benchEnv(id: string, { num, rounds, steps, roundMs, totalMs }: SpeedOptions): Promise<EnvSpeed> {
  const best = (rows: number, count: number): Promise<number> =>
    withRunning(id, { num: rows }, async (running) => {
      const end = performance.now() + totalMs;
      for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++)
        await running.round(count, roundMs);
      return Math.round(running.best);
    });
  return {
    env: id,
    single_steps_per_s: await best(1, steps.single),
    batch_steps_per_s: await best(num, steps.batch),
  };
}

/** Makes an env with same-step autoreset, uses it, closes it. */
export async function withRunning<T>(
  id: string,
  options: MakeOptions,
  use: (running: Running) => Promise<T>,
): Promise<T> {
  const client = local();
  try {
    return await use(await Running.start(await client.make(id, { seed: 1, autoreset: "same-step", ...options })));
  } finally {
    await client.close();
  }
}

/** Frames between two looks at the clock, for an env so small that a look costs as much as its step. */
const FEW_ROWS = { below: 32, frames: 64 };

/** Milliseconds of drawing above which actions are used again: long texts take longer to make up than to answer. */
const SLOW_DRAW_MS = 5;

/** An env under way, stepped with random actions. */
export class Running {
  /** Transitions a second of the best round: reset rows, refused actions and the drawing of actions are not counted. */
  best = 0;
  readonly #env: Env;
  readonly #draws = new Rng(1);
  readonly #mustBeLegal: boolean;
  #frame: Frame;
  /** Actions that took long to draw. */
  #slow: unknown[] | undefined;

  private constructor(env: Env, frame: Frame, mustBeLegal: boolean) {
    this.#env = env;
    this.#frame = frame;
    this.#mustBeLegal = mustBeLegal;
  }

  static async start(env: Env): Promise<Running> {
    const mustBeLegal = await refuses(env);
    return new Running(env, await env.reset(), mustBeLegal);
  }

  /** About `steps` steps, or as many as there is time for. */
  async round(steps: number, ms: number): Promise<void> {
    const end = performance.now() + ms;
    let done = 0;
    let spent = 0;
    do {
      const batches = this.#drawSome();
      const began = performance.now();
      for (const actions of batches) done += await this.#step(actions);
      spent += performance.now() - began;
    } while (done < steps && performance.now() < end);
    this.best = Math.max(this.best, (1000 * done) / spent);
  }

  async #step(actions: unknown): Promise<number> {
    this.#frame = await this.#env.step(actions as never); // drawn from the env's own action space
    const { status } = this.#frame;
    let transitions = 0;
    for (let row = 0; row < status.length; row++) if (status[row] === STATUS.transition) transitions++;
    return transitions;
  }

  #drawSome(): unknown[] {
    const { num, spaces } = this.#env;
    if (this.#mustBeLegal) return [legalActions(this.#env, this.#frame, this.#draws)];
    if (this.#slow !== undefined) return this.#slow;
    const frames = num < FEW_ROWS.below ? FEW_ROWS.frames : 1;
    const began = performance.now();
    const batches = Array.from({ length: frames }, () => sampleBatch(spaces.action, num, this.#draws));
    if (performance.now() - began > SLOW_DRAW_MS && spaces.action.kind !== "discrete") this.#slow = batches;
    return batches;
  }
}

/** Does the env refuse actions that its mask forbids? */
async function refuses(env: Env): Promise<boolean> {
  const draws = new Rng(2);
  let refused = false;
  await env.reset();
  for (let k = 0; k < 20 && env.maskWidth > 0; k++) {
    const { errors = [] } = await env.step(sampleBatch(env.spaces.action, env.num, draws)); // as above
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
