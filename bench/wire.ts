/** The wire at its limit: every figure of the wire in one run. `dojang bench wire [--quick] [--json]` */
import { availableParallelism, cpus, totalmem } from "node:os";
import { checkChurn } from "./wire/churn.ts";
import { checkCuts } from "./wire/cuts.ts";
import { checkFuzz } from "./wire/fuzz.ts";
import { checkPausedReader } from "./wire/paused-reader.ts";
import { benchSequential } from "./wire/sequential.ts";
import { benchMemory, benchSessions } from "./wire/sessions.ts";
import { FULL, QUICK, type Tier } from "./wire/tiers.ts";
import { benchVector } from "./wire/vector.ts";
import { checkVersions } from "./wire/versions.ts";

export interface WireOptions {
  /** A tenth of each count. */
  readonly quick: boolean;
  /** Told each part's name and figures when it is done. */
  onPart(name: string, figures: object): void;
}

/** All figures by name: what `--json` prints last. */
export type WireFigures = Readonly<Record<string, string | number | boolean>>;

type Part = readonly [name: string, run: (tier: Tier) => Promise<object>];

const PARTS: readonly Part[] = [
  ["sequential", ({ sequential }) => benchSequential(sequential)],
  ["vector", ({ vector }) => benchVector(vector)],
  ["memory", ({ memory }) => benchMemory(memory)],
  ["sessions", ({ sessions }) => benchSessions(sessions)],
  ["cuts", ({ cuts }) => checkCuts(cuts)],
  ["fuzz", ({ fuzz }) => checkFuzz(fuzz)],
  ["paused", () => checkPausedReader()],
  ["churn", ({ churn }) => checkChurn(churn)],
  ["versions", () => checkVersions()],
];

/** Figures of the result: name -> part and figure. */
const RESULT: Readonly<Record<string, readonly [part: string, figure: string]>> = {
  sequential_ratio: ["sequential", "ratio"],
  sequential_steps_per_s: ["sequential", "stepsPerSecond"],
  vector_ratio: ["vector", "ratio"],
  vector_steps_per_s: ["vector", "wire"],
  in_process_steps_per_s: ["vector", "inProcess"],
  recording_ratio: ["vector", "recordingRatio"],
  sessions: ["sessions", "sessions"],
  sessions_ok: ["sessions", "ok"],
  sessions_p50_ms: ["sessions", "p50"],
  sessions_p99_ms: ["sessions", "p99"],
  cpu_per_step_ratio: ["sessions", "cpuRatio"],
  cpu_per_step_us: ["sessions", "cpuPerStep"],
  memory_per_session_ratio: ["memory", "ratio"],
  memory_per_reset_session_ratio: ["memory", "resetRatio"],
  memory_per_session_bytes: ["memory", "session"],
  memory_per_reset_session_bytes: ["memory", "resetSession"],
  memory_per_bare_socket_bytes: ["memory", "bare"],
  cuts: ["cuts", "cuts"],
  cuts_inside_a_frame: ["cuts", "inside"],
  cuts_digest_equal: ["cuts", "digestEqual"],
  fuzz_frames: ["fuzz", "frames"],
  fuzz_silent: ["fuzz", "silent"],
  fuzz_memory_ratio: ["fuzz", "memoryRatio"],
  neighbour_equal: ["fuzz", "neighbourEqual"],
  neighbour_p99_ratio: ["fuzz", "neighbourP99Ratio"],
  paused_reader_bounded: ["paused", "bounded"],
  paused_reader_bytes: ["paused", "held"],
  churn_sessions: ["churn", "sessions"],
  churn_handles_back: ["churn", "handlesBack"],
  churn_heap_ratio: ["churn", "heapRatio"],
  versions_told: ["versions", "told"],
};

export async function runWire({ quick, onPart }: WireOptions): Promise<WireFigures> {
  const parts = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [name, run] of PARTS) {
    const figures = (await run(quick ? QUICK : FULL)) as Readonly<Record<string, unknown>>; // each part names its own
    parts.set(name, figures);
    onPart(name, figures);
  }
  const found = Object.entries(RESULT).map(([name, [part, figure]]) => [name, parts.get(part)?.[figure]]);
  return { ...(Object.fromEntries(found) as WireFigures), ...machine() };
}

function machine(): WireFigures {
  const [cpu] = cpus();
  return {
    cores: availableParallelism(),
    cpu: cpu?.model ?? "unknown",
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    date: new Date().toISOString().slice(0, 10),
  };
}
