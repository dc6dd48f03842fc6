/** Episodes as files, for programs that write or read them (`dojang/recording`). */
export { digestText, type Digest } from "./digest.ts";
export { canonicalJson, episodeDigest, type RecordedEpisode } from "./episodes.ts";
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
