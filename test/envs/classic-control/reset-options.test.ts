/** Reset options of the whole suite: bounds are taken, wide ones stay in the observation space, wrong ones are refused with the env's name. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { contains } from "dojang/protocol";
import suite from "../../../envs/classic-control/index.ts";
import { observed, rulesFor } from "./support.ts";

/** The widest bounds of each env. */
const WIDEST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "CartPole-v1": { low: -0.41887902, high: 0.41887902 },
  "CartPole-v0": { low: -0.41887902, high: 0.41887902 },
  "MountainCar-v0": { low: -1.2, high: 0.6 },
  "MountainCarContinuous-v0": { low: -1.2, high: 0.6 },
  "Acrobot-v1": { low: -Math.PI, high: Math.PI },
  "Pendulum-v1": { xInit: 4 * Math.PI, yInit: 8 },
};

describe.each(suite.map(({ id }) => id))("%s", (id) => {
  const rules = rulesFor(id);
  const widest = WIDEST[id]!;

  it("starts within its widest bounds in the observation space, 200 times", () => {
    const rng = new Rng(1);
    for (let i = 0; i < 200; i++)
      expect(contains(rules.observation, Float32Array.from(observed(rules, rules.reset(rng, widest))))).toBe(true);
  });
  it("draws the same start for no options, null and an empty object", () => {
    const [first, ...others] = [undefined, null, {}].map((options) => rules.reset(new Rng(4), options));
    for (const other of others) expect(other).toEqual(first);
  });
  it.each(Object.keys(widest))("refuses a %s beyond that, and what is no number", (name) => {
    for (const value of [100, "1", null, [0]])
      expect(() => rules.reset(new Rng(0), { [name]: value })).toThrow(
        `${id}: ${name}: reset options: expected a number in`,
      );
    expect(() => rules.reset(new Rng(0), { [name]: 100 })).toThrow(expect.objectContaining({ code: "BAD_OPTIONS" }));
  });
});
