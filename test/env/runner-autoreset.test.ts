/** How episodes end and begin again: the three autoreset modes frame by frame, time limits, receipts. */
import { describe, expect, it } from "vitest";
import type { Frame } from "../../protocol/frames.ts";
import { episodeSeed } from "../../src/env/rng.ts";
import { codes, counter, ends, ints, lines, runnerOf, starts } from "./runner-support.ts";

const seedOf = (row: number, episode: number): number => episodeSeed(1, row, episode);

describe("next-step autoreset", () => {
  it("gives the last observation with the end, then a reset row without a transition, then step 1", () => {
    const runner = runnerOf(counter());
    expect(lines(runner.reset())).toEqual(["1: obs 0 reward 0"]);
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 1 reward 1"]);
    const last = runner.step(ints(1));
    expect([lines(last), ends(last), starts(last)]).toEqual([["0: obs 2 reward 2 T"], [[0, 3, 2]], []]);
    const next = runner.step(ints(1));
    expect([lines(next), ends(next), starts(next)]).toEqual([["1: obs 0 reward 0"], [], [[0, 1, seedOf(0, 1)]]]);
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 1 reward 1"]);
  });

  it("resets only the row that ended", () => {
    const runner = runnerOf(counter(), { num: 3 });
    runner.reset();
    runner.step(ints(0, 1, 0));
    const frame = runner.step(ints(0, 0, 0));
    expect(lines(frame)).toEqual(["0: obs 2 reward 2", "1: obs 0 reward 0", "0: obs 2 reward 2"]);
    expect(starts(frame)).toEqual([[1, 1, seedOf(1, 1)]]);
  });
});

describe("same-step autoreset", () => {
  it("gives the end's reward with the next episode's first observation, and the last one in `final`", () => {
    const runner = runnerOf(counter(), { num: 2, autoreset: "same-step" });
    runner.reset();
    const frame = runner.step(ints(0, 1));
    expect(lines(frame)).toEqual(["0: obs 1 reward 1", "0: obs 0 reward 1 T"]);
    expect([Array.from(frame.final?.index ?? []), frame.final?.observations]).toEqual([[1], ints(1)]);
    expect([ends(frame), starts(frame)]).toEqual([[[1, 1, 1]], [[1, 1, seedOf(1, 1)]]]);
    const next = runner.step(ints(0, 0));
    expect(lines(next)).toEqual(["0: obs 2 reward 2", "0: obs 1 reward 1"]);
    expect([next.final, next.episode, next.seeds]).toEqual([undefined, undefined, undefined]);
  });

  it("keeps apart the last observations and masks of 40 rows that end together", () => {
    const env = counter({ legal: ({ n }) => [1, 1, n === 2 ? 1 : 0, n === 3 ? 1 : 0] });
    const runner = runnerOf(env, { num: 40, autoreset: "same-step" });
    runner.reset();
    for (let k = 0; k < 40; k++) runner.step(ints(0), { index: Uint32Array.of(k) });
    for (let k = 20; k < 40; k++) runner.step(ints(0), { index: Uint32Array.of(k) });
    const { final } = runner.step(new Int32Array(40).fill(1));
    const last = Array.from({ length: 40 }, (_, k) => (k < 20 ? 2 : 3));
    expect(Array.from(final?.observations as unknown as Int32Array)).toEqual(last);
    expect(Array.from(final?.mask ?? [])).toEqual(last.flatMap((n) => (n === 2 ? [1, 1, 1, 0] : [1, 1, 0, 1])));
  });
});

describe("disabled autoreset", () => {
  it("asks for a reset after the end, and begins episode 1 by a reset with a mask", () => {
    const runner = runnerOf(counter(), { num: 2, autoreset: "disabled" });
    runner.reset();
    const last = runner.step(ints(0, 1));
    expect(lines(last)).toEqual(["0: obs 1 reward 1", "0: obs 1 reward 1 T"]);
    const refused = runner.step(ints(0, 0));
    expect(lines(refused)).toEqual(["0: obs 2 reward 2", "2: obs 0 reward NaN"]);
    expect(refused.errors?.[0]).toMatchObject({ index: 1, code: "RESET_NEEDED", retryable: false });
    expect(refused.errors?.[0]?.message).toMatch(/^Test-v0: instance 1: no episode is under way/);
    const reset = runner.reset({ mask: Uint8Array.of(0, 1) });
    expect([reset.index, lines(reset), starts(reset)]).toEqual([
      Uint32Array.of(1),
      ["1: obs 0 reward 0"],
      [[0, 1, seedOf(1, 1)]],
    ]);
    expect(lines(runner.step(ints(0, 0)))).toEqual(["0: obs 3 reward 3", "0: obs 1 reward 1"]);
  });
});

describe("a step before the first reset", () => {
  it.each(["next-step", "same-step", "disabled"] as const)("is RESET_NEEDED under %s", (autoreset) => {
    const runner = runnerOf(counter(), { autoreset });
    const frame = runner.step(ints(0));
    expect([lines(frame), codes(frame)]).toEqual([["2: obs 0 reward NaN"], { 0: "RESET_NEEDED" }]);
  });
});

describe("the time limit", () => {
  const play = (limit: number | undefined, actions: number[], own?: number): Frame[] => {
    const env = counter(own === undefined ? {} : { maxSteps: own });
    const runner = runnerOf(env, limit === undefined ? {} : { maxSteps: limit });
    runner.reset();
    return actions.map((action) => {
      const frame = runner.step(ints(action));
      return { ...frame, terminated: frame.terminated.slice(), truncated: frame.truncated.slice() };
    });
  };
  const flags = (frames: Frame[]): string[] => frames.map(({ terminated, truncated }) => `${terminated[0]}${truncated[0]}`); // prettier-ignore

  it("truncates at step 3 of 3 and counts anew in the next episode", () => {
    expect(flags(play(3, [0, 0, 0, 0, 0, 0, 0]))).toEqual(["00", "00", "01", "00", "00", "00", "01"]);
  });
  it("sets both flags when the rules end the episode in the last step", () => {
    expect(flags(play(2, [0, 1]))).toEqual(["00", "11"]);
  });
  it("is the plugin's own where the caller names none", () => {
    expect(flags(play(undefined, [0, 0], 2))).toEqual(["00", "01"]);
  });
  it("is the caller's where both name one", () => {
    expect(flags(play(1, [0], 2))).toEqual(["01"]);
  });
  it("is lifted by 0", () => {
    expect(flags(play(0, new Array<number>(50).fill(0), 2))).toEqual(new Array(50).fill("00"));
  });
  it("does not count refused actions", () => {
    const runner = runnerOf(counter(), { maxSteps: 2 });
    runner.reset();
    runner.step(ints(0));
    expect(codes(runner.step(ints(9)))).toEqual({ 0: "BAD_ACTION" });
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 2 reward 2 t"]);
  });
});
