/** Which rows a call is about, and which actions they take: subsets, masks of legal actions, wrong actions, wrong batches. */
import { describe, expect, it } from "vitest";
import type { Space } from "../../protocol/spaces.ts";
import { box, dict, discrete, multiBinary, multiDiscrete, rules, type AnyRules } from "../../src/env/index.ts";
import { codes, counter, ints, lines, runnerOf, starts } from "./runner-support.ts";

/** Observes its own last action. */
const echo = (action: Space): AnyRules => ({
  action,
  observation: box([4], -1e9, 1e9, "float64"),
  reset: () => [],
  step: (_, given) => ({ state: Array.from(given as ArrayLike<number>), reward: 1, terminated: false }),
  observe: (state, out) => (out as Float64Array).set(state as number[]),
});

describe("a step of some rows", () => {
  it("gives a frame of just these rows, with their instance numbers", () => {
    const runner = runnerOf(counter(), { num: 4 });
    runner.reset();
    const frame = runner.step(ints(0, 1), { index: Uint32Array.of(1, 3) });
    expect([frame.index, lines(frame)]).toEqual([Uint32Array.of(1, 3), ["0: obs 1 reward 1", "0: obs 1 reward 1 T"]]);
    expect(lines(runner.step(ints(0, 0, 0, 0)))).toEqual([
      "0: obs 1 reward 1",
      "0: obs 2 reward 2",
      "0: obs 1 reward 1",
      "1: obs 0 reward 0",
    ]);
  });

  it.each([
    [[1, 1], /index\[1\]: expected an instance in 2..3, ascending, got 1/],
    [[2, 0], /index\[1\]/],
    [[0, 4], /index\[1\]: expected an instance in 1..3, ascending, got 4/],
  ])("refuses the rows %j as a whole", (rows, message) => {
    const runner = runnerOf(counter(), { num: 4 });
    runner.reset();
    expect(() => runner.step(ints(0, 0), { index: Uint32Array.from(rows) })).toThrow(message);
    expect(lines(runner.step(ints(0, 0, 0, 0)))[0]).toBe("0: obs 1 reward 1");
  });

  it("shows nothing of the rows of the frame before", () => {
    const runner = runnerOf(
      rules({
        action: discrete(2),
        observation: dict({ seen: box([2], 0, 9, "uint8"), at: discrete(10) }),
        infoSpace: discrete(10),
        reset: () => 0,
        step: (n) => ({ state: n + 1, reward: 1, terminated: false, rewards: { up: n } }),
        observe(n, out) {
          if (n > 0) out.seen[1] = n;
          return { at: n };
        },
        info: (n) => n,
      }),
      { num: 3 },
    );
    runner.reset();
    for (let k = 0; k < 3; k++) runner.step(ints(1, 1, 1));
    const frame = runner.step(ints(7, 1), { index: Uint32Array.of(0, 1) });
    expect(codes(frame)).toEqual({ 0: "BAD_ACTION" });
    expect(frame.observations).toEqual({ seen: Uint8Array.of(0, 0, 0, 4), at: ints(0, 4) });
    expect([frame.info, frame.parts]).toEqual([ints(0, 4), { up: Float64Array.of(NaN, 3) }]);
  });
});

