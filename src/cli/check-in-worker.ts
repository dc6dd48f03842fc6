/** Checks plugins in a worker and gives up on one that does not come back. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { GymError } from "../../protocol/errors.ts";
import type { CheckReport } from "../env/check-rules/report.ts";
import { execArgv } from "../registry/exec-argv.ts";
import { Progress } from "./check-progress.ts";
import type { CheckNews, CheckStart } from "./check-worker.ts";

/** Milliseconds that the check of one env may take: twice the time that its plays end at by themselves. */
const ENV_MS = 60_000;

/** Milliseconds after which a rule that neither comes back nor waits is taken for a loop without end. */
const SILENT_MS = 10_000;

const WORKER = new URL(`./check-worker${extname(import.meta.url)}`, import.meta.url);

export interface CheckInWorker {
  readonly signal: AbortSignal;
  readonly onReport: (report: CheckReport) => void;
  /** Told what the plugins write to stdout, which belongs to the result. Default: nobody. */
  readonly onText?: (text: string) => void;
  /** For one reset or step. Default 10,000; a build may take as long as the whole check. */
  readonly silentMs?: number | undefined;
}

/** @throws {GymError} what loading the plugins threw; CANCELLED; STEP_DEADLINE when the rules do not come back */
export async function checkInWorker(
  spec: string,
  { signal, onReport, onText, silentMs = SILENT_MS }: CheckInWorker,
): Promise<void> {
  const progress = new Progress();
  const workerData: CheckStart = { spec, progress: progress.memory };
  const worker = new Worker(WORKER, { workerData, execArgv: execArgv(), stdout: true });
  worker.stdout.setEncoding("utf8").on("data", (text: string) => onText?.(text));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let env = spec;
  const tooLong = (ms: number): void => reject(tooLate(env, progress.playing, ms));
  const late = (): void => tooLong(ENV_MS);
  let timer = setTimeout(late, ENV_MS);
  const watch = watchFor(progress, silentMs, () => tooLong(silentMs));
  worker.on("message", (news: CheckNews) => {
    clearTimeout(timer);
    timer = setTimeout(late, ENV_MS);
    if ("begins" in news) env = news.begins;
    else if ("report" in news) onReport(news.report);
    else resolve(undefined);
  });
  worker.once("error", (error) => reject(rebuilt(error)));
  worker.once("exit", () => reject(new GymError("ENV_FAULT", env, { expected: "a plugin that lets its process live", hint: "It called process.exit." }))); // prettier-ignore
  const stop = (): void => reject(new GymError("CANCELLED", "check: stopped by Ctrl-C"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

/** Calls `silent` when nothing has changed for `ms`, unless the plugin is being loaded or built. */
function watchFor(progress: Progress, ms: number, silent: () => void): NodeJS.Timeout {
  let seen = progress.changes;
  let since = performance.now();
  return setInterval(() => {
    const { changes, playing } = progress;
    if (changes !== seen || playing === "" || playing.endsWith("build")) since = performance.now();
    seen = changes;
    if (performance.now() - since > ms) silent();
  }, ms / 20);
}

/** @param playing rule, seed and step, as far as the check got */
const tooLate = (env: string, playing: string, ms: number): GymError =>
  new GymError("STEP_DEADLINE", `${env}: ${playing === "" ? "check" : playing}`, {
    expected: `an end within ${ms / 1_000} seconds`,
    received: "none",
    hint: "It loops without end, or takes very long: mend the env.",
  });

/** An error that came out of a worker is a copy without its class; the code is still there. */
function rebuilt(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" && typeof message === "string" && !code.startsWith("ERR_")
    ? GymError.fromWire(code, message)
    : error;
}
