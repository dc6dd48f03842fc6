/** Wrappers of rewards, time and info, with numbers worked out by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  clipReward,
  discrete,
  episodeStatistics,
  normalizeReward,
  rewardShaping,
  rules,
  timeLimit,
  transformReward,
} from "../../../src/env/index.ts";
import { codes, ends, ints, runnerOf } from "../runner-support.ts";
import { doors, hand, later, ramp, runnerOn } from "./support.ts";

describe("clipReward", () => {
  it("cuts 1, 2, 3, 4 to 1.5 .. 3 and leaves named parts alone", () => {
    const play = hand(clipReward(ramp(), 1.5, 3));
    const steps = [1, 2, 3, 4].map(() => play.step(0));
    expect(steps.map(({ reward }) => reward)).toEqual([1.5, 2, 3, 3]);
    expect(steps[3]?.rewards).toEqual({ half: 2 });
  });

  it("refuses low > high and NaN", () => {
    expect(() => clipReward(ramp(), 2, 1)).toThrow(new RangeError("clipReward: expected low <= high, got 2 and 1"));
    expect(() => clipReward(ramp(), NaN)).toThrow(/clipReward: low: expected a number/);
  });
});

describe("transformReward", () => {
  it("gives what the function gives; NaN is a fault of the env, not a reward", () => {
    expect(hand(transformReward(ramp(), (reward) => 3 - reward)).step(0).reward).toBe(2);
    const runner = runnerOf(transformReward(ramp(), () => NaN));
    runner.reset();
    expect(codes(runner.step(ints(0)))).toEqual({ 0: "ENV_FAULT" });
  });

  it("tells of a reward that the rules inside got wrong", () => {
    const broken = { ...ramp(), step: () => ({ state: { n: 0 }, reward: "1", terminated: false }) };
    const runner = runnerOf(clipReward(broken as never));
    runner.reset();
    expect(runner.step(ints(0)).errors?.[0]?.message).toMatch(/step: reward: expected a finite number, got "1"/);
  });
});

describe("normalizeReward", () => {
  it("divides by the deviation of the discounted return: 1 / sqrt(3/4), 2 / sqrt(25/18)", () => {
    const play = hand(normalizeReward(ramp(), { gamma: 0.5, epsilon: 1e-12 }));
    expect(play.step(0).reward).toBeCloseTo(1.154701, 6);
    expect(play.step(0)).toMatchObject({ reward: expect.closeTo(1.697056, 6) as number, rewards: { half: 1 } });
  });

  it("with a fixed variance of 4 halves rewards, and cuts to clip", () => {
    const play = hand(normalizeReward(ramp(), { prior: { variance: 4, count: Infinity }, clip: 1.25 }));
    expect([play.step(0), play.step(0), play.step(0)].map(({ reward }) => Math.round(reward * 1e4) / 1e4)).toEqual([0.5, 1, 1.25]); // prettier-ignore
  });

  it("refuses gamma 1.1", () => {
    expect(() => normalizeReward(ramp(), { gamma: 1.1 })).toThrow(/normalizeReward: gamma: expected a number in 0..1/);
  });
});

describe("rewardShaping", () => {
  it("adds gamma potential(after) - potential(before) as a part of its own, and nothing for a terminal state", () => {
    const play = hand(rewardShaping(ramp(), ({ n }) => 10 * n, { gamma: 0.5 }));
    expect(play.step(0)).toMatchObject({ reward: 1 + 5, rewards: { half: 0.5, shaping: 5 } });
    expect(play.step(0)).toMatchObject({ reward: 2 + 0, rewards: { shaping: 0 } });
    expect(play.step(1)).toMatchObject({ reward: 3 - 20, terminated: true, rewards: { half: 1.5, shaping: -20 } });
  });

  it("changes the discounted return of an episode that terminates by -potential(start), whatever is done", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 2), { maxLength: 4 }), fc.double({ min: 0, max: 1, noNaN: true }), (actions, gamma) => {
        const play = hand(rewardShaping(ramp(), ({ n }) => Math.sin(n) + 7, { gamma }));
        const added = [...actions, 1].map((action, t) => gamma ** t * play.step(action).rewards!["shaping"]!);
        expect(added.reduce((sum, term) => sum + term, 0)).toBeCloseTo(-7, 9);
      }),
      { numRuns: 50 },
    ); // prettier-ignore
  });

  it("sums the parts of two shapings", () => {
    const twice = rewardShaping(
      rewardShaping(ramp(), ({ n }) => n, { gamma: 1 }),
      ({ n }) => 2 * n,
      { gamma: 1 },
    );
    expect(hand(twice).step(0)).toMatchObject({ reward: 4, rewards: { shaping: 3 } });
  });

  it("makes a potential that is not finite a fault of the env", () => {
    const runner = runnerOf(rewardShaping(ramp(), ({ n }) => 1 / (1 - n)));
    runner.reset();
    expect(runner.step(ints(0)).errors?.[0]).toMatchObject({
      code: "ENV_FAULT",
      message: expect.stringMatching(/potential: expected a finite number, got Infinity/) as string,
    });
  });
});

describe("timeLimit", () => {
  it("of 3 truncates at step 3 and does not terminate", () => {
    const runner = runnerOf(timeLimit(ramp(), 3));
    runner.reset();
    const frames = [0, 0, 0].map((action) => {
      const { truncated, terminated } = runner.step(ints(action));
      return [truncated[0], terminated[0]];
    });
    expect(frames).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
    ]);
  });

  it("only ever shortens", () => {
    expect(timeLimit(ramp(), 80).maxSteps).toBe(50);
    expect(timeLimit(doors(), 80).maxSteps).toBe(80);
    expect(() => timeLimit(ramp(), 0)).toThrow(/^timeLimit: maxSteps: expected an integer in 1/);
  });
});

describe("episodeStatistics", () => {
  it("shows return 6 and length 3 after rewards 1, 2, 3, as the runner says too", () => {
    const runner = runnerOf(episodeStatistics(timeLimit(ramp(), 3)));
    const seen = [runner.reset().info, ...[0, 0].map(() => structuredClone(runner.step(ints(0)).info))];
    const last = runner.step(ints(0));
    expect(seen.length).toBe(3);
    expect(last.info).toEqual({ episode: { return: Float64Array.of(6), length: ints(3) } });
    expect(ends(last)).toEqual([[0, 6, 3]]);
    expect(runner.step(ints(0)).info).toEqual({ episode: { return: Float64Array.of(0), length: ints(0) } });
  });

  it("counts the rewards of the place where it stands", () => {
    const clipped = hand(episodeStatistics(clipReward(ramp())));
    const raw = hand(clipReward(episodeStatistics(ramp())));
    for (const play of [clipped, raw]) for (let k = 0; k < 3; k++) play.step(0);
    expect(clipped.info()).toEqual({ episode: { return: Float64Array.of(3), length: 3 } });
    expect(raw.info()).toEqual({ episode: { return: Float64Array.of(6), length: 3 } });
  });

  it("stands beside the fields of a dict, and beside any other info as a whole", async () => {
    const runner = await runnerOn(episodeStatistics(await later.build({}, { log: () => undefined })));
    const { info } = await runner.step(ints(0, 0));
    expect(Object.keys(info as object)).toEqual(["sum", "episode"]);
    const counted = rules({ ...doors(), infoSpace: discrete(9), info: ({ n }) => n });
    const play = hand(episodeStatistics(counted));
    play.step(1);
    expect(play.info()).toEqual({ info: 1, episode: { return: Float64Array.of(1), length: 1 } });
  });

  it("refuses to stand twice", () => {
    expect(() => episodeStatistics(episodeStatistics(ramp()))).toThrow(/expected no field episode/);
  });
});
