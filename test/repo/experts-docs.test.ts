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
  const [plugin, train] = blocksOf(page);
  writeFileSync(join(folder, plugin!.name), plugin!.code);
  const done = await call(...argsOf(train!.code));
  expect(done.stderr).not.toMatch(/expected/);
  expect(done.code).toBe(0);
  const rows = await readMetrics(join(folder, "runs/games"));
  const last = Object.keys(rows.at(-1)!);
  const named = namedIn(page.split("## Three games")[0]!);
  expect(named).toHaveLength(2);
  for (const name of named)
    expect(
      last.some((key) => key.endsWith(name)),
      name,
    ).toBe(true);
  const benches = blocksOf(page).filter(({ name }) => name === "bench");
  expect(benches.map(({ code }) => argsOf(code))).toEqual([
    ["bench", "agents", "--part", "moe-games"],
    ["bench", "moe"],
  ]);
});

it(
  "trains a policy on three games of MinAtar, and another on two, as it says, in few and small steps",
  { timeout: 120_000 },
  async () => {
    const folder = userFolder();
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(folder);
    const quick =
      "--steps 192 --num 6 --max-steps 15 --set hidden=[8] --set filters=4 --set steps=16 --set minibatch=48";
    const block = (name: string): string[] =>
      blocksOf(page)
        .find((one) => one.name === name)!
        .code.trim()
        .split("\n");
    const [train, evaluation] = block("minatar");
    const done = await call(...argsOf(train!), ...quick.split(" "));
    expect(done.stderr).not.toMatch(/expected/);
    const all: Record<string, number> = Object.assign({}, ...(await readMetrics(join(folder, "runs/minatar")))) as Record<string, number>; // prettier-ignore
    expect(namedIn(page.split("## Three games")[1]!)).toEqual(["game 0/return", "torso.moe/game 1/expert 2"]);
    for (const name of ["game 0/return", "torso.moe/game 1/expert 2"]) expect(all).toHaveProperty([name]);
    const played = await call(...argsOf(evaluation!), "--episodes", "6");
    expect(played.stdout).toMatch(/ppo, game 2/);
    const [resets] = block("resets");
    const args = Array.from(resets!.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!).slice(2);
    const two = await call(...args, ...quick.split(" "));
    expect(two.stderr).not.toMatch(/expected/);
    expect(two.code).toBe(0);
  },
);

const namedIn = (text: string): string[] => Array.from(text.matchAll(/^- `([^`]+)`/gm), ([, name]) => name!);
