/** Recordings as what a run learns from: looked at before it begins, and read again and again until its steps are done. */
import { statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "dojang/client";
import { GymError, sameSpace, type JsonValue } from "dojang/protocol";
import type { BuildEnv, RecordedEpisode } from "dojang/recording";
import type { Observable } from "rxjs";
import { cut, transitionsOf } from "../streams/from-episodes.ts";
import { pulled, type PulledOptions } from "../streams/pulled.ts";
import type { Transitions } from "../streams/transitions.ts";
import { checkNeeds, type Learner } from "./agent.ts";

/** Rows of a batch, at most: few enough that a learner from replay takes its steps while the memory still fills. */
const ROWS = 64;

export interface RecordedSource {
  /** Files, folders of .mcap files, or patterns such as "runs/*.mcap". */
  readonly paths: readonly string[];
  /** What is learnt for. Recordings must be of it. */
  readonly env: Env;
  /** Finds the env for episodes that were recorded as digests: they are played again. */
  readonly build?: BuildEnv | undefined;
  /** Told once of each episode that cannot be used, and why. */
  readonly onSkip?: ((why: string) => void) | undefined;
}

/**
 * Looks for one episode that `learner` can learn from, up to the end of the recordings.
 * @throws {GymError} BAD_PARAM where a path leads nowhere; BAD_RECORDING for files that are no recordings, or of another env, and where no episode can be used
 */
export async function checkRecorded(source: RecordedSource, { id, needs }: Learner): Promise<void> {
  await checkInfos(source);
  let why = "they hold no step";
  const onSkip = (one: string): void => void (why = one);
  for await (const whole of episodesOf({ ...source, onSkip })) {
    checkNeeds(id, needs, whole);
    return;
  }
  throw nothing(why);
}

/**
 * Ends after `steps` transitions in all (the last batch may go over). Reads the same for the same files, so that a run goes on where it was.
 * Errors: BAD_RECORDING.
 */
export const fromRecordings = (source: RecordedSource, options: PulledOptions): Observable<Transitions> =>
  pulled(() => rounds(source, options.done ?? 0), options);

/** Round by round, without the first `skip` transitions. */
async function* rounds({ onSkip, ...source }: RecordedSource, skip: number): AsyncGenerator<Transitions> {
  for (let first = true; ; first = false) {
    let length = 0;
    for await (const whole of episodesOf(first ? { ...source, onSkip } : source)) {
      length += whole.length;
      yield* cut(whole, ROWS, skip);
      skip = Math.max(0, skip - whole.length);
    }
    if (length === 0) throw nothing("they hold no step any more");
    // What is still to be left out are whole rounds, and the beginning of one.
    skip %= length;
  }
}

/** One batch for each episode that can be used. */
async function* episodesOf({ paths, build, onSkip }: RecordedSource): AsyncGenerator<Transitions> {
  // Loaded when it is needed: most runs learn from live envs.
  const { lessons, recordings } = await import("dojang/recording");
  const skip = ({ episode, instance }: RecordedEpisode, why: string): void =>
    onSkip?.(`episode ${episode} of instance ${instance}: ${why}`);
  const all = recordings(paths.map(patternOf));
  for await (const lesson of lessons(all, { onSkip: skip, ...(build && { build }) })) yield transitionsOf(lesson);
}

/** @throws {GymError} BAD_PARAM */
function patternOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return join(path, "*.mcap");
  if (found !== undefined || /[*?[{]/.test(path)) return path;
  throw nowhere("a recording or a folder of recordings", path);
}

const nowhere = (expected: string, received: JsonValue): GymError =>
  new GymError("BAD_PARAM", "train: from", { expected, received });

/** What each file says of itself, before an episode is read. */
async function checkInfos({ paths, env }: RecordedSource): Promise<void> {
  const { openRecording } = await import("dojang/recording");
  let files = 0;
  for await (const path of glob(paths.map(patternOf))) {
    const recording = await openRecording([path]);
    await recording.close();
    checkInfo(path, recording.info, env);
    files++;
  }
  if (files === 0) throw nowhere("a file that matches, or a folder with .mcap files", paths);
}

/** @throws {GymError} BAD_RECORDING unless it is a recording of `env` */
function checkInfo(path: string, { env: id, params, observation, action }: RecordedEpisode["info"], env: Env): void {
  const refuse = (what: string, expected: string, received: JsonValue, hint: string): GymError =>
    new GymError("BAD_RECORDING", `${path}: ${what}`, { expected, received, hint });
  if (id !== env.id) throw refuse("env", env.id, id, "Name the recordings of one env.");
  for (const [name, value] of Object.entries(env.params)) {
    if (!Object.hasOwn(params, name) || JSON.stringify(params[name]) === JSON.stringify(value)) continue;
    throw refuse(`param ${name}`, JSON.stringify(value), params[name] ?? null, "Give the recorded one as a param of the env."); // prettier-ignore
  }
  if (sameSpace(observation, env.spaces.observation) && sameSpace(action, env.spaces.action)) return;
  throw refuse("spaces", "those of the env", "others", "Record it anew with this version of the env.");
}

const nothing = (why: string): GymError =>
  new GymError("BAD_RECORDING", "train: from", { expected: "an episode to learn from", received: why });
