/** Recorded episodes as a learner takes them: T steps with T + 1 observations, played again where only digests were recorded. */
import { getRow } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import type { BatchOf, NumericArray, Space } from "../../protocol/spaces.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { ObservationRows } from "../env/observation-rows.ts";
import type { RecordedEpisode } from "./episodes.ts";
import { concatArrays, concatBatches } from "./leaves.ts";
import { buildFor, resetFor, stepWith, whyNotReplayable, type BuildEnv } from "./replay.ts";
import { EpisodeVerifier, explainDivergence } from "./verify-episode.ts";

/** One episode, or the stretch of it that was recorded. T steps. */
export interface Lesson {
  readonly spaces: { readonly observation: Space; readonly action: Space };
  /** Number of the instance in its batch. */
  readonly env: number;
  readonly episode: number;
  readonly firstStep: number;
  /** [T + 1] the last one is the successor of the last step */
  readonly observations: BatchOf<Space>;
  /** [T + 1] rows of flags */
  readonly mask?: Uint8Array;
  /** [T] */
  readonly actions: BatchOf<Space>;
  readonly rewards: Float64Array;
  readonly parts?: Readonly<Record<string, Float64Array>>;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly extras?: Readonly<Record<string, NumericArray>>;
}

export interface LessonOptions {
  /** Finds the env for episodes whose observations were not recorded. Without it such episodes cannot be used. */
  readonly build?: BuildEnv;
  /** Told of each episode that cannot be used, and why. Default: the first one ends the stream with an error. */
  readonly onSkip?: (episode: RecordedEpisode, why: string) => void;
}

/** @throws {GymError} BAD_RECORDING or DIVERGED at an episode that cannot be used, unless `onSkip` is given; what `build` throws */
export async function* lessons(
  episodes: AsyncIterable<RecordedEpisode>,
  options: LessonOptions = {},
): AsyncGenerator<Lesson> {
  const { build, onSkip = refuse } = options;
  const players = new Map<RecordedEpisode["info"], Player>();
  for await (const episode of episodes) {
    if (episode.steps === 0) continue;
    if (episode.firstObservation !== undefined && episode.observations !== undefined) {
      yield lessonOf(episode, recorded(episode));
      continue;
    }
    const why = build ? whyNotReplayable(episode) : "it holds digests only, and no env was given to play it again";
    if (why !== undefined || !build) {
      onSkip(episode, why as string);
      continue;
    }
    let player = players.get(episode.info);
    if (!player) players.set(episode.info, (player = new Player(await buildFor(episode.info, build))));
    const seen = await player.play(episode);
    if (typeof seen === "string") onSkip(episode, seen);
    else yield lessonOf(episode, seen);
  }
}

/** [T + 1] each. */
interface Seen {
  readonly observations: unknown;
  readonly mask?: Uint8Array;
}

function recorded(episode: RecordedEpisode): Seen {
  const { info, firstObservation, observations: later, firstMask, masks } = episode;
  const observations = concatBatches(info.observation, [firstObservation, later]);
  return { observations, ...(firstMask && masks && { mask: concatArrays("uint8", [firstMask, masks]) as Uint8Array }) };
}

/** Plays episodes of one env again to see what they showed. */
class Player {
  readonly #env: BuiltEnv;
  readonly #verifier: EpisodeVerifier;

  constructor(env: BuiltEnv) {
    this.#env = env;
    this.#verifier = new EpisodeVerifier(env);
  }

  /** Why it cannot be trusted, where a replay is not what was recorded. */
  async play(episode: RecordedEpisode): Promise<Seen | string> {
    const divergence = await this.#verifier.verify(episode);
    if (divergence) return `its replay diverges: ${explainDivergence(divergence)}`;
    const { steps, info, actions } = episode;
    const rows = new ObservationRows(this.#env.rules, steps + 1, steps + 1);
    rows.begin(steps + 1);
    const { rng, ...begun } = await resetFor(this.#env, episode);
    let { state } = begun;
    rows.write(0, state);
    for (let t = 0; t < steps; t++) {
      ({ state } = await stepWith(this.#env, state, getRow(info.action, actions as never, t), rng));
      rows.write(t + 1, state);
    }
    return rows.read(steps + 1);
  }
}

function lessonOf(episode: RecordedEpisode, { observations, mask }: Seen): Lesson {
  const { info, instance, actions, parts, extras } = episode;
  return {
    spaces: { observation: info.observation, action: info.action },
    env: instance,
    episode: episode.episode,
    firstStep: episode.firstStep,
    // Batches of spaces that are known at run time only.
    observations: observations as BatchOf<Space>,
    ...(mask && { mask }),
    actions: actions as BatchOf<Space>,
    rewards: episode.rewards,
    ...(parts && { parts }),
    terminated: episode.terminated,
    truncated: episode.truncated,
    ...(extras && { extras }),
  };
}

function refuse({ env, instance, episode }: RecordedEpisode, why: string): never {
  throw new GymError(
    "BAD_RECORDING",
    `${env}: episode ${episode} of instance ${instance} cannot be learned from: ${why}`,
  );
}
