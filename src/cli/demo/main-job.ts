/** The main job of the project in small: a server here, an agent in another process that learns over WebSocket, its games recorded, replayed and verified. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { GymError } from "../../../protocol/errors.ts";
import { openRecording, type RecordedEpisode } from "../../recording/index.ts";
import { replayEpisode } from "../../recording/replay.ts";
import { explainDivergence, verifyRecording, type VerifyReport } from "../../recording/index.ts";
import { stopIfAborted } from "../interrupt.ts";
import type { Output } from "../output.ts";
import { frameText } from "../picture.ts";
import { count, Progress } from "../progress.ts";
import { sum } from "../sum.ts";
import { runAgent } from "./agent-process.ts";
import { frozenLakeValues } from "./frozen-lake.ts";
import { startRecordedServer, type RecordedServer } from "./recorded-server.ts";

const AGENT = "q-learning";
const ENV = "FrozenLake-v1";

export interface DemoOptions {
  /** Made for the run and the recordings; must not exist. */
  readonly folder: string;
  readonly seed: number;
  /** Greedy episodes that are recorded and verified. */
  readonly episodes: number;
  /** env steps of training; absent: the agent's own preset */
  readonly steps?: number;
  readonly out: Output;
  readonly signal: AbortSignal;
}

export interface DemoResult {
  readonly agent: string;
  readonly env: string;
  /** Mean return of the greedy episodes. */
  readonly score: number;
  readonly standardError: number;
  /** Exact expected returns of random and of best play. */
  readonly random: number;
  readonly optimum: number;
  readonly episodes: number;
  /** Episodes that were played again, step for step as recorded. */
  readonly verified: number;
  readonly seconds: number;
  readonly run: string;
  readonly recording: string;
}

/** @throws {GymError} CANCELLED after Ctrl-C; DIVERGED; what the agent's process could not do */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const begun = performance.now();
  const { out } = options;
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const place = await startRecordedServer(join(folder, "recordings"));
  try {
    out.say(`server: process ${process.pid} serves ${place.registry.ids().length} envs at ${place.server.url}`);
    out.record({ phase: "server", url: place.server.url, pid: process.pid });
    const run = await trainOver(place, folder, options);
    const { score, standardError } = await playOver(place, run, options);
    const built = await place.registry.build(ENV);
    const exact = frozenLakeValues(built);
    out.say(scoreText(score, standardError, exact.random, exact.optimum));
    const recording = recordingOf(place);
    await showOne(recording, place, options);
    const { episodes: verified, steps } = await verifyAll(recording, place, options);
    out.say(`verified: ${count(verified)} episodes, ${count(steps)} steps played again: all as recorded`);
    const seconds = (performance.now() - begun) / 1_000;
    return {
      agent: AGENT,
      env: ENV,
      score,
      standardError,
      ...exact,
      episodes: options.episodes,
      verified,
      seconds,
      run,
      recording,
    };
  } finally {
    await place.close();
  }
}

/** @returns the run's folder */
async function trainOver(
  { server }: RecordedServer,
  folder: string,
  { seed, steps, out, signal }: DemoOptions,
): Promise<string> {
  const run = join(folder, "run");
  let bar: Progress | undefined;
  const args = ["train", AGENT, ENV, "--server", server.url, "--seed", String(seed), "--out", run];
  await runAgent(steps === undefined ? args : [...args, "--steps", String(steps)], {
    folder,
    signal,
    onStart: (pid) => out.say(`agent:  process ${pid} connects and trains ${AGENT} on ${ENV}`),
    onLine: (line) => {
      const { step, steps: total, recentReturn } = line as { step?: number; steps: number; recentReturn?: number };
      if (step === undefined) return;
      bar ??= new Progress(out.stderr, { label: "train", unit: "steps", total });
      bar.update(step, recentReturn === undefined ? "" : `return ${recentReturn.toFixed(3)}`);
      out.record({ phase: "train", ...line });
    },
  }).finally(() => bar?.end());
  return run;
}

/** Recorded greedy episodes. */
async function playOver(
  place: RecordedServer,
  run: string,
  { seed, episodes, out, signal }: DemoOptions,
): Promise<{ score: number; standardError: number }> {
  place.record(true);
  const bar = new Progress(out.stderr, { label: "play", unit: "episodes", total: episodes });
  const args = ["eval", run, "--server", place.server.url, "--episodes", String(episodes), "--seed", String(seed)];
  const { mean, standardError } = await runAgent(args, {
    folder: run,
    signal,
    onStart: (pid) =>
      out.say(`agent:  process ${pid} plays ${count(episodes)} greedy episodes; the server records them`),
    onLine: ({ episode }) => {
      if (typeof episode === "number") bar.update(episode);
    },
  }).finally(() => bar.end());
  if (typeof mean !== "number" || typeof standardError !== "number") {
    throw new GymError("INTERNAL", "demo: result of eval", { expected: "a mean and its error", received: mean });
  }
  return { score: mean, standardError };
}

const scoreText = (score: number, error: number, random: number, optimum: number): string =>
  [
    `score:  ${score.toFixed(4)} (standard error ${error.toFixed(4)})`,
    `random: ${random.toFixed(4)} exactly`,
    `best:   ${optimum.toFixed(4)} exactly, within the time limit`,
  ].join("\n");

function recordingOf({ files: [file] }: RecordedServer): string {
  if (file !== undefined) return file;
  throw new GymError("INTERNAL", "demo: recordings", { expected: "one of the greedy episodes", received: "none" });
}

/** The shortest way to the goal, else the longest game. */
async function showOne(file: string, { registry }: RecordedServer, { out, signal }: DemoOptions): Promise<void> {
  const better = (one: RecordedEpisode, than: RecordedEpisode | undefined): boolean => {
    if (than === undefined) return true;
    const [a, b] = [sum(one.rewards), sum(than.rewards)];
    return a === b ? (a > 0 ? one.steps < than.steps : one.steps > than.steps) : a > b;
  };
  let best: RecordedEpisode | undefined;
  for await (const episode of await openRecording(file)) if (better(episode, best)) best = episode;
  if (best === undefined) return;
  const { episode, instance, seed, steps } = best;
  out.say(`replay: episode ${episode} of instance ${instance}, seed ${seed}, ${steps} steps`);
  for await (const frame of replayEpisode(await registry.build(ENV), best)) {
    stopIfAborted(signal, "demo: replay");
    out.say(frameText(frame));
  }
}

async function verifyAll(
  file: string,
  { registry }: RecordedServer,
  { signal, episodes }: DemoOptions,
): Promise<VerifyReport> {
  const report = await verifyRecording(await openRecording(file), (id, params) => registry.build(id, params), {
    onEpisode: () => stopIfAborted(signal, "demo: verify"),
  });
  const [first] = report.divergences;
  if (first !== undefined) throw new GymError("DIVERGED", `${file}: ${explainDivergence(first)}`);
  if (report.episodes === episodes && report.read.complete) return report;
  throw new GymError("DIVERGED", file, { expected: `${episodes} whole episodes`, received: report.episodes });
}
