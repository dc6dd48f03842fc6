/** What `bench agents` keeps and reads: rows of cells, patterns of their keys, the first time that returns reach a target. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { train } from "dojang/agents";
import { local } from "dojang/client/local";
import { describe, expect, it, onTestFinished } from "vitest";
import { CELLS, fits, type Cell } from "../../bench/agents/cells.ts";
import { ReturnsWatch } from "../../bench/agents/first-time.ts";
import { appendRow, readRows } from "../../bench/agents/rows.ts";
import { tables } from "../../bench/agents/tables.ts";
import { trainCell } from "../../bench/agents/train-cell.ts";
import { tempDir } from "../support/temp.ts";

const file = (): string => join(tempDir(), "results.jsonl");

describe("rows of cells", () => {
  it("gives the last row of each cell", () => {
    const results = file();
    for (const row of [{ cell: "a", score: 1 }, { cell: "b", score: 2 }, { cell: "a", score: 3 }]) appendRow(results, row); // prettier-ignore
    expect([...readRows(results).values()]).toEqual([
      { cell: "b", score: 2 },
      { cell: "a", score: 3 },
    ]);
  });

  it("leaves out a line that a kill cut off, and writes the next one on a line of its own", () => {
    const results = file();
    appendRow(results, { cell: "a", score: 1 });
    appendFileSync(results, '{"cell":"b","sco');
    appendRow(results, { cell: "c", score: 2 });
    expect([...readRows(results).keys()]).toEqual(["a", "c"]);
  });

  it("has no rows where there is no file", () => {
    expect(readRows(file()).size).toBe(0);
  });
});

describe("cells", () => {
  it("have keys of their own", () => {
    expect(new Set(CELLS.map(({ key }) => key)).size).toBe(CELLS.length);
  });

  it.each([
    ["minatar/ppo/MinAtar/Breakout-v0/1", "minatar", true],
    ["minatar/ppo/MinAtar/Breakout-v0/1", "*Breakout*", true],
    ["minatar/ppo/MinAtar/Breakout-v0/1", "minatar/*/1", true],
    ["minatar/ppo/MinAtar/Breakout-v0/1", "minatar/*/2", false],
    ["minatar/ppo/MinAtar/Breakout-v0/1", "Breakout", false],
    ["a.c/1", "abc", false],
  ])("%s fits %s: %s", (key, pattern, fit) => {
    expect(fits(key, pattern)).toBe(fit);
  });
});

describe("a cell", () => {
  const cell: Cell = { key: "x/q-learning/FrozenLake-v1/1", part: "x", agent: "q-learning", env: "FrozenLake-v1", seed: 1, steps: 60_000, num: 4, episodes: 50, wanted: 0.05, resumable: true }; // prettier-ignore

  it("that was cut off goes on where it was, and comes to what it would have come to", async () => {
    const folder = tempDir();
    const stop = new AbortController();
    const client = local();
    onTestFinished(() => client.close());
    const { seed, steps, num } = cell;
    const out = join(folder, "cut");
    const options = { client, agentId: cell.agent, envId: cell.env, seed, steps, num, out, signal: stop.signal };
    const cut = await train({ ...options, onProgress: () => stop.abort() });
    expect(cut).toMatchObject({ status: "interrupted" });
    const { seconds, processSeconds, cpuSeconds, framesPerSecond, ...same } = await trainCell(cell, out);
    const whole = await trainCell(cell, join(folder, "whole"));
    expect(whole).toMatchObject({ ...same, curve: expect.any(Array) as unknown });
    expect(same).toMatchObject({ frames: 60_000, episodes: 50, num: 4 });
    expect([seconds, processSeconds, cpuSeconds, framesPerSecond].every((value) => Number(value) > 0)).toBe(true);
  }, 60_000);
});

