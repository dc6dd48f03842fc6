/** Re-executes a recording and says whether it is what the rules give, and where it first is not. */
import type { RecordedEpisode } from "./episodes.ts";
import type { ReadReport, Recording } from "./reader.ts";
import { buildFor, whyNotReplayable, type BuildEnv } from "./replay.ts";
import { EpisodeVerifier, type Divergence } from "./verify-episode.ts";
import { versionDifferences, type VersionDifference } from "./versions.ts";
import { rescore, type Rescored } from "./rescore.ts";

export interface VerifyOptions {
  /** Most divergences kept; the others are counted. Default 10. */
  readonly maxDivergences?: number;
  /** For envs whose verdicts depend on time: step them again and count the rewards that came out differently. */
  readonly rescore?: boolean;
  /** Only these episodes. */
  readonly only?: (episode: RecordedEpisode) => boolean;
  readonly onEpisode?: (episode: RecordedEpisode) => void;
}

export interface VerifyReport {
  /** Nothing that was checked diverges. */
  readonly ok: boolean;
  /** Checked episodes and steps. */
  readonly episodes: number;
  readonly steps: number;
  /** Episodes that diverge; the first of them in the order of the file. */
  readonly diverged: number;
  readonly divergences: readonly Divergence[];
  /** Episodes that could not be played again, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** What differs between the recording's machine and this one. */
  readonly versions: readonly VersionDifference[];
  /** Why less than everything was checked. */
  readonly limited?: string;
  readonly rescored?: Rescored;
  /** What could be read of the files. */
  readonly read: ReadReport;
}

/** @throws {GymError} what `build` throws; DIVERGED when the env's spaces are no longer those of the recording */
export async function verifyRecording(
  recording: Recording,
  build: BuildEnv,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { info } = recording;
  const { maxDivergences = 10, only } = options;
  const env = await buildFor(info, build).catch(async (error: unknown) => {
    await recording.close();
    throw error;
  });
  const verifier = new EpisodeVerifier(env);
  const whole = info.deterministic && env.deterministic;
  const tally = {
    episodes: 0,
    steps: 0,
    diverged: 0,
    divergences: [] as Divergence[],
    skipped: {} as Record<string, number>,
  };
  const rescored = { steps: 0, changed: 0 };
  for await (const episode of recording) {
    if (only && !only(episode)) continue;
    options.onEpisode?.(episode);
    const why = whyNotReplayable(episode);
    if (why !== undefined) {
      const reason = "put back from a snapshot";
      tally.skipped[reason] = (tally.skipped[reason] ?? 0) + 1;
      continue;
    }
    const divergence = await (whole ? verifier.verify(episode) : verifier.verifyReset(episode));
    tally.episodes++;
    tally.steps += whole ? episode.steps : 0;
    if (divergence) tally.diverged++;
    if (divergence && tally.divergences.length < maxDivergences) tally.divergences.push(divergence);
    if (!whole && options.rescore) await rescore(env, episode, rescored);
  }
  return {
    ok: tally.diverged === 0,
    ...tally,
    versions: versionDifferences(info, env),
    ...(!whole && { limited: LIMITED }),
    ...(!whole && options.rescore && { rescored }),
    read: recording.report,
  };
}

const LIMITED =
  "the env is not deterministic: its verdicts depend on time or the machine, so only the observations after resets were checked";
