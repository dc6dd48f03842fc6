/** Seeds and options: explicit, derived, queued; what the receipts say. */
import { describe, expect, it } from "vitest";
import { discrete, episodeSeed, MAX_SEED, Rng, rules } from "../../src/env/index.ts";
import { codes, counter, ints, lines, runnerOf, starts } from "./runner-support.ts";

/** Shows a draw of the episode's generator, and its options. */
const dice = rules({
  action: discrete(2),
  observation: discrete(1000),
  reset: (rng, options) => ({ draw: rng.int(1000), options: options ?? null }),
  step: (state, action, rng) => ({ state: { ...state, draw: rng.int(1000) }, reward: 0, terminated: action === 1 }),
  observe: ({ draw }) => draw,
  render: ({ options }) => JSON.stringify(options),
});
const draws = (frame: { observations: unknown }): number[] => Array.from(frame.observations as Int32Array);
const firstDraw = (seed: number): number => new Rng(seed).int(1000);

describe("seeds", () => {
  it("derive from the make seed, the instance and the episode, and the receipts say so", () => {
    const runner = runnerOf(dice, { num: 3, seed: 42 });
    const frame = runner.reset();
    expect(starts(frame)).toEqual([0, 1, 2].map((row) => [row, 0, episodeSeed(42, row, 0)]));
    expect(draws(frame)).toEqual([0, 1, 2].map((row) => firstDraw(episodeSeed(42, row, 0))));
    runner.step(ints(1, 0, 1));
    expect(starts(runner.step(ints(0, 0, 0)))).toEqual([0, 2].map((row) => [row, 1, episodeSeed(42, row, 1)]));
  });

  it("given by the caller are those of the receipts, 0 and 2^53-1 among them", () => {
    const runner = runnerOf(dice, { num: 4 });
    const seeds = [0, 7, MAX_SEED, 0];
    const frame = runner.reset({ seeds });
    expect(starts(frame)).toEqual(seeds.map((seed, row) => [row, 0, seed]));
    expect(draws(frame)).toEqual(seeds.map(firstDraw));
  });

  it("of the make call may be 0, which is not 1", () => {
    const [zero, one] = [0, 1].map((seed) => draws(runnerOf(dice, { num: 8, seed }).reset()));
    expect(zero).toEqual(Array.from({ length: 8 }, (_, row) => firstDraw(episodeSeed(0, row, 0))));
    expect(zero).not.toEqual(one);
  });

  it("given with a mask belong to the rows of the mask, in order", () => {
    const runner = runnerOf(dice, { num: 3 });
    runner.reset();
    expect(starts(runner.reset({ mask: Uint8Array.of(1, 0, 1), seeds: [8, 9] }))).toEqual([
      [0, 1, 8],
      [1, 1, 9],
    ]);
  });

  it("of later episodes do not depend on those given for earlier ones", () => {
    const runner = runnerOf(dice);
    runner.reset({ seeds: [1234] });
    runner.step(ints(1));
    expect(starts(runner.step(ints(0)))).toEqual([[0, 1, episodeSeed(1, 0, 1)]]);
  });

  it.each([
    [{ seeds: [1] }, "BAD_SEED", /Test-v0: seeds: expected one for each of 2 rows, got \[1\]/],
    [{ seeds: [1, -1] }, "BAD_SEED", /Test-v0: seeds\[1\]: expected an integer in 0\.\.2\^53-1, got -1/],
    [{ seeds: [2 ** 53, 1] }, "BAD_SEED", /seeds\[0\]/],
    [{ seeds: [0.5, 1] }, "BAD_SEED", /seeds\[0\].*got 0.5/],
    [{ options: [1, 2, 3] }, "BAD_OPTIONS", /Test-v0: options: expected one for each of 2 rows/],
    [{ queue: { seeds: [[1], [2, -3]] } }, "BAD_SEED", /queue.seeds\[1\]\[1\].*got -3/],
    [{ queue: { options: [[]] } }, "BAD_OPTIONS", /queue.options: expected one for each of 2 rows/],
  ])("%j are refused, and nothing is reset", (request, code, message) => {
    const runner = runnerOf(dice, { num: 2 });
    runner.reset({ seeds: [3, 4] });
    expect(() => runner.reset(request as never)).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => runner.reset(request as never)).toThrow(message);
    runner.step(ints(1, 1));
    expect(starts(runner.step(ints(0, 0))).map(([, episode]) => episode)).toEqual([1, 1]);
  });

  it("of the make call are checked", () => {
    expect(() => runnerOf(dice, { seed: -5 })).toThrow("Test-v0: seed: expected an integer in 0..2^53-1, got -5");
  });
});

describe("options", () => {
  it("reach the reset of their row, and later episodes have none", () => {
    const runner = runnerOf(dice, { num: 2 });
    runner.reset({ options: [{ level: 3 }, null] });
    expect(runner.render([0, 1])).toEqual(['{"level":3}', "null"]);
    runner.step(ints(1, 0));
    runner.step(ints(0, 0));
    expect(runner.render([0])).toEqual(["null"]);
  });
});

describe("a queue", () => {
  it.each(["next-step", "same-step"] as const)(
    "gives seeds and options to the next episodes that %s begins, then derivation goes on",
    (autoreset) => {
      const runner = runnerOf(dice, { num: 2, autoreset });
      runner.reset({ queue: { seeds: [[11, 12], []], options: [["a"], ["b"]] } });
      const seen: number[][] = [];
      const pictures: string[] = [];
      for (let k = 0; k < 6; k++) {
        const frame = runner.step(ints(1, 1));
        if (frame.seeds === undefined) continue;
        seen.push(...starts(frame));
        pictures.push(...(runner.render([0, 1]) as string[]));
      }
      const derived = (row: number, episode: number): number[] => [row, episode, episodeSeed(1, row, episode)];
      expect(seen.slice(0, 6)).toEqual([[0, 1, 11], derived(1, 1), [0, 2, 12], derived(1, 2), derived(0, 3), derived(1, 3)]); // prettier-ignore
      expect(pictures.slice(0, 6)).toEqual(['"a"', '"b"', "null", "null", "null", "null"]);
    },
  );

  it("stays over a reset without one, and is replaced by a reset with one", () => {
    const runner = runnerOf(dice);
    runner.reset({ queue: { seeds: [[5, 6]] } });
    runner.reset();
    runner.step(ints(1));
    expect(starts(runner.step(ints(0)))[0]?.[2]).toBe(5);
    runner.reset({ queue: { seeds: [[]] } });
    runner.step(ints(1));
    expect(starts(runner.step(ints(0)))[0]).toEqual([0, 4, episodeSeed(1, 0, 4)]);
  });

  it("goes on behind an episode that cannot begin", () => {
    const env = counter({ reset: (_, options) => { if (options === "bad") throw new Error("no"); return { n: 0 }; } }); // prettier-ignore
    const runner = runnerOf(env);
    runner.reset({ queue: { seeds: [[1, 2]], options: [["bad"]] } });
    runner.step(ints(1));
    expect(codes(runner.step(ints(0)))).toEqual({ 0: "ENV_FAULT" });
    const frame = runner.step(ints(0));
    expect([lines(frame), starts(frame)]).toEqual([["1: obs 0 reward 0"], [[0, 2, 2]]]);
  });
});
