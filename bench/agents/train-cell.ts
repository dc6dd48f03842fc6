/** One cell of the matrix: trains, notes the first time a target was reached, plays greedily at the end. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { evaluate, train, type Progress, type TrainResult } from "dojang/agents";
import { local } from "dojang/client/local";
import type { JsonValue } from "dojang/protocol";
import type { Cell } from "./cells.ts";
import { CpuLedger } from "./cpu-ledger.ts";
import { ReturnsWatch, sinceStart } from "./first-time.ts";
import { netsOf } from "./nets-of.ts";

type Figures = Readonly<Record<string, JsonValue>>;

const CURVE_POINTS = 40;
const CHECKPOINT_EVERY = 50_000;
const EVALUATED_TOGETHER = 25;

/** @throws {GymError} what training throws */
export async function trainCell(cell: Cell, folder: string): Promise<Figures> {
  const { resumable = false, first, stopAt = Infinity } = cell;
  if (!resumable) rmSync(folder, { recursive: true, force: true });
  const resume = existsSync(folder);
  const client = local();
  const watch = new ReturnsWatch(first ?? Infinity);
  const stop = new AbortController();
  const cpu = new CpuLedger(folder);
  const onProgress = ({ recentReturn = -Infinity, episodes }: Progress): void => {
    cpu.note();
    if (first === undefined ? recentReturn >= stopAt && episodes >= 100 : watch.first !== undefined && stopAt === first)
      stop.abort();
  };
  try {
    const result = await train({
      client: first === undefined ? client : watch.watch(client),
      agentId: cell.agent,
      envId: cell.env,
      seed: cell.seed,
      steps: cell.steps,
      num: cell.num,
      config: cell.config,
      out: folder,
      resume,
      // More often than a run of its length would by itself; a resumed run keeps what it was started with.
      checkpointEvery: resume ? undefined : CHECKPOINT_EVERY,
      signal: stop.signal,
      onProgress,
    });
    const spent = { processSeconds: sinceStart().seconds, cpuSeconds: cpu.total() };
    const score = await scoreOf(cell, result);
    return {
      ...score,
      ...reached(cell, watch),
      ...figuresOf(result, spent),
      ...expertsOf(folder),
      curve: curveOf(folder),
    };
  } finally {
    await client.close();
  }
}

/** Greedy play on envs that training has not seen; each game of several as often. */
async function scoreOf(
  { episodes, env: id, seed, wanted }: Cell,
  { learner, settings }: TrainResult,
): Promise<Figures> {
  if (episodes === undefined) return {};
  const { resets = [], params } = settings;
  const client = local();
  const all = episodes * Math.max(1, resets.length);
  const num = Math.min(EVALUATED_TOGETHER, all);
  const env = await client.make(id, { num, seed: 1_000_000 + seed, autoreset: "disabled", params });
  const { mean, standardError, games = [] } = await evaluate(env, learner.policy, { episodes: all, resets });
  await client.close();
  const byGame = games.map(({ game, ...score }) => ({ name: nameOf(params, game), score: score.mean, standardError: score.standardError })); // prettier-ignore
  return {
    ...{ score: mean, standardError, episodes: all },
    ...(games.length > 0 && { games: byGame }),
    ...(wanted !== undefined && { wanted, met: mean >= wanted }),
  };
}

/** What an env that is several games calls one of them. */
function nameOf({ games }: TrainResult["settings"]["params"], game: number): string {
  const name: unknown = Array.isArray(games) ? games[game] : undefined;
  return typeof name === "string" ? name : `game ${game}`;
}

function reached({ first, wanted }: Cell, watch: ReturnsWatch): Figures {
  if (first === undefined) return {};
  const time = watch.first;
  return {
    met: time !== undefined && first === wanted,
    ...{ target: first, stepsToTarget: time?.steps ?? null, secondsToTarget: time?.seconds ?? null },
    ...{ cpuSecondsToTarget: time?.cpuSeconds ?? null, bestOf100: Number.isFinite(watch.best) ? watch.best : null },
  };
}

function figuresOf(result: TrainResult, spent: { processSeconds: number; cpuSeconds: number }): Figures {
  const { recentReturn, steps, episodes, seconds, settings, learner } = result;
  const nets = netsOf(learner.save());
  const updates = Math.max(0, ...nets.map((net) => net.updates));
  const parameters = nets.flatMap((net) => Object.values(net.parameters)).reduce((sum, n) => sum + n, 0);
  return {
    ...{ trainingReturn: recentReturn ?? null, frames: steps, trainingEpisodes: episodes, seconds, ...spent },
    ...{ framesPerSecond: steps / seconds, updates, updatesPerSecond: updates / seconds, parameters },
    ...{ steps: settings.steps, num: settings.num, config: settings.config },
  };
}

/** The share of each game that each expert saw, in the last tenth of the training: [game][expert] by layer, and how uneven the loads were. */
function expertsOf(folder: string): Figures {
  const lines = metricsOf(folder).filter((line) => Object.keys(line).some((name) => name.includes("/expert ")));
  const last = lines.slice(-Math.ceil(lines.length / 10));
  if (last.length === 0) return {};
  const mean = (name: string): number => last.reduce((sum, line) => sum + (line[name] ?? 0), 0) / last.length;
  const shares: Record<string, number[][]> = {};
  for (const name of Object.keys(last[0] ?? {})) {
    const [, layer = "", game, expert] = /^(.*)\/game (\d+)\/expert (\d+)$/.exec(name) ?? [];
    if (expert !== undefined) ((shares[layer] ??= [])[Number(game)] ??= [])[Number(expert)] = mean(name);
  }
  const uneven = Object.keys(shares).map((layer) => [layer, mean(`${layer}/max_violation`)]);
  return { shares, maxViolation: Object.fromEntries(uneven) as Record<string, number> };
}

/** Mean return of training over env steps, from the run's own metrics: [step, return]. */
function curveOf(folder: string): readonly (readonly [number, number])[] {
  const points = metricsOf(folder).flatMap((line) =>
    line["return"] === undefined ? [] : [[line.step, Number(line["return"].toFixed(3))] as const],
  );
  const every = Math.max(1, Math.ceil(points.length / CURVE_POINTS));
  return points.filter((_, i) => (points.length - 1 - i) % every === 0);
}

type Line = Readonly<Partial<Record<string, number>>> & { readonly step: number };

const metricsOf = (folder: string): readonly Line[] =>
  readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
