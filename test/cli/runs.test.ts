/** `dojang runs` compares runs over seeds, `dojang plot` draws them; both name in one line what they cannot read. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { train } from "dojang/agents";
import { local } from "dojang/client/local";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeFolder, removeFolder, tempDir } from "../support/temp.ts";
import { call, lastLine, wrong } from "./call.ts";

let folder = "";
beforeAll(async () => {
  folder = makeFolder();
  const client = local();
  for (const seed of [1, 2, 3])
    for (const alpha of [0.1, 0.5])
      await train({
        ...{ client, agentId: "q-learning", envId: "CliffWalking-v1", seed, steps: 4_000, config: { alpha } },
        ...{ maxSteps: 100, evalEvery: 2_000, evalEpisodes: 2, out: join(folder, `a${alpha}`, `seed${seed}`) },
      });
  await client.close();
});
afterAll(() => removeFolder(folder));

interface Group {
  readonly differs: object;
  readonly seeds: readonly number[];
  readonly score: { readonly of: string; readonly n: number; readonly mean: number; readonly interval: readonly number[]; readonly kind: string }; // prettier-ignore
}

/** A folder with a run whose file has this text instead. */
function damaged(name: string, text: string): string {
  const run = join(tempDir(), "runs", "bad");
  mkdirSync(run, { recursive: true });
  for (const file of ["config.json", "receipt.json", "metrics.jsonl"])
    writeFileSync(join(run, file), file === name ? text : readFileSync(join(folder, "a0.1", "seed1", file)));
  return run;
}

describe("dojang runs", () => {
  it("groups 6 runs by settings over 3 seeds, with mean and t interval", async () => {
    const done = await call("runs", folder, "--json");
    expect(done.code).toBe(0);
    const { groups, runs } = lastLine(done) as { groups: Group[]; runs: number };
    expect(runs).toBe(6);
    expect(groups.map(({ differs, seeds }) => [differs, seeds])).toEqual([
      [{ "config.alpha": 0.1 }, [1, 2, 3]],
      [{ "config.alpha": 0.5 }, [1, 2, 3]],
    ]);
    const lines = done.stdout.trimEnd().split("\n").slice(0, -1).map((line) => JSON.parse(line) as { score: { mean: number } }); // prettier-ignore
    const scores = lines.slice(0, 3).map(({ score }) => score.mean);
    const { mean, interval, kind, of, n } = groups[0]!.score;
    expect([of, n, kind]).toEqual(["evaluation", 3, "t"]);
    expect(mean).toBeCloseTo(scores.reduce((sum, one) => sum + one, 0) / 3, 9);
    expect(interval[0]! + interval[1]!).toBeCloseTo(2 * mean, 9);
  });

  it("shows one table of runs and one of groups that says what the interval is", async () => {
    const { stdout } = await call("runs", folder);
    expect(stdout).toMatch(/^RUN +STATUS +SEED +STEPS +SCORE/);
    expect(stdout).toContain("95% T INTERVAL");
    expect(stdout).toMatch(
      /q-learning +CliffWalking-v1 +alpha=0\.5 +3 +-\d+\.\d{3} +-?\d+\.\d{3} \.\. -?\d+\.\d{3} +evaluation/,
    );
  });

  it("leaves out a run that cannot be read among others and says so; named itself it is a wrong call", async () => {
    const run = damaged("config.json", "{");
    const among = await call("runs", join(run, "..", ".."), folder, "--json");
    expect(among.code).toBe(0);
    expect(lastLine(among)).toMatchObject({ runs: 6, unreadable: [{ folder: run }] });
    expect(among.stderr).toMatch(/^dojang: \S+bad is left out: .*readable config\.json.*\n$/);
    const itself = await call("runs", run);
    expect(itself.code).toBe(2);
    expect(itself.stderr).toMatch(/^dojang: \S+bad: expected a run folder with a readable config\.json.*\n$/);
  });

  it.each([
    ["receipt.json", "nonsense", /receipt\.json: expected JSON, got "nonsense"/],
    ["config.json", "{}", /config\.json: expected the settings of a run, got/],
  ])("names a %s that holds %j", async (name, text, message) => {
    const { code, stderr } = await call("runs", damaged(name, text));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it("refuses a folder that is missing, empty, or a file", async () => {
    const empty = tempDir();
    writeFileSync(join(empty, "file"), "");
    expect(await call("runs", join(empty, "none"))).toEqual(
      wrong(`${join(empty, "none")}: expected a folder with runs, got "nothing there"`),
    );
    expect((await call("runs", empty)).stderr).toContain(
      'expected a folder with runs, got "none in it". `dojang train`',
    );
    expect((await call("runs", join(empty, "file"))).stderr).toContain('got "a file"');
  });
});

describe("dojang plot", () => {
  it("draws a curve with a band for each setting as SVG, with axes, legend and what the band is", async () => {
    const out = join(tempDir(), "deep", "curves.svg");
    const done = await call("plot", folder, "--out", out, "--json");
    expect(done.code).toBe(0);
    expect(lastLine(done)).toMatchObject({ metric: "return", curves: [{ seeds: 3 }, { seeds: 3 }] });
    const svg = readFileSync(out, "utf8");
    expect(svg.match(/<polygon /g)).toHaveLength(2);
    for (const text of ["q-learning on CliffWalking-v1, alpha=0.1 (3 seeds)", "env steps", ">4k<", "95% t interval"])
      expect(svg).toContain(text);
  });

  it("draws the same as PNG: as large as it says, mostly white, with pixels of each curve's colour", async () => {
    const out = join(tempDir(), "curves.png");
    expect((await call("plot", folder, "--metric", "evaluation/return", "--out", out)).code).toBe(0);
    const { width, height, data, channels } = decode(readFileSync(out));
    expect([width, channels]).toEqual([960, 3]);
    const count = (r: number, g: number, b: number): number => {
      let found = 0;
      for (let i = 0; i < data.length; i += 3) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) found++;
      return found;
    };
    expect(count(255, 255, 255)).toBeGreaterThan(0.6 * width * height);
    expect(count(0, 114, 178)).toBeGreaterThan(100);
    expect(count(213, 94, 0)).toBeGreaterThan(100);
  });

  it("reads the metrics of a run that was killed in the middle of a line", async () => {
    const metrics = readFileSync(join(folder, "a0.1", "seed1", "metrics.jsonl"), "utf8");
    const run = damaged("metrics.jsonl", metrics.slice(0, -20));
    const done = await call("plot", run, "--out", join(tempDir(), "x.svg"), "--json");
    expect(done.code).toBe(0);
  });

  it("refuses wrong files and metrics in one line", async () => {
    const out = join(tempDir(), "x.svg");
    const said = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await call("plot", ...args);
      expect(code).toBe(2);
      return stderr.trimEnd().split("\n").at(-1) ?? "";
    };
    expect(await said(folder)).toMatch(/^dojang: --out: expected a file that ends in \.svg or \.png, got nothing/);
    expect(await said(folder, "--out", "x.jpg")).toMatch(
      /--out: expected a file that ends in \.svg or \.png, got "x\.jpg"/,
    );
    expect(await said(folder, "--out", out, "--metric", "retrun")).toMatch(
      /--metric: expected one of .*got "retrun"\. Did you mean return\?/,
    );
    expect(await said(damaged("metrics.jsonl", "nonsense\n"), "--out", out)).toMatch(
      /metrics\.jsonl, line 1: expected JSON, got "nonsense"/,
    );
    expect(await said("--out", out)).toMatch(/dojang plot: expected RUNS, got nothing/);
  });
});
