/** Recorded episodes as a stream of transitions: the same learners learn from files. */
import type { EnvSpaces } from "dojang/client";
import { GymError, takeRows, batchLength, type BatchOf, type Space } from "dojang/protocol";
import type { Observable } from "rxjs";
import { pulled } from "./pulled.ts";
import { takeColumn, takeTransitions, type Columns, type Transitions } from "./transitions.ts";

/** One recorded episode, or a stretch of one, of one instance. T steps, T+1 observations. */
export interface RecordedEpisode {
  readonly spaces: EnvSpaces;
  readonly env: number;
  readonly episode: number;
  /** Step within the episode of the first row. Default 0. */
  readonly firstStep?: number;
  /** [T + 1] the last one is the successor of the last step */
  readonly observations: BatchOf<Space>;
  /** [T + 1] rows of flags */
  readonly mask?: Uint8Array;
  readonly actions: BatchOf<Space>;
  /** [T] */
  readonly rewards: Float64Array;
  readonly parts?: Columns<Float64Array>;
  /** How the last step ended the episode; both false where it does not. */
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly extras?: Columns;
}

export interface FromEpisodesOptions {
  /** Rows in a batch, at most. Default 1,024. */
  readonly rows?: number;
  /** See `rollout`. */
  readonly maxLag?: number;
}

/** Batches hold consecutive steps of one episode. Pull-driven: the next episode is read when the learner has settled the last batch. */
export const fromEpisodes = (
  episodes: AsyncIterable<RecordedEpisode>,
  { rows = 1_024, maxLag = 0 }: FromEpisodesOptions = {},
): Observable<Transitions> => pulled(() => batchesOf(episodes, rows), { maxLag });

async function* batchesOf(episodes: AsyncIterable<RecordedEpisode>, rows: number): AsyncGenerator<Transitions> {
  for await (const episode of episodes) yield* cut(transitionsOf(episode), rows);
}

/** Batches of `rows` rows, the last one what is left. @param from first row that is wanted */
export function* cut(whole: Transitions, rows: number, from = 0): Generator<Transitions> {
  for (let at = from; at < whole.length; at += rows)
    yield takeTransitions(whole, range(at, Math.min(at + rows, whole.length)));
}

/** @throws {GymError} BAD_RECORDING when the columns do not have the same number of steps */
export function transitionsOf(episode: RecordedEpisode): Transitions {
  const { spaces, rewards, parts, mask, observations, firstStep = 0 } = episode;
  const steps = rewards.length;
  checkLengths(episode);
  const now = range(0, steps);
  const later = range(1, steps + 1);
  const last = (flag: boolean): Uint8Array => Uint8Array.from(now, (i) => (flag && i === steps - 1 ? 1 : 0));
  const flags = (at: Uint32Array): Uint8Array => takeColumn(mask as Uint8Array, steps + 1, at);
  return {
    spaces,
    source: "recording",
    length: steps,
    env: new Uint32Array(steps).fill(episode.env),
    episode: new Float64Array(steps).fill(episode.episode),
    t: Int32Array.from(now, (i) => firstStep + i),
    obs: takeRows(spaces.observation, observations, now),
    action: episode.actions,
    reward: rewards,
    ...(parts && { parts }),
    terminated: last(episode.terminated),
    truncated: last(episode.truncated),
    next: takeRows(spaces.observation, observations, later),
    ...(mask && { mask: flags(now), nextMask: flags(later) }),
    // Where the recording begins in mid-episode, what came before is not known: that is a cut, too.
    first: Uint8Array.from(now, (i) => (i === 0 ? 1 : 0)),
    extras: episode.extras ?? {},
    lag: 0,
    faults: [],
    settle: () => undefined,
  };
}

function checkLengths({ spaces, env, episode, rewards, observations, actions }: RecordedEpisode): void {
  const steps = rewards.length;
  const lengths = [batchLength(spaces.observation, observations), batchLength(spaces.action, actions)];
  if (lengths[0] === steps + 1 && lengths[1] === steps) return;
  throw new GymError("BAD_RECORDING", `episode ${episode} of instance ${env}`, {
    expected: `${steps + 1} observations and ${steps} actions for ${steps} rewards`,
    received: lengths,
  });
}

const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i);
