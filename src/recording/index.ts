/** Episodes as files, for programs that write or read them (`dojang/recording`). */
export { digestText, type Digest } from "./digest.ts";
export { canonicalJson, episodeDigest, type RecordedEpisode } from "./episodes.ts";
export { type Lesson, type LessonOptions, lessons } from "./lessons.ts";
export type { RecordingInfo } from "./format.ts";
export { createRecorder, type Recorder } from "./recorder.ts";
export type { RecorderOptions } from "./recorder-options.ts";
export {
  contentDigest,
  openRecording,
  type ReadOptions,
  type ReadReport,
  type Recording,
  recordings,
  type RecordingsOptions,
} from "./reader.ts";
export { capsuleFromJson, capsuleToJson, replayCapsule, type CapsuleResult } from "./capsules.ts";
export { recoverRecording, type RecoverOptions, type RecoverReport } from "./recover.ts";
export { buildFor, type BuildEnv, replayEpisode, type ReplayFrame, whyNotReplayable } from "./replay.ts";
export { verifyRecording, type VerifyOptions, type VerifyReport } from "./verify.ts";
export { type Divergence, explainDivergence } from "./verify-episode.ts";
export { versionDifferences, type VersionDifference } from "./versions.ts";
