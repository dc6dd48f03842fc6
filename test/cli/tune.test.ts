/** `dojang tune` finds what is better, goes on after SIGKILL without doing anything twice, and writes what `dojang train` takes. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { strayProcesses } from "../support/leaks.ts";
import { tempDir } from "../support/temp.ts";
import { call, lastLine, type CallResult } from "./call.ts";
import { startJson, userFolder } from "./user-folder.ts";

/** Against alpha = 1e-9, with which nothing is learnt in so few steps. */
const SPACE = JSON.stringify({ alpha: [0.5, 0.3, 0.9] });
const SEARCH = ["q-learning", "CliffWalking-v1", "--max-steps", "100", "--eval-episodes", "2", "--seed", "4"];

interface Outcome {
  readonly folder: string;
  readonly best: { readonly file: string; readonly score: number; readonly config: { readonly alpha: number } };
  readonly trials: readonly { readonly trial: number; readonly rounds: number; readonly score?: number; readonly error?: string }[]; // prettier-ignore
}

const spaceFile = (text = SPACE): string => {
  const file = join(tempDir(), "space.json");
  writeFileSync(file, text);
  return file;
};

/** Trainings are processes of their own: on a machine that does much else each takes its time. */
const SLOW = { timeout: 240_000 };

describe("dojang tune", () => {
  it(
    "goes on after SIGKILL: finished trainings are not touched, no process is left, and train takes the best",
    SLOW,
    async () => {
      const folder = userFolder({ "space.json": SPACE });
      const search = ["tune", ...SEARCH, "--set", "alpha=1e-9", "--space", "space.json", "--trials", "3", "--rounds", "2", "--steps", "24000", "--jobs", "2", "--out", "search"]; // prettier-ignore
      const first = startJson(folder, ...search);
      await first.line<{ trial?: number }>(({ trial }) => trial !== undefined);
      process.kill(first.child.pid ?? 0, "SIGKILL");
      await first.end();
      while (children().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const out = join(folder, "search");
      const finished = readdirSync(out).filter((name) => existsSync(join(out, name, "receipt.json")));
      const done = finished.filter((name) => readFileSync(join(out, name, "receipt.json"), "utf8").includes('"done"'));
      const touched = (name: string): number => statSync(join(out, name, "receipt.json")).mtimeMs;
      const before = done.map(touched);
      expect(done.length).toBeGreaterThan(0);

      const resumed = await callSearch(out);
      const { best, trials } = lastLine(resumed) as Outcome;
      expect(resumed.code).toBe(0);
      expect(trials.map(({ rounds }) => rounds)).toEqual([2, 1, 1]);
      // Candidate 0 is the base, which learns nothing.
      expect(trials[0]?.trial).not.toBe(0);
      expect(best.config.alpha).toBeGreaterThan(0.2);
      expect(best.score).toBeGreaterThan(-100);
      const untouched = done.filter((name, i) => touched(name) === before[i]);
      expect(untouched.length).toBeGreaterThanOrEqual(done.length - 1);

      const again = await callSearch(out);
      expect(lastLine(again)).toEqual(lastLine(resumed));
      const run = join(folder, "run");
      const trained = await call("train", "q-learning", "CliffWalking-v1", "--config", best.file, "--steps", "100", "--out", run); // prettier-ignore
      expect(trained.code).toBe(0);
      const { config } = JSON.parse(readFileSync(join(run, "config.json"), "utf8")) as { config: { alpha: number } };
      expect(config.alpha).toBe(best.config.alpha);
    },
  );

  it("counts a candidate that breaks down as failed, and ends with status 1 where all do", SLOW, async () => {
    const folder = userFolder({ "huge.ts": HUGE });
    const out = join(folder, "search");
    const search = ["tune", "q-learning", join(folder, "huge.ts"), "--space", spaceFile('{"alpha": [1]}'), "--set", "alpha=1", "--set", "gamma=1", "--trials", "1", "--rounds", "1", "--steps", "100", "--num", "1", "--jobs", "1", "--out", out]; // prettier-ignore
    const done = await call(...search, "--json");
    expect(done.code).toBe(1);
    const { trials } = lastLine(done) as Outcome;
    expect(trials).toHaveLength(1);
    for (const trial of trials) expect(trial.error).toMatch(/table q, state 0/);
    expect(existsSync(join(out, "best.json"))).toBe(false);
  });
});

describe("a wrong call of dojang tune", () => {
  const tune = (...args: string[]): Promise<CallResult> =>
    call("tune", "q-learning", "CliffWalking-v1", ...args, "--out", join(tempDir(), "search"));

  it.each([
    ['{"alpa": [1]}', /--space \S+: expected keys among alpha, .*Did you mean "alpha"\?/],
    ['{"alpha": [7]}', /param alpha: expected .*got 7/],
    ['{"alpha": {"from": 1}}', /--space \S+: alpha: expected a list of values, or/],
    ["[1]", /--space \S+: expected a JSON object, got \[1\]/],
    ['{"alpha"', /--space \S+: expected a JSON object, got "/],
  ])("with the space %s is answered in one line and leaves no folder", async (text, message) => {
    const out = join(tempDir(), "search");
    const done = await call("tune", "q-learning", "CliffWalking-v1", "--space", spaceFile(text), "--out", out);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(message);
    expect(done.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
  });

  it("names a missing space file, an unknown agent, a folder without a search", async () => {
    expect((await tune("--space", "nowhere.json")).stderr).toMatch(/^dojang: nowhere\.json: expected a file or folder that exists/); // prettier-ignore
    expect((await call("tune", "q-lerning", "CliffWalking-v1")).stderr).toMatch(/Did you mean "q-learning"\?/);
    const none = await call("tune", "q-learning", "CliffWalking-v1", "--resume", "--out", tempDir());
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/expected a search with its tune\.json/) as string }); // prettier-ignore
  });

  it("stops at the first training that cannot begin, with its words", SLOW, async () => {
    const out = join(tempDir(), "search");
    const done = await call("tune", "q-learning", "CliffWalkin-v1", "--trials", "1", "--jobs", "1", "--out", out);
    expect(done.code).toBeGreaterThan(0);
    expect(done.stderr).toMatch(
      /expected the id of a known env, got "CliffWalkin-v1"\. Did you mean CliffWalking-v1\?/,
    );
  });
});

const callSearch = (out: string): Promise<CallResult> =>
  call("tune", "q-learning", "CliffWalking-v1", "--resume", "--out", out, "--json");

const children = (): string[] => strayProcesses(`DOJANG_TEST_FILE=${process.env["DOJANG_TEST_FILE"] ?? ""}`);

/** Pays more than the table can add up. */
const HUGE = `
import { defineEnv, discrete, rules } from "dojang/env";
export default defineEnv({
  id: "huge-v0",
  build: () =>
    rules({
      action: discrete(1),
      observation: discrete(1),
      reset: () => 0,
      step: (t: number) => ({ state: t + 1, reward: 1.7e308, terminated: false }),
      observe: () => 0,
    }),
});
`;
