/** `dojang train r1`: the recipe of DeepSeek-R1 in small, on one machine, against a server in another process. */
import {
  isMeasured,
  parseSettings,
  R1,
  runR1,
  settleR1,
  type RejectionResult,
  type StageResult,
} from "../../../agents/index.ts";
import { atWorkplace } from "../client.ts";
import type { Call } from "../command.ts";
import { GymError } from "../../../protocol/errors.ts";
import { EXIT, wrongCall } from "../errors.ts";
import { flagsOf, pasted } from "../hint.ts";
import { Progress, duration } from "../progress.ts";
import { lengthCurves } from "../r1/lengths.ts";
import { startOwnServer } from "../r1/own-server.ts";
import { familyTable, gainTable, stageTable } from "../r1/tables.ts";
import { lastRunFolder, newRunFolder } from "../run-folder.ts";
import type { Client } from "../../client/index.ts";

const ENV = "math-v0";
/** What the recipe asks for; `train` has more. */
export const R1_OPTIONS = ["server", "tokenFile", "seed", "out", "resume", "set", "tasks", "json"] as const;
type R1Call = Call<(typeof R1_OPTIONS)[number]>;

/** @returns the exit status @throws {GymError} what the recipe throws */
export async function trainR1(call: R1Call): Promise<number> {
  const { options, signal } = call;
  const { resume = false, seed } = options;
  if (call.args.length > 1)
    throw wrongCall("ENV", `none: the recipe has its own, ${ENV}`, call.args[1], "Leave it out.");
  const given = parseSettings({ id: "r1", schema: R1 }, options.set ?? []);
  const settings = options.tasks === undefined ? given : { ...given, tasks: options.tasks };
  const folder = options.out ?? (resume ? lastRunFolder("r1", ENV, options.seed) : newRunFolder("r1", ENV, seed ?? 1));
  const work = { settings, seed, folder, resume, signal };
  // The cheapest mistakes first: no server is started for a run that cannot be.
  await settleR1(work);
  if (options.server !== undefined)
    return atWorkplace(options, signal, (place) => play(call, { ...work, client: place.client }));
  const server = await startOwnServer();
  try {
    call.out.note(`server: process ${server.pid} at ${server.url}; trainer: process ${process.pid} -> ${folder}`);
    return await play(call, { ...work, client: server.client });
  } finally {
    await server.close();
  }
}

interface Work {
  readonly client: Client;
  readonly settings: ReturnType<typeof parseSettings>;
  readonly seed: number | undefined;
  readonly folder: string;
  readonly resume: boolean;
  readonly signal: AbortSignal;
}

async function play({ out, options }: R1Call, work: Work): Promise<number> {
  const stages: (StageResult | RejectionResult)[] = [];
  let bar: { readonly stage: string; readonly progress: Progress } | undefined;
  const onProgress = (stage: string, done: number, total: number, detail: string): void => {
    if (bar?.stage !== stage) {
      bar?.progress.end();
      bar = { stage, progress: new Progress(out.stderr, { label: stage, unit: "steps", total, start: done - 1 }) };
    }
    bar.progress.update(done, detail);
  };
  const onStage = (result: StageResult | RejectionResult): void => {
    stages.push(result);
    bar?.progress.end();
    bar = undefined;
    out.record(rowOf(result));
    out.note([stageTable([result]), familyTable([result])].filter((text) => text !== undefined).join("\n"));
  };
  const note = (text: string): void => out.note(text);
  const { seed, gains, thinking } = await runR1({ ...work, note, onProgress, onStage }).catch((error: unknown) => {
    bar?.progress.end();
    throw error instanceof GymError && error.code === "CANCELLED" ? stopped(error, again(options, work)) : error;
  });
  const rows = stages.map(rowOf);
  const [seconds, cpu] = [rows.reduce((sum, row) => sum + row.seconds, 0), rows.reduce((sum, row) => sum + row.cpuSeconds, 0)]; // prettier-ignore
  const memory = process.resourceUsage().maxRSS / 1_024;
  const ends = `${duration(seconds)} of training, ${duration(cpu)} of processor time, ${memory.toFixed(0)} MiB at most; run: ${work.folder} (seed ${seed})`; // prettier-ignore
  const more = `its samples, data sets and receipts are there; again with controls: ${again(options, work, "--set", "controls=true")}`; // prettier-ignore
  const result = { seed, run: work.folder, seconds, cpuSeconds: cpu, peakMemoryMiB: memory, stages: rows, gains, ...(thinking && { thinking }) }; // prettier-ignore
  const lengths = await lengthCurves(work.folder, stages.filter(isMeasured).map(({ name, title }) => [name, title] as const)); // prettier-ignore
  const tables = [stageTable(stages), familyTable(stages), gainTable(gains), gainTable(thinking ? [thinking] : [])];
  const text = [...tables.filter((one) => one !== undefined).map((one) => `${one}\n`), ...lengths, ends, more];
  out.result(result, text.join("\n"));
  return EXIT.done;
}

/** The call that goes on with the run. */
const again = (options: R1Call["options"], { folder }: Work, ...more: readonly string[]): string =>
  pasted("train", "r1", "--resume", "--out", folder, ...more, ...flagsOf(options, ["server", "tokenFile"]));

const stopped = (error: GymError, call: string): GymError =>
  new GymError("CANCELLED", `${error.message}; go on with: ${call}`, {}, error);

/** A stage without what is too long to print. */
function rowOf(result: StageResult | RejectionResult): Omit<StageResult, "weights" | "scores"> | RejectionResult {
  if (!isMeasured(result)) return result;
  const { weights: _weights, scores: _scores, ...row } = result;
  return row;
}
