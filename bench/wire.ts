/** The wire at its limit: every figure of the wire in one run. `dojang bench wire [--quick] [--part NAME] [--json]` */
import { chosenParts, machine, type BenchOptions, type Figures } from "./shared/bench.ts";
import { checkChurn } from "./wire/churn.ts";
import { checkCuts } from "./wire/cuts.ts";
import { checkFuzz } from "./wire/fuzz.ts";
import { checkPausedReader } from "./wire/paused-reader.ts";
import { benchSequential } from "./wire/sequential.ts";
import { benchMemory, benchSessions } from "./wire/sessions.ts";
import { FULL, QUICK, type Tier } from "./wire/tiers.ts";
import { benchVector } from "./wire/vector.ts";
import { checkVersions } from "./wire/versions.ts";

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

/** With `part`, figures of the others are absent. @throws {GymError} BAD_PARAM for a part that there is not */
export async function runBench({ quick, part, onPart }: BenchOptions): Promise<Figures> {
  const chosen = chosenParts(
    part,
    PARTS.map(([name]) => name),
  );
  const parts = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [name, run] of PARTS) {
    if (!chosen.includes(name)) continue;
    const figures = (await run(quick ? QUICK : FULL)) as Readonly<Record<string, unknown>>; // each part names its own
    parts.set(name, figures);
    onPart(name, figures);
  }
  const found = Object.entries(RESULT)
    .filter(([, [name]]) => parts.has(name))
    .map(([name, [of, figure]]) => [name, parts.get(of)?.[figure]]);
  return { ...(Object.fromEntries(found) as Figures), ...machine() };
}
