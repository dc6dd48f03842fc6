/** Plays two runners of the same env side by side, one with batch rules and one without, and compares every frame and every state. */
import { deserialize } from "node:v8";
import { sampleBatch } from "../../../protocol/space-values.ts";
import { AUTORESET, type Autoreset, type Frame } from "../../../protocol/frames.ts";
import type { BuiltEnv } from "../built-env.ts";
import { Rng } from "../rng.ts";
import { BatchRunner, type Runner } from "../runner.ts";
import { firstDifference } from "./first-difference.ts";

export interface BatchPlay {
  /** Of the episodes, and of what is done with them. */
  readonly seed: number;
  readonly autoreset: Autoreset;
  /** Instances. */
  readonly num: number;
  /** Frames at most. */
  readonly frames: number;
  /** Overrides the rules' time limit. */
  readonly maxSteps?: number;
  /** A batch of actions for `rows` instances. Absent: random ones of the action space. */
  actions?(rows: number, draws: Rng): unknown;
  /** Options of a reset. Absent: none. */
  options?(draws: Rng): never;
  overdue?(): boolean;
}

/** `same-step, frame 3 (a step): rewards.1: 1, then 2` for the first difference: scalar rules first. */
export async function firstBatchDifference(env: BuiltEnv, play: BatchPlay): Promise<string | undefined> {
  const { batch: _, ...scalar } = env.rules;
  const runner = (rules: typeof scalar): Runner => new BatchRunner({ ...env, rules }, { ...play, byColumnsFrom: 1 });
  return await firstRunnerDifference([runner(scalar), runner(env.rules)], play);
}

/** The same of any two runners that were made with the options of the play. */
export async function firstRunnerDifference(
  runners: readonly [Runner, Runner],
  play: BatchPlay,
): Promise<string | undefined> {
  const pair = new Pair(runners, play);
  for (let frame = 0; frame < play.frames && play.overdue?.() !== true; frame++) {
    const [name, difference] = await pair.advance(frame === 0);
    if (difference !== undefined) return `${play.autoreset}, frame ${frame} (${name}): ${difference}`;
  }
  return undefined;
}

/** A plan of plays over all modes: what `checkEnv` plays. */
export const batchPlays = (seeds: readonly number[], num: number, frames: number): BatchPlay[] =>
  seeds.flatMap((seed) => AUTORESET.map((autoreset) => ({ seed, autoreset, num, frames })));

type Move = (runner: Runner) => unknown;

class Pair {
  readonly #runners: readonly [Runner, Runner];
  readonly #draws: Rng;
  readonly #play: BatchPlay;

  constructor(runners: readonly [Runner, Runner], play: BatchPlay) {
    this.#runners = runners;
    this.#play = play;
    this.#draws = new Rng(play.seed);
  }

  /** Does the same to both; the name of it and the first difference. */
  async advance(first: boolean): Promise<[name: string, difference: string | undefined]> {
    const [name, move] = first ? this.#resetAll() : this.#draw();
    const [scalar, batch] = this.#runners;
    return [name, firstDifference(await outcome(() => move(scalar)), await outcome(() => move(batch)))];
  }

  #draw(): [string, Move] {
    const kind = this.#draws.int(10);
    if (kind < 6) return this.#step(undefined);
    if (kind < 8) return this.#step(this.#some());
    return kind === 8 ? this.#resetSome() : this.#exchange();
  }

  #some(): Uint32Array {
    const rows = Array.from({ length: this.#play.num }, (_, row) => row).filter(() => this.#draws.int(2) === 1);
    return Uint32Array.from(rows);
  }

  #step(index: Uint32Array | undefined): [string, Move] {
    const rows = index?.length ?? this.#play.num;
    const { action } = this.#runners[0].env.rules;
    const actions = this.#play.actions?.(rows, this.#draws) ?? sampleBatch(action, rows, this.#draws);
    const name = index === undefined ? "a step" : `a step of instances ${index.join(", ")}`;
    return [name, (runner) => runner.step(actions, { ...(index && { index }) })];
  }

  #resetAll(): [string, Move] {
    const options = this.#options(this.#play.num);
    return ["the first reset", (runner) => runner.reset({ ...(options && { options }) })];
  }

  #resetSome(): [string, Move] {
    const mask = Uint8Array.from({ length: this.#play.num }, () => this.#draws.int(2));
    const rows = mask.reduce((sum, flag) => sum + flag, 0);
    const seeds = Array.from({ length: rows }, () => this.#draws.int(1_000));
    const options = this.#options(rows);
    const queue = { seeds: seeds.map((seed) => (seed % 3 === 0 ? [seed + 1] : [])) };
    return ["a reset", (runner) => runner.reset({ mask, seeds, queue, ...(options && { options }) })];
  }

  #options(rows: number): never[] | undefined {
    const { options } = this.#play;
    return options && Array.from({ length: rows }, () => options(this.#draws));
  }

  /** Every instance as bytes, from each runner into the other, unless they differ. */
  #exchange(): [string, Move] {
    const taken = new Map(this.#runners.map((runner) => [runner, runner.park()]));
    const [mine, theirs] = this.#runners.map((runner) => taken.get(runner) as Uint8Array) as [Uint8Array, Uint8Array];
    if (firstDifference(rowsOf(mine), rowsOf(theirs)) !== undefined)
      return ["a snapshot", (runner) => rowsOf(taken.get(runner) as Uint8Array)];
    return ["a restore", (runner) => runner.unpark(runner === this.#runners[0] ? theirs : mine)];
  }
}

/** What `park` packed, as plain data: a difference is to be told by the name of its field. */
const rowsOf = (parked: Uint8Array): unknown => (deserialize(parked) as { readonly rows: unknown }).rows;

/** What a call gives or throws, without its times; a copy, for frames alias buffers. */
async function outcome(call: () => unknown): Promise<unknown> {
  try {
    const given = await call();
    if (Array.isArray(given)) return given;
    const { timing: _, ...frame } = given as Frame;
    return structuredClone(frame);
  } catch (error) {
    return { threw: error instanceof Error ? error.message : String(error) };
  }
}