describe("a cell of several games", () => {
  it("plays each as often, and tells the score of each by its name and the shares of the experts, which add up to 1", async () => {
    const settings = { hidden: [8], filters: 4, experts: 2, steps: 16, minibatch: 48, epochs: 1 };
    const cell: Cell = { key: "x/ppo/MinAtar/Games-v0/1", part: "x", agent: "ppo", env: "MinAtar/Games-v0", seed: 1, steps: 96, num: 3, episodes: 1, config: settings }; // prettier-ignore
    const row = await trainCell(cell, join(tempDir(), "run"));
    expect(row).toMatchObject({ episodes: 3, games: [{ name: "Breakout" }, { name: "Asterix" }, { name: "Freeway" }] });
    const { "torso.moe": shares = [] } = row["shares"] as unknown as Readonly<Record<string, readonly number[][]>>;
    expect(shares).toHaveLength(3);
    for (const of of shares) expect(of.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(row["maxViolation"]).toMatchObject({ "torso.moe": expect.any(Number) as unknown });
  }, 60_000);
});

describe("tables of rows", () => {
  const solved = (seed: number, secondsToTarget: number | null) => ({
    ...{ cell: `cartpole/ppo/CartPole-v1/${seed}`, met: secondsToTarget !== null, target: 475, stepsToTarget: 60_000 },
    ...{ secondsToTarget, cpuSecondsToTarget: 9, processSeconds: 12, frames: 61_000 },
    ...{ agent: "ppo", env: "CartPole-v1", seed, commit: "abc" },
  });

  it("put the seeds of an agent on an env in one line: median, least, greatest, and how many came to what is wanted", () => {
    const text = tables([solved(1, 10), solved(2, 30), solved(3, 20), solved(4, null)]);
    expect(text.split("\n").at(-1)).toBe(
      "| ppo | CartPole-v1 | 4 | 20 (10 to 30) | 9 (9 to 9) | 60,000 (60,000 to 60,000) | 12 (12 to 12) | 61,000 (61,000 to 61,000) | 475: 3 of 4 | abc |",
    );
  });

  it("give the word for settings beside the agent, and each seed's score with its standard error", () => {
    const [env, cell] = ["MinAtar/Breakout-v0", "minatar/dqn/slow/MinAtar/Breakout-v0/1"];
    const row = { cell, score: 9.876, standardError: 0.41, wanted: 10, met: false, env, seed: 1, commit: "abc" };
    expect(tables([row]).split("\n").at(-1)).toMatch(
      /^\| dqn, slow \| MinAtar\/Breakout-v0 \| 1 \| 9.88 \+\/- 0.41 \| - \| 10: 0 of 1 \|/,
    );
  });
});

describe("tables of one policy for several games", () => {
  const cell = (env: string): string => `moe-games/ppo/${env}/2`;
  const several = {
    ...{ cell: cell("MinAtar/Games-v0"), env: "MinAtar/Games-v0", seed: 2, score: 8, standardError: 1 },
    games: [
      { name: "Breakout", score: 9, standardError: 0.5 },
      { name: "Freeway", score: 30, standardError: 0.25 },
    ],
    shares: { "torso.moe": [[0.5, 0.5, 0], [0.25, 0.25, 0.5]] }, // prettier-ignore
  };
  const alone = (game: string, score: number, seed = 2) => ({
    ...{ cell: `moe-games/ppo/MinAtar/${game}-v0/${seed}`, env: `MinAtar/${game}-v0`, seed, score, standardError: 1 },
  });

  it("put each game's score beside that of the policy for it alone with the same seed, and say whether 0.7 of it is reached", () => {
    const text = tables([several, alone("Breakout", 12), alone("Breakout", 1, 1), alone("Freeway", 50)]);
    expect(text).toContain("| Breakout | 2 | 9.00 +/- 0.50 | 12.00 +/- 1.00 | 0.75 | met |");
    expect(text).toContain("| Freeway | 2 | 30.00 +/- 0.25 | 50.00 +/- 1.00 | 0.60 | not met |");
  });

  it("say nothing of a ratio while there is no policy for the game alone", () => {
    expect(tables([several])).toContain("| Freeway | 2 | 30.00 +/- 0.25 | - | - | - |");
  });

  it("have a line for each game with the share that each expert saw", () => {
    const [title, , first, second] = tables([several]).split("\n").slice(-4);
    expect(title).toBe("| torso.moe, seed 2 | expert 0 | expert 1 | expert 2 |");
    expect([first, second]).toEqual(["| Breakout | 0.50 | 0.50 | 0.00 |", "| Freeway | 0.25 | 0.25 | 0.50 |"]);
  });

  it("are not there for parts of one game", () => {
    expect(tables([alone("Breakout", 12)])).not.toContain("ratio");
  });
});

describe("the first time that returns reach a target", () => {
  /** Random play until the watch has seen `episodes` episodes end; gives them with the env step at which each ended. */
  async function played(watch: ReturnsWatch, episodes: number): Promise<{ return: number; step: number }[]> {
    const client = watch.watch(local());
    onTestFinished(() => client.close());
    const env = await client.make("CartPole-v1", { num: 3, seed: 5, autoreset: "next-step" });
    await env.reset();
    const ended: { return: number; step: number }[] = [];
    for (let step = 0, frame = 0; ended.length < episodes; frame++) {
      const { status, episode } = await env.step(Int32Array.from({ length: 3 }, (_, i) => (frame + i) % 2));
      step += status.filter((one) => one === 0).length;
      for (const total of episode?.return ?? []) ended.push({ return: total, step });
    }
    return ended;
  }
  const mean = (all: readonly { return: number }[]): number => all.reduce((sum, one) => sum + one.return, 0) / 100;

  it("is when the mean of the last 100 is that high, counted in transitions and not in reset rows", async () => {
    const means = (all: { return: number; step: number }[]) =>
      all.slice(99).map(({ step }, i) => ({ step, mean: mean(all.slice(i, i + 100)) }));
    const seen = means(await played(new ReturnsWatch(Infinity), 300));
    const best = Math.max(...seen.map((one) => one.mean));
    const watch = new ReturnsWatch(best - 1e-9);
    await played(watch, 300);
    expect(watch.best).toBeCloseTo(best, 9);
    expect(watch.first?.steps).toBe(seen.find((one) => one.mean >= best - 1e-9)?.step);
    expect(watch.first?.cpuSeconds).toBeGreaterThan(0);
  });

  it("is not before 100 episodes have ended, nor where the target is never reached", async () => {
    const [early, never] = [new ReturnsWatch(0), new ReturnsWatch(1e9)];
    await played(early, 99);
    await played(never, 150);
    expect([early.first, never.first]).toEqual([undefined, undefined]);
  });
});
