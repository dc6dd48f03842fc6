/** Recording files as a stream of transitions: `recordings("runs/*.mcap").pipe(learner.learn)`. */
import type { LessonOptions, RecordingsOptions } from "dojang/recording";
import { defer, type Observable } from "rxjs";
import { fromEpisodes, type FromEpisodesOptions, type RecordedEpisode } from "./from-episodes.ts";
import type { Transitions } from "./transitions.ts";

export type RecordedStreamOptions = FromEpisodesOptions & LessonOptions & RecordingsOptions;

/**
 * The transitions of every episode in the files that the patterns find. Episodes recorded as digests are played again with the env
 * that `build` gives (`Registry.build` is one). Each subscriber reads the files anew.
 * Errors: BAD_RECORDING when nothing is found or an episode cannot be used (see `onSkip`), DIVERGED when a replay is not what was recorded.
 */
export const recordings = (
  patterns: string | readonly string[],
  options: RecordedStreamOptions = {},
): Observable<Transitions> => defer(() => fromEpisodes(read(patterns, options), options));

async function* read(
  patterns: string | readonly string[],
  options: RecordedStreamOptions,
): AsyncGenerator<RecordedEpisode> {
  // Loaded when it is needed: who learns from live envs only does without the file formats.
  const recording = await import("dojang/recording");
  yield* recording.lessons(recording.recordings(patterns, options), options);
}
