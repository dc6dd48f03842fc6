/** The verifiers: how fast verdicts are, and what hostile answers can do to them. `dojang bench verify [--quick] [--part NAME] [--json]` */
import { chosenParts, machine, type BenchOptions, type Figures } from "./shared/bench.ts";
import { benchCodeSpeed } from "./verify/code-speed.ts";
import { checkHostile } from "./verify/math-hostile.ts";
import { benchEngine, benchSpeed } from "./verify/math-speed.ts";
import { benchPythonStart } from "./verify/python-start.ts";
import { benchSuites } from "./verify/suites.ts";

type Part = readonly [name: string, run: (quick: boolean) => Promise<object>];

const PARTS: readonly Part[] = [
  ["math-speed", (quick) => benchSpeed(quick ? { perFamily: 20, rounds: 3 } : { perFamily: 200, rounds: 5 })],
  ["math-engine", (quick) => benchEngine(quick ? { starts: 3, comparisons: 60 } : { starts: 9, comparisons: 600 })],
  [
    "code-javascript",
    (quick) => benchCodeSpeed({ language: "javascript", count: quick ? 100 : 900, rounds: quick ? 2 : 6 }),
  ],
  ["code-python", (quick) => benchCodeSpeed({ language: "python", count: quick ? 30 : 200, rounds: quick ? 2 : 4 })],
  ["python-start", (quick) => benchPythonStart({ rounds: quick ? 15 : 100 })],
  ["code-suites", (quick) => benchSuites({ every: quick ? 20 : 1 })],
  ["math-hostile", (quick) => checkHostile({ rounds: quick ? 1 : 3 })],
];

/** Figures of the result: name -> part and figure. */
const RESULT: Readonly<Record<string, readonly [part: string, figure: string]>> = {
  math_pairs: ["math-speed", "pairs"],
  math_p50_ms: ["math-speed", "p50"],
  math_p99_ms: ["math-speed", "p99"],
  math_verdicts_per_s_per_core: ["math-speed", "verdictsPerSecond"],
  math_exact_share: ["math-speed", "exactShare"],
  math_false_equal: ["math-speed", "falseEqual"],
  math_false_unequal: ["math-speed", "falseUnequal"],
  engine_start_ms: ["math-engine", "startMs"],
  engine_p50_ms: ["math-engine", "p50"],
  engine_p99_ms: ["math-engine", "p99"],
  code_javascript_per_s: ["code-javascript", "perSecond"],
  code_javascript_per_s_2: ["code-javascript", "perSecondOfTwo"],
  code_javascript_scaling: ["code-javascript", "scaling"],
  code_javascript_p50_ms: ["code-javascript", "p50"],
  code_javascript_wrong: ["code-javascript", "wrong"],
  code_python_per_s: ["code-python", "perSecond"],
  code_python_per_s_2: ["code-python", "perSecondOfTwo"],
  code_python_p50_ms: ["code-python", "p50"],
  code_python_wrong: ["code-python", "wrong"],
  python_bare_start_ms: ["python-start", "bareMs"],
  python_cold_box_ms: ["python-start", "coldMs"],
  python_warm_box_ms: ["python-start", "warmMs"],
  python_added_ms: ["python-start", "addedMs"],
  python_added_p95_ms: ["python-start", "addedP95Ms"],
  suites_s: ["code-suites", "seconds"],
  suites_exercises: ["code-suites", "exercises"],
  suites_passed: ["code-suites", "passed"],
  suites_stubs: ["code-suites", "stubs"],
  hostile_inputs: ["math-hostile", "inputs"],
  hostile_in_time: ["math-hostile", "inTime"],
  hostile_slowest_ms: ["math-hostile", "slowestMs"],
  hostile_honest_p99_ms: ["math-hostile", "honestP99"],
  hostile_alone_p99_ms: ["math-hostile", "aloneP99"],
  hostile_honest_wrong: ["math-hostile", "honestWrong"],
  hostile_memory_before_mb: ["math-hostile", "memoryBefore"],
  hostile_memory_peak_mb: ["math-hostile", "memoryPeak"],
  hostile_memory_after_mb: ["math-hostile", "memoryAfter"],
};

/** @throws {GymError} BAD_PARAM for a part that it does not have */
export async function runBench({ quick, part, onPart }: BenchOptions): Promise<Figures> {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  const chosen = chosenParts(part, PARTS.map(([name]) => name)); // prettier-ignore
  for (const [name, run] of PARTS.filter(([own]) => chosen.includes(own))) {
    const figures = (await run(quick)) as Readonly<Record<string, unknown>>; // each part names its own
    found.set(name, figures);
    onPart(name, figures);
  }
  const named = Object.entries(RESULT).flatMap(([name, [own, figure]]) =>
    found.has(own) ? [[name, found.get(own)?.[figure]] as const] : [],
  );
  return { ...(Object.fromEntries(named) as Figures), ...machine() };
}
