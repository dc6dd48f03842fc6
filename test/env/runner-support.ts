/** Small environments with exact numbers, and runners of them. */
import { discrete, rules, type AnyRules, type Rules } from "../../src/env/index.ts";
import type { Frame } from "../../protocol/frames.ts";
import type { Discrete, Space } from "../../protocol/spaces.ts";
import type { BuiltEnv } from "../../src/env/built-env.ts";
import { BatchRunner, type RunnerOptions, type RunnerReset, type RunnerStep } from "../../src/env/runner.ts";

/** Rules of any state and spaces: what `defineEnv` takes from `build`. */
interface SomeRules {
  readonly action: Space;
  readonly observation: Space;
}

/** Rules as a registry hands them to a runner. */
export function built(of: SomeRules, more: Partial<BuiltEnv> = {}): BuiltEnv {
  const base = { id: "Test-v0", version: "1", params: {}, secret: false, deterministic: true };
  return { ...base, ...more, rules: of as AnyRules }; // erased, as the registry erases them
}

/** A runner that is not reset yet. Default: one instance, seed 1, next-step. */
export function lateRunnerOf(
  of: SomeRules,
  options: Partial<RunnerOptions> = {},
  more: Partial<BuiltEnv> = {},
): BatchRunner {
  return new BatchRunner(built(of, more), { num: 1, seed: 1, autoreset: "next-step", ...options });
}

/** The same for synchronous rules without an observer: frames come at once. */
export function runnerOf(...args: Parameters<typeof lateRunnerOf>) {
  const runner = lateRunnerOf(...args);
  return {
    reset: (request?: RunnerReset) => now(runner.reset(request)),
    step: (actions: unknown, request?: RunnerStep) => now(runner.step(actions, request)),
    restore: (snapshots: readonly Uint8Array[], rows?: readonly number[]) => now(runner.restore(snapshots, rows)),
    snapshot: (rows?: readonly number[]) => runner.snapshot(rows),
    render: (rows?: readonly number[]) => runner.render(rows),
  };
}

function now(frame: Frame | Promise<Frame>): Frame {
  if (frame instanceof Promise) throw new Error("expected a frame at once");
  return frame;
}

export const ints = (...values: number[]): Int32Array => Int32Array.from(values);

export interface Count {
  n: number;
  bad?: boolean;
}
type Counter = Rules<Count, Discrete, Discrete, Discrete>;

/** Counts its steps: the observation and the reward of step n are n. Action 1 ends the episode, action 2 throws, 3 makes observe throw. */
export const counter = (more: Partial<Counter> = {}): Counter =>
  rules<Count, Discrete, Discrete, Discrete>({
    action: discrete(4),
    observation: discrete(100),
    reset: () => ({ n: 0 }),
    step(state, action) {
      state.n++;
      if (action === 2) throw new Error("the wheel fell off");
      if (action === 3) state.bad = true;
      return { state, reward: state.n, terminated: action === 1 };
    },
    observe({ n, bad }) {
      if (bad) throw new TypeError("nothing to see");
      return n;
    },
    ...more,
  });

/** A line for each row: "0: obs 3 reward 3" with T for terminated and t for truncated. */
export function lines(frame: Frame): string[] {
  const observations = frame.observations as unknown as ArrayLike<unknown>;
  return Array.from(frame.status, (status, i) => {
    const flags = (frame.terminated[i] ? " T" : "") + (frame.truncated[i] ? " t" : "");
    return `${status}: obs ${String(observations[i])} reward ${frame.rewards[i]}${flags}`;
  });
}

/** Finished episodes as [place, return, length]. */
export const ends = ({ episode }: Frame): number[][] =>
  Array.from(episode?.index ?? [], (place, k) => [place, episode?.return[k] as number, episode?.length[k] as number]);

/** Begun episodes as [place, episode, seed]. */
export const starts = ({ seeds }: Frame): number[][] =>
  Array.from(seeds?.index ?? [], (place, k) => [place, seeds?.episode[k] as number, seeds?.seed[k] as number]);

/** Codes of the failed rows by place. */
export const codes = (frame: Frame): Record<number, string> =>
  Object.fromEntries((frame.errors ?? []).map(({ index, code }) => [index, code]));
