/** docs/experts.md, followed in one folder: the plugin is written, the training run, and its metrics are the ones that are named. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMetrics } from "dojang/agents";
import { expect, it, onTestFinished } from "vitest";
import { call } from "../cli/call.ts";
import { userFolder } from "../cli/user-folder.ts";
import { blocksOf } from "../support/markdown.ts";
import { ROOT } from "./sources.ts";

const page = readFileSync(join(ROOT, "docs/experts.md"), "utf8");
const argsOf = (code: string): string[] => code.trim().split(" ").slice(2);

it("trains a policy with experts on three games, and finds the metrics it names", { timeout: 120_000 }, async () => {
  const folder = userFolder();
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder);
  const [plugin, train, bench] = blocksOf(page);
  writeFileSync(join(folder, plugin!.name), plugin!.code);
  const done = await call(...argsOf(train!.code));
  expect(done.stderr).not.toMatch(/expected/);
  expect(done.code).toBe(0);
  const rows = await readMetrics(join(folder, "runs/games"));
  const last = Object.keys(rows.at(-1)!);
  const named = Array.from(page.matchAll(/^- `([^`]+)`/gm), ([, name]) => name!);
  expect(named).toHaveLength(2);
  for (const name of named)
    expect(
      last.some((key) => key.endsWith(name)),
      name,
    ).toBe(true);
  expect(argsOf(bench!.code)).toEqual(["bench", "moe"]);
});
