/** Bandit: order of draws, drift, what info tells, and the known values of the ten-armed testbed. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import bandit from "../../../envs/bandit/index.ts";
import { rulesOf, stepOf } from "../support.ts";

interface State {
  means: number[];
}

/** Gives scripted normals. */
class Normals extends Rng {
  readonly #values: number[];

  constructor(...values: number[]) {
    super(0);
    this.#values = values;
  }

  override normal(): number {
    return this.#values.shift() ?? NaN;
  }
}

const infoOf = (rules: ReturnType<typeof rulesOf>, state: unknown): { regret: number; optimal: number } => {
  const { regret, optimal } = rules.info!(state) as { regret: Float64Array; optimal: number };
  return { regret: regret[0]!, optimal };
};

describe("Bandit-v0", () => {
  it("has 10 arms, one observation and a limit of 1,000 pulls", () => {
    const rules = rulesOf(bandit);
    expect([rules.action, rules.observation, rules.maxSteps]).toMatchObject([{ n: 10 }, { n: 1 }, 1_000]);
  });
  it("draws the means, then for each pull a reward around the arm's mean", () => {
    const rules = rulesOf(bandit, { arms: 2, noise: 0.5 });
    const rng = new Normals(1, -2, 3, -1);
    const start = rules.reset(rng);
    const first = stepOf(rules, start, 0, rng);
    expect(first).toMatchObject({ reward: 1 + 0.5 * 3, terminated: false });
    expect(infoOf(rules, first.state)).toEqual({ regret: 0, optimal: 1 });
    const second = stepOf(rules, first.state, 1, rng);
    expect(second.reward).toBe(-2 - 0.5);
    expect(infoOf(rules, second.state)).toEqual({ regret: 3, optimal: 0 });
  });
  it("moves each mean after the pull where drift is set, and none where it is 0", () => {
    const rules = rulesOf(bandit, { arms: 2, drift: 0.1 });
    const rng = new Normals(1, 2, 0, 5, -5);
    const { state, reward } = stepOf(rules, rules.reset(rng), 1, rng);
    expect(reward).toBe(2);
    expect((state as State).means).toEqual([1.5, 1.5]);
    expect(infoOf(rules, state)).toEqual({ regret: 0, optimal: 1 });
  });
  it("is worth 1.5388 a pull to who knows the means and 0 to a random player, over 4,000 problems", () => {
    const rules = rulesOf(bandit, { noise: 0 });
    const rng = new Rng(8);
    let best = 0;
    let random = 0;
    for (let problem = 0; problem < 4_000; problem++) {
      const state = rules.reset(rng);
      const { means } = state as State;
      best += stepOf(rules, state, means.indexOf(Math.max(...means)), rng).reward;
      random += stepOf(rules, state, rng.int(10), rng).reward;
    }
    // Four standard errors: the deviations are 0.59 and 1.
    expect(Math.abs(best / 4_000 - 1.53875)).toBeLessThan((4 * 0.59) / Math.sqrt(4_000));
    expect(Math.abs(random / 4_000)).toBeLessThan(4 / Math.sqrt(4_000));
  });
  it("shows the last pull and no mean", () => {
    const rules = rulesOf(bandit, { arms: 2, noise: 0 });
    const rng = new Normals(1.25, -2, 0);
    const state = rules.reset(rng);
    expect(rules.render!(state)).toBe("no pull yet");
    expect(rules.render!(stepOf(rules, state, 0, rng).state)).toBe("pull 1: arm 0 paid 1.250");
  });
});
