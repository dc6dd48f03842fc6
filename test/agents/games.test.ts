/** One policy with experts for three games at once: equal shares of the steps, metrics of each game, and what is refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate, findAgent, train, type Act, type TrainOptions } from "dojang/agents";
import { local } from "dojang/client/local";
import { box, dict, discrete } from "dojang/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempDir } from "../support/temp.ts";
import { wrapClient, wrapEnv } from "./wrap-env.ts";

const SMALL = {
  ...{ hidden: [8], filters: 4, experts: 3, steps: 16, minibatch: 48, epochs: 1 },
  learningRate: { from: 1e-3, to: 0, over: 1_000 },
};
const GAMES = { agentId: "ppo", envId: "MinAtar/Games-v0", seed: 1, num: 6, config: SMALL } as const;

function client() {
  const made = local();
  onTestFinished(() => made.close());
  return made;
}

const linesOf = (folder: string): Record<string, number>[] =>
  readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, number>);

/** Trains in `out`, all in one go or in two. */
const trained = (out: string, options: Partial<TrainOptions> = {}) =>
  train({ client: client(), ...GAMES, steps: 960, logEvery: 96, out, ...options });

describe("one policy for three games", () => {
  it("has each game in a third of its instances, for all their episodes", async () => {
    const seen = new Map<number, Set<number>>();
    let begun = 0;
    const inner = client();
    const watched = wrapClient(inner, async (id, options) => {
      const env = await inner.make(id, options);
      return wrapEnv(env, {
        step: async (...args) => {
          const frame = await env.step(...args);
          const { game } = frame.observations as unknown as { game: Int32Array };
          game.forEach((one, row) => seen.set(row, (seen.get(row) ?? new Set()).add(one)));
          return frame;
        },
        reset: async (...args) => {
          begun++;
          return env.reset(...args);
        },
      });
    });
    const { settings } = await trained(join(tempDir(), "run"), { client: watched });
    expect(settings).toMatchObject({ autoreset: "disabled", resets: [{ game: 0 }, { game: 1 }, { game: 2 }] });
    // Episodes of the first two games are short: many have begun anew.
    expect(begun).toBeGreaterThan(10);
    expect([...seen].map(([row, games]) => [row, [...games]])).toEqual(
      [0, 1, 2, 3, 4, 5].map((row) => [row, [row % 3]]),
    );
  });

  it("tells the return of each game and each expert's share of it, which add up to 1", async () => {
    const folder = join(tempDir(), "run");
    await trained(folder, { evalEvery: 960, evalEpisodes: 6, maxSteps: 40 });
    const all: Record<string, number> = Object.assign({}, ...linesOf(folder)) as Record<string, number>;
    for (const game of [0, 1, 2]) {
      expect(all[`game ${game}/return`]).toBeGreaterThanOrEqual(0);
      expect(all[`evaluation/game ${game}/return`]).toBeGreaterThanOrEqual(0);
      const shares = [0, 1, 2].map((expert) => all[`torso.moe/game ${game}/expert ${expert}`]!);
      expect(shares.every((share) => share >= 0 && share <= 0.5)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    }
    expect(all["torso.moe/max_violation"]).toBeGreaterThanOrEqual(0);
  });

  it("goes on from its last checkpoint as if nothing had happened, the games of the instances included", async () => {
    const [whole, cut] = [join(tempDir(), "whole"), join(tempDir(), "cut")];
    await trained(whole);
    await trained(cut, { steps: 480, checkpointEvery: 96 });
    await trained(cut, { resume: true, steps: 960 });
    const numbers = (folder: string) =>
      linesOf(folder).map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !/Second/i.test(name))));
    expect(numbers(cut)).toEqual(numbers(whole));
  });

  it("is evaluated on each game as often: 7 episodes are 3, 2 and 2, whatever the number of instances", async () => {
    const scores = [];
    for (const num of [1, 5]) {
      const env = await client().make("MinAtar/Games-v0", { num, seed: 4, autoreset: "disabled", maxSteps: 30 });
      const still: Act = ({ n }) => ({ action: new Int32Array(n) });
      scores.push(await evaluate(env, still, { episodes: 7, resets: [{ game: 0 }, { game: 1 }, { game: 2 }] }));
    }
    expect(scores[0]?.games?.map(({ game, episodes }) => [game, episodes])).toEqual([[0, 3], [1, 2], [2, 2]]); // prettier-ignore
    expect(scores[1]).toEqual(scores[0]);
  });

  it("normalises rewards and plays with a dense net behind the convolution too", async () => {
    const { learner } = await trained(join(tempDir(), "run"), { steps: 96, config: { ...SMALL, net: "conv", normalizeRewards: true } }); // prettier-ignore
    expect(learner.config).toMatchObject({ net: "conv" });
  });

  it.each([
    [{ resets: [{ game: 7 }] }, /reset options: expected \{game: 0 \.\. 2\}, got.*7/],
    [
      { agentId: "a3c", config: {}, resets: [{ game: 0 }] },
      /train: resets: expected an agent that learns from the steps of its own process, got.*a3c/,
    ],
  ])("refuses %j in one line", async (options, message) => {
    await expect(trained(join(tempDir(), "run"), options)).rejects.toThrow(message);
  });

  it("refuses a convolution before the experts where observations hold no grid", () => {
    const spaces = { observation: dict({ game: discrete(2), x: box([4], 0, 1) }), action: discrete(2) };
    expect(() => findAgent("ppo").create(spaces, { net: "conv-moe" })).toThrow(/net: param net: expected auto, mlp or moe/); // prettier-ignore
  });
});
