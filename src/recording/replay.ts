/** Plays a recorded episode again, by its seed, options and actions, with rules that the caller found: a file never says which code to load. */
import { getRow } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import { sameSpace } from "../../protocol/space-json.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { Rng } from "../env/rng.ts";
import type { RgbFrame, Transition } from "../env/rules.ts";
import type { RecordedEpisode } from "./episodes.ts";
import type { RecordingInfo } from "./format.ts";

/** Finds and builds an env, as `Registry.build` does. */
export type BuildEnv = (id: string, params: Readonly<Record<string, JsonValue>>) => BuiltEnv | Promise<BuiltEnv>;

/** One moment of a replay. */
export interface ReplayFrame {
  /** Steps taken so far; 0 right after the reset. */
  readonly step: number;
  /** What led here; absent after the reset. */
  readonly action?: unknown;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** What the env shows; absent where it has no rendering. */
  readonly picture?: string | RgbFrame;
}

const context = { signal: new AbortController().signal };

/** Begins the episode. */
export async function resetFor(env: BuiltEnv, episode: RecordedEpisode): Promise<{ state: unknown; rng: Rng }> {
  const rng = new Rng(episode.seed);
  return { state: await env.rules.reset(rng, episode.options), rng };
}

/** Takes one step; a promise where the rules give one. */
export const stepWith = (
  env: BuiltEnv,
  state: unknown,
  action: unknown,
  rng: Rng,
): Transition<unknown> | Promise<Transition<unknown>> => env.rules.step(state, action, rng, context);

/** Why an episode cannot be played again; undefined where it can. */
export function whyNotReplayable(episode: RecordedEpisode): string | undefined {
  if (!episode.restored && episode.firstStep === 0) return undefined;
  return `it was put back from a snapshot after ${episode.firstStep} steps, and recordings hold no states: only its observations and rewards can be read`;
}

/** Builds the env of a recording and checks that the recorded columns fit it. @throws {GymError} what `build` throws; DIVERGED */
export async function buildFor(info: RecordingInfo, build: BuildEnv): Promise<BuiltEnv> {
  const env = await build(info.env, info.params);
  for (const name of ["action", "observation"] as const) {
    if (sameSpace(info[name], env.rules[name])) continue;
    throw new GymError("DIVERGED", `${info.env}: ${name} space`, {
      expected: `that of plugin version ${info.version}`,
      received: `another one in version ${env.version}`,
      hint: "Replay with the plugin version that was recorded.",
    });
  }
  return env;
}

/** The moments of an episode, the reset first. @throws {GymError} BAD_RECORDING when it cannot be played again; what the plugin throws */
export async function* replayEpisode(env: BuiltEnv, episode: RecordedEpisode): AsyncGenerator<ReplayFrame> {
  const why = whyNotReplayable(episode);
  if (why !== undefined)
    throw new GymError("BAD_RECORDING", `episode ${episode.episode} of instance ${episode.instance}: ${why}`);
  const { rng, ...begun } = await resetFor(env, episode);
  let { state } = begun;
  yield { step: 0, reward: 0, terminated: false, truncated: false, ...show(env, state) };
  const { maxSteps, action: space } = episode.info;
  for (let t = 0; t < episode.steps; t++) {
    const action: unknown = getRow(space, episode.actions as never, t);
    const { state: after, reward, terminated } = await stepWith(env, state, action, rng);
    state = after;
    const truncated = maxSteps > 0 && t + 1 >= maxSteps;
    yield { step: t + 1, action, reward, terminated, truncated, ...show(env, state) };
  }
}

const show = ({ rules }: BuiltEnv, state: unknown): { picture?: string | RgbFrame } =>
  rules.render ? { picture: rules.render(state) } : {};
