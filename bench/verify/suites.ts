/** How long the check of published suites takes before anybody is judged by them: HumanEval and MBPP, each reference and an empty stub. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { checkSuite, createCodeRunner, humanEval, mbpp } from "dojang/verify";
import type { JsonValue } from "dojang/protocol";

export interface SuitesFigures {
  readonly seconds: number;
  readonly exercises: number;
  readonly passed: number;
  /** Stubs that passed. */
  readonly stubs: number;
}

const FILES = [
  ["HumanEval.jsonl.gz", humanEval],
  ["mbpp.jsonl", mbpp],
] as const;

/** @param every only each so-manieth exercise. Empty where the environment's DOJANG_DATA names no folder that has both files */
export async function benchSuites({ every }: { readonly every: number }): Promise<SuitesFigures | { missing: string }> {
  const folder = process.env["DOJANG_DATA"] ?? "";
  const absent = FILES.filter(([name]) => !existsSync(join(folder, name)));
  if (absent.length > 0) return { missing: `DOJANG_DATA: expected a folder with ${FILES.map(([name]) => name).join(" and ")}` }; // prettier-ignore
  const exercises = FILES.flatMap(([name, exercise]) => rows(join(folder, name)).map(exercise)).filter((_, i) => i % every === 0); // prettier-ignore
  const runner = createCodeRunner();
  const began = performance.now();
  try {
    const { passed, stubs } = await checkSuite(exercises, runner);
    return {
      seconds: (performance.now() - began) / 1_000,
      exercises: exercises.length,
      passed,
      stubs,
    };
  } finally {
    await runner.close();
  }
}

/** The rows of a file of JSON lines, packed or not. */
function rows(path: string): Readonly<Record<string, JsonValue>>[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
  return text.trim().split("\n").map((line) => JSON.parse(line) as Readonly<Record<string, JsonValue>>); // prettier-ignore
}
