/** Comparisons within one process, in turns, so that whatever else the machine does meets both sides: CartPole against a loop written by hand, all cores against one. */
import { availableParallelism } from "node:os";
import { withRunning } from "./speed.ts";
import { TimedLoop } from "./typed-loop.ts";

export interface CompareOptions {
  readonly num: number;
  readonly rounds: number;
  /** Env steps of a round. */
  readonly steps: number;
}

export interface LoopFigures {
  readonly env: string;
  readonly typed_loop_steps_per_s: number;
  readonly batch_steps_per_s: number;
  readonly typed_loop_ratio: number;
}

/** The share of the loop's rate that the env reaches. */
export async function compareLoop(env: string, { num, rounds, steps }: CompareOptions): Promise<LoopFigures> {
  return await withRunning(env, { num }, async (running) => {
    const loop = new TimedLoop(num);
    for (let round = 0; round < rounds; round++) {
      loop.round(steps);
      await running.round(steps, Infinity);
    }
    return {
      env,
      typed_loop_steps_per_s: Math.round(loop.best),
      batch_steps_per_s: Math.round(running.best),
      typed_loop_ratio: running.best / loop.best,
    };
  });
}

export interface CoresFigures {
  readonly env: string;
  readonly num: number;
  readonly workers: number;
  readonly one_core_steps_per_s: number;
  readonly all_cores_steps_per_s: number;
  readonly all_cores_speedup: number;
}

/** The rate of a batch that all cores share, and of one that one core steps. */
export async function compareCores(env: string, { num, rounds, steps }: CompareOptions): Promise<CoresFigures> {
  const workers = Math.max(2, availableParallelism());
  return await withRunning(env, { num }, (one) =>
    withRunning(env, { num, workers }, async (all) => {
      for (let round = 0; round < rounds; round++) {
        await one.round(steps, Infinity);
        await all.round(steps, Infinity);
      }
      return {
        ...{ env, num, workers },
        one_core_steps_per_s: Math.round(one.best),
        all_cores_steps_per_s: Math.round(all.best),
        all_cores_speedup: all.best / one.best,
      };
    }),
  );
}