describe("a reset of some rows", () => {
  it("begins new episodes in the rows of the mask and leaves the others alone", () => {
    const runner = runnerOf(counter(), { num: 3 });
    runner.reset();
    runner.step(ints(0, 0, 0));
    const frame = runner.reset({ mask: Uint8Array.of(1, 0, 1) });
    expect([frame.index, lines(frame)]).toEqual([Uint32Array.of(0, 2), ["1: obs 0 reward 0", "1: obs 0 reward 0"]]);
    expect(starts(frame).map(([place, episode]) => [place, episode])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(lines(runner.step(ints(0, 0, 0))).map((line) => line.slice(0, 8))).toEqual(["0: obs 1", "0: obs 2", "0: obs 1"]); // prettier-ignore
  });
  it("of no rows gives a frame of no rows", () => {
    const runner = runnerOf(counter(), { num: 2 });
    expect(runner.reset({ mask: new Uint8Array(2) }).status.length).toBe(0);
  });
  it("refuses a mask of another length", () => {
    expect(() => runnerOf(counter(), { num: 2 }).reset({ mask: new Uint8Array(3) })).toThrow(
      "Test-v0: mask: expected a Uint8Array of length 2, got Uint8Array(3)",
    );
  });
});

describe("legal actions", () => {
  /** Action 0 is legal at first, then only 1, then only 2, ... */
  const turns = (enforceLegal: boolean) => counter({ legal: ({ n }) => [0, 1, 2, 3].map((a) => a === n % 4), enforceLegal }); // prettier-ignore

  it("come with resets, steps and last observations", () => {
    const runner = runnerOf(
      rules({
        action: multiDiscrete([2, 3]),
        observation: discrete(9),
        reset: () => 0,
        step: (n) => ({ state: n + 1, reward: 0, terminated: n === 1 }),
        observe: (n) => n,
        legal: (n) => [n === 0, n === 1, 1, n === 2, 0],
      }),
      { autoreset: "same-step" },
    );
    expect(runner.reset().mask).toEqual(Uint8Array.of(1, 0, 1, 0, 0));
    expect(runner.step(ints(1, 2)).mask).toEqual(Uint8Array.of(0, 1, 1, 0, 0));
    const frame = runner.step(ints(1, 2));
    expect([frame.mask, frame.final?.mask]).toEqual([Uint8Array.of(1, 0, 1, 0, 0), Uint8Array.of(0, 0, 1, 1, 0)]);
  });

  it("are advice unless the rules enforce them", () => {
    const runner = runnerOf(turns(false));
    runner.reset();
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 1 reward 1"]);
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 2 reward 2"]);
  });

  it("are BAD_ACTION to break where the rules enforce them, and the legal one then goes on", () => {
    const runner = runnerOf(turns(true));
    runner.reset();
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 1 reward 1"]);
    const refused = runner.step(ints(0));
    expect(lines(refused)).toEqual(["2: obs 0 reward NaN"]);
    expect(refused.errors?.[0]?.message).toBe(
      "Test-v0: instance 0: action: action 0 is not legal in this state; see the mask",
    );
    expect(runner.step(ints(1)).terminated[0]).toBe(1);
  });

  it("name the component where a multiDiscrete choice breaks them", () => {
    const env = rules({
      action: multiDiscrete([2, 3]),
      observation: discrete(2),
      enforceLegal: true,
      reset: () => 0,
      step: (state) => ({ state, reward: 0, terminated: false }),
      observe: (n) => n,
      legal: () => [1, 1, 1, 0, 1],
    });
    const runner = runnerOf(env, { num: 2 });
    runner.reset();
    const frame = runner.step(ints(0, 1, 1, 2));
    expect([codes(frame), frame.errors?.[0]?.message]).toEqual([
      { 0: "BAD_ACTION" },
      "Test-v0: instance 0: action: choice 1 of component 1 is not legal in this state; see the mask",
    ]);
  });

  it.each([false, true])("of the wrong width are a fault that names both widths (enforced: %s)", (enforceLegal) => {
    let width = 4;
    const runner = runnerOf(counter({ legal: () => new Array<number>(width).fill(1), enforceLegal }), { num: 2 });
    runner.reset();
    width = 3;
    const frame = runner.step(ints(0, 0));
    expect(codes(frame)).toEqual({ 0: "ENV_FAULT", 1: "ENV_FAULT" });
    expect(frame.errors?.[0]?.message).toMatch(
      /instance 0, episode 0, step \d: legal: expected 4 flags, got \[1, 1, 1\]/,
    );
  });
});

describe("an action outside its space", () => {
  it.each([
    ["discrete from 5", discrete(3, 5), ints(5, 8, 7, 4), { 1: /an integer in 5..7, got 8/, 3: /got 4/ }],
    ["box", box([1], -1, [2]), Float32Array.of(2, 2.5, NaN, -1), { 1: /\[0\]: expected a number in -1..2, got 2.5/, 2: /got NaN/ }], // prettier-ignore
    ["multiDiscrete", multiDiscrete([2, 3]), ints(1, 2, 2, 0, 0, -1, 0, 0), { 1: /\[0\]: expected an integer in 0..1, got 2/, 2: /\[1\].*got -1/ }], // prettier-ignore
    ["multiBinary", multiBinary(2), Uint8Array.of(1, 1, 0, 2, 9, 0, 1, 0), { 1: /\[1\]: expected an integer in 0..1, got 2/, 2: /got 9/ }], // prettier-ignore
  ] as const)("in a batch of 4 (%s) fails its own row alone", (_, space, actions, wrong) => {
    const runner = runnerOf(echo(space), { num: 4 });
    runner.reset();
    const frame = runner.step(actions);
    const places = Object.keys(wrong).map(Number);
    expect(Array.from(frame.status, (status) => status === 2)).toEqual([0, 1, 2, 3].map((k) => places.includes(k)));
    for (const [place, why] of Object.entries(wrong)) {
      const error = frame.errors?.find(({ index }) => index === Number(place));
      expect(error).toMatchObject({ code: "BAD_ACTION", retryable: false });
      expect(error?.message).toMatch(why);
      expect(error?.message).toMatch(new RegExp(`^Test-v0: instance ${place}: action`));
      expect(error?.capsule).toBeUndefined();
    }
    expect(frame.rewards.map((reward) => (Number.isNaN(reward) ? -1 : reward))).toEqual(
      Float64Array.from([0, 1, 2, 3], (k) => (places.includes(k) ? -1 : 1)),
    );
  });
});

describe("a batch of the wrong form", () => {
  it.each([
    [discrete(4), ints(0, 0, 0), /^Test-v0: actions: expected Int32Array of length 2, got Int32Array\(3\)/],
    [discrete(4), Uint8Array.of(0, 0), /expected Int32Array of length 2, got Uint8Array\(2\)/],
    [discrete(4), [0, 0], /expected Int32Array of length 2, got \[0, 0\]/],
    [box([2], 0, 1), new Float64Array(4), /expected Float32Array of length 4, got Float64Array\(4\)/],
    [dict({ a: discrete(2) }), { b: ints(0, 0) }, /actions.a: expected Int32Array of length 2, got undefined/],
    [dict({ a: discrete(2) }), undefined, /expected columns a, got undefined/],
  ] as const)("%j refuses it as a whole", (space, actions, message) => {
    const runner = runnerOf(echo(space), { num: 2 });
    runner.reset();
    expect(() => runner.step(actions)).toThrow(message);
    expect(() => runner.step(actions)).toThrow(expect.objectContaining({ code: "BAD_ACTION" }) as Error);
  });
});
