/** Wrappers of actions, with numbers worked out by hand. */
import { describe, expect, it } from "vitest";
import {
  actionRepeat,
  box,
  clipAction,
  discrete,
  Rng,
  rescaleAction,
  rules,
  stickyActions,
  type AnyRules,
  type Transition,
} from "../../../src/env/index.ts";
import { codes, ends, runnerOf } from "../runner-support.ts";
import { doors, hand, later, ramp, Scripted, slide } from "./support.ts";

const at = (...values: number[]): Float32Array => Float32Array.from(values);

describe("clipAction", () => {
  it("takes 9 and -9 for 4 and -2, and leaves the caller's array alone", () => {
    const env = clipAction(slide());
    expect(env.action).toEqual(box([2], -Infinity, Infinity));
    const action = at(9, -9);
    expect(hand(env).step(action).reward).toBe(38);
    expect(action).toEqual(at(9, -9));
  });

  it("refuses what lies outside its own bounds, and NaN", () => {
    for (const action of [at(11, 0), at(NaN, 0)]) {
      const runner = runnerOf(clipAction(slide(), -10, 10));
      runner.reset();
      expect(codes(runner.step(action))).toEqual({ 0: "BAD_ACTION" });
    }
  });

  it("opens integers to all that their element type holds", () => {
    const bytes = rules({
      action: box([1], 1, 3, "uint8"),
      observation: discrete(4),
      reset: () => 0,
      step: (_, action) => ({ state: action[0] ?? 0, reward: 0, terminated: false }),
      observe: (state) => state,
    });
    const env = clipAction(bytes);
    expect(env.action).toEqual(box([1], 0, 255, "uint8"));
    const play = hand(env);
    play.step(Uint8Array.of(200));
    expect(play.see()).toBe(3);
  });

  it("refuses discrete actions", () => {
    expect(() => clipAction(ramp() as never)).toThrow(/^clipAction: action: expected a box, got discrete/);
  });
});

describe("rescaleAction", () => {
  it("maps -1 .. 1 onto 0 .. 4 and -2 .. 2", () => {
    const env = rescaleAction(slide());
    expect(env.action).toEqual(box([2], -1, 1));
    const play = hand(env);
    expect([at(-1, -1), at(0.5, 0), at(1, 1)].map((action) => play.step(action).reward)).toEqual([-2, 30, 42]);
  });

  it("never leaves a box, not even one of a single point, by rounding", () => {
    const point = rules({
      action: box([1], 0.1, 0.1, "float64"),
      observation: discrete(2),
      reset: () => 0,
      step: (state, action) => ({ state, reward: action[0] ?? NaN, terminated: false }),
      observe: (state) => state,
    });
    const play = hand(rescaleAction(point));
    const rewards = Array.from({ length: 201 }, (_, i) => play.step(Float64Array.of(i / 100 - 1)).reward);
    expect(new Set(rewards)).toEqual(new Set([0.1]));
  });

  it("maps 0 .. 10 as well", () => {
    expect(hand(rescaleAction(slide(), 0, 10)).step(at(5, 0)).reward).toBe(18);
  });

  it("refuses infinite bounds, an empty range, and integers", () => {
    expect(() => rescaleAction(clipAction(slide()))).toThrow(
      /bounds of the action: expected a number in .* got -Infinity/,
    );
    expect(() => rescaleAction(slide(), 1, 1)).toThrow(/expected low < high, got 1 and 1/);
    const bytes = { ...slide(), action: box([2], 0, 9, "uint8") };
    expect(() => rescaleAction(bytes as never)).toThrow(/expected float32 or float64, got uint8/);
  });
});

describe("stickyActions", () => {
  it("draws one uniform from the second step on, and repeats below p, though the caller reuses the array", () => {
    const rng = new Scripted(0.25, 0.2);
    const play = hand(stickyActions(slide(), 0.25), rng);
    const action = at(1, 0);
    expect(play.step(action).reward).toBe(10);
    expect(rng.left).toBe(2);
    action.set([2, 1]);
    expect(play.step(action).reward).toBe(21);
    action.set([4, 2]);
    expect(play.step(action).reward).toBe(21);
    expect(rng.left).toBe(0);
  });

  it("repeats a quarter of 4,000 steps", () => {
    const play = hand(stickyActions(doorless(), 0.25));
    let [repeats, last] = [0, 0];
    for (let k = 0; k < 4_000; k++) {
      const { reward } = play.step((last + 1) % 2);
      if (k > 0 && reward === last) repeats++;
      last = reward;
    }
    expect(Math.abs(repeats / 4_000 - 0.25)).toBeLessThan(0.03); // 4 standard errors
  });

  it("does not repeat what has become illegal", () => {
    const play = hand(stickyActions(doors(), 1));
    expect([0, 1, 0].map((action) => play.step(action).reward)).toEqual([0, 1, 1]);
  });

  it("repeats what the mask advises against where it is not enforced", () => {
    const { enforceLegal: _, ...advised } = doors();
    const play = hand(stickyActions(advised, 1));
    expect([0, 1, 1].map((action) => play.step(action).reward)).toEqual([0, 0, 0]);
  });

  it("refuses p = -0.1 and 1.1", () => {
    for (const p of [-0.1, 1.1])
      expect(() => stickyActions(ramp(), p)).toThrow(/^stickyActions: p: expected a number in 0..1/);
  });
});

const doorless = () => rules({ ...doors(), observation: discrete(10_000), legal: () => [1, 1] });

describe("actionRepeat", () => {
  it("of 4 sums rewards 1 .. 4 and their parts, then stops where the episode ends: 5 + 6", () => {
    const play = hand(actionRepeat(ramp(), 4));
    expect(play.step(0)).toMatchObject({ reward: 10, rewards: { half: 5 }, terminated: false });
    expect(play.step(0)).toMatchObject({ reward: 11, rewards: { half: 5.5 }, terminated: true });
    expect(play.numbers()).toEqual([6, -6]);
  });

  it("keeps a time limit of 30 inner steps to the step: 7 times 4, then 2", () => {
    const env = actionRepeat(slide(), 4);
    expect(env.maxSteps).toBe(8);
    const runner = runnerOf(env);
    runner.reset();
    const frames = Array.from({ length: 8 }, () => structuredClone(runner.step(at(1, 0))));
    expect(frames.map(({ rewards }) => rewards[0])).toEqual([40, 40, 40, 40, 40, 40, 40, 20]);
    expect(ends(frames[7]!)).toEqual([[0, 300, 8]]);
  });

  it("stops where the action has become illegal", () => {
    const play = hand(actionRepeat(doors(), 3));
    play.step(0);
    expect(play.see()).toBe(1);
    play.step(1);
    expect(play.see()).toBe(4);
  });

  it("of async rules stops when it is cancelled", async () => {
    const env = actionRepeat(await later.build({}, { log: () => undefined }), 3) as AnyRules;
    const controller = new AbortController();
    const [rng, state] = [new Rng(1), await env.reset(new Rng(1))];
    const step = (): Promise<Transition<unknown>> =>
      Promise.resolve(env.step(state, Int32Array.of(0, 0), rng, controller));
    expect((await step()).terminated).toBe(false);
    controller.abort(new Error("enough"));
    await expect(step()).rejects.toThrow("enough");
  });

  it("refuses k = 0", () => {
    expect(() => actionRepeat(ramp(), 0)).toThrow(/^actionRepeat: k: expected an integer in 1..1000, got 0/);
  });
});
