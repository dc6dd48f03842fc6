/** What `dojang train r1` prints beside its stages: figures by family, gains, and how long answers are. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { StageResult } from "../../agents/index.ts";
import { lengthCurves } from "../../src/cli/r1/lengths.ts";
import { familyTable, gainTable, stageTable } from "../../src/cli/r1/tables.ts";
import { tempDir } from "../support/temp.ts";
import { call, wrong } from "./call.ts";

const at = (mean: number) => ({ mean, low: mean - 0.1, high: mean + 0.1 });
const figures = (pass1: number) => ({ greedy: at(0.5), pass1: at(pass1), passK: at(0.75), majK: at(0.625), length: { mean: 12.25, low: 12, high: 12.5 } }); // prettier-ignore
const stage = (families: object): StageResult => ({
  ...{ name: "2-grpo", title: "2 GRPO", steps: 3, seconds: 4, cpuSeconds: 5, weights: {}, scores: [] },
  measured: { ...figures(0.25), ...families },
});

it("prints shares in percent with their intervals, and a row for each family", () => {
  expect(stageTable([stage({})])).toContain("50.0 (40.0-60.0)  25.0 (15.0-35.0)  75.0 (65.0-85.0)  62.5 (52.5-72.5)");
  const families = familyTable([stage({ families: { sums: figures(0.125), products: figures(0.375) } })])?.split("\n");
  expect(families?.slice(1).map((row) => row.replaceAll(/ {2,}/g, " | "))).toEqual([
    "2 GRPO | sums | 50.0 (40.0-60.0) | 12.5 (2.5-22.5) | 75.0 (65.0-85.0) | 62.5 (52.5-72.5) | 12.3 (12.0-12.5)",
    "2 GRPO | products | 50.0 (40.0-60.0) | 37.5 (27.5-47.5) | 75.0 (65.0-85.0) | 62.5 (52.5-72.5) | 12.3 (12.0-12.5)",
  ]);
  expect(familyTable([stage({})])).toBeUndefined();
});

it("prints what pass@1 rose by in points, in all and by family", () => {
  const gain = { from: "1", to: "2", pass1: at(0.25), families: { sums: at(0.5) } };
  expect(gainTable([gain])?.split("\n").at(-1)?.replaceAll(/ {2,}/g, " | ")).toBe(
    "1 | 2 | 25.0 (15.0-35.0) | 50.0 (40.0-60.0)",
  );
  expect(gainTable([])).toBeUndefined();
});

it("tells the response length over the updates in 12 numbers, each the mean of a stretch, and draws it", async () => {
  const run = tempDir();
  mkdirSync(join(run, "2-grpo"));
  const lines = Array.from({ length: 24 }, (_, i) => JSON.stringify({ step: i + 1, "completions/mean_length": i }));
  writeFileSync(join(run, "2-grpo", "metrics.jsonl"), `${lines.join("\n")}\n`);
  const stages = [["1-cold-start", "cold start"], ["2-grpo", "2 GRPO"]] as const; // prettier-ignore
  const means = Array.from({ length: 12 }, (_, i) => `${2 * i}.5`).join(" ");
  const file = join(run, "response-length.svg");
  expect(await lengthCurves(run, stages)).toEqual([
    `tokens of an answer, 2 GRPO, from the first update to the last: ${means}`,
    `as a picture: ${file}`,
  ]);
  expect(readFileSync(file, "utf8")).toMatch(/^<svg .*polyline.*Response length in GRPO/s);
  expect(await lengthCurves(run, [["1-cold-start", "cold start"]])).toEqual([]);
});

it("takes --tasks for r1 alone, and only tasks that there are", async () => {
  expect(await call("train", "q-learning", "FrozenLake-v1", "--tasks", "mixed")).toEqual(
    wrong('--tasks: expected none: it is for r1, got "mixed". Leave it out.'),
  );
  const other = await call("train", "r1", "--tasks", "mix", "--out", join(tempDir(), "run"));
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("one of addition, mixed")]);
});
