/** Steps a recorded episode of an env whose verdicts depend on time again, and counts what comes out differently. */
import { getRow } from "../../protocol/batch.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import type { RecordedEpisode } from "./episodes.ts";
import { resetFor, stepWith } from "./replay.ts";

export interface Rescored {
  /** Steps taken again. */
  steps: number;
  /** Rewards or ends that came out differently; the rest of such an episode is not compared. */
  changed: number;
}

/** Adds to `total`. A step that fails counts as changed. */
export async function rescore(env: BuiltEnv, episode: RecordedEpisode, total: Rescored): Promise<void> {
  const begun = await resetFor(env, episode);
  let { state } = begun;
  for (let t = 0; t < episode.steps; t++) {
    total.steps++;
    const action: unknown = getRow(episode.info.action, episode.actions as never, t);
    try {
      const { state: after, reward, terminated } = await stepWith(env, state, action, begun.rng);
      state = after;
      if (reward === episode.rewards[t] && terminated === (episode.terminated && t === episode.steps - 1)) continue;
    } catch {
      // A verdict that is missing now is a verdict that differs.
    }
    total.changed++;
    return;
  }
}
