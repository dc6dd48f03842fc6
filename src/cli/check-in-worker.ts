/** Checks plugins in a worker and gives up on one that does not come back. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { GymError } from "../../protocol/errors.ts";
import type { CheckReport } from "../env/check-rules/report.ts";
import { execArgv } from "../registry/exec-argv.ts";
import type { CheckNews } from "./check-worker.ts";

/** Milliseconds that the check of one env may take: twice the time that its plays end at by themselves. */
const ENV_MS = 60_000;

const WORKER = new URL(`./check-worker${extname(import.meta.url)}`, import.meta.url);

export interface CheckInWorker {
  readonly signal: AbortSignal;
  readonly onReport: (report: CheckReport) => void;
  /** Told what the plugins write to stdout, which belongs to the result. Default: nobody. */
  readonly onText?: (text: string) => void;
  /** Default 60,000. */
  readonly envMs?: number | undefined;
}

/** @throws {GymError} what loading the plugins threw; CANCELLED; STEP_DEADLINE when the rules do not come back */
export async function checkInWorker(
  spec: string,
  { signal, onReport, onText, envMs = ENV_MS }: CheckInWorker,
): Promise<void> {
  const worker = new Worker(WORKER, { workerData: spec, execArgv: execArgv(), stdout: true });
  worker.stdout.setEncoding("utf8").on("data", (text: string) => onText?.(text));
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let env = spec;
  const late = (): void => reject(tooLate(env, envMs));
  let timer = setTimeout(late, envMs);
  worker.on("message", (news: CheckNews) => {
    clearTimeout(timer);
    timer = setTimeout(late, envMs);
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
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

const tooLate = (env: string, ms: number): GymError =>
  new GymError("STEP_DEADLINE", `${env}: check`, {
    expected: `an end within ${ms / 1_000} seconds`,
    received: "none",
    hint: "A rule loops without end, or each step takes very long.",
  });

/** An error that came out of a worker is a copy without its class; the code is still there. */
function rebuilt(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === "string" && typeof message === "string" && !code.startsWith("ERR_")
    ? GymError.fromWire(code, message)
    : error;
}
