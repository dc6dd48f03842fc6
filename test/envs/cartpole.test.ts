/** CartPole by hand: motion against numbers computed elsewhere, the limits, the rewards, the resets. */
import { describe, expect, it } from "vitest";
import { Rng, type AnyRules } from "dojang/env";
import plugins, { pushCart, type CartPoleState } from "../../envs/classic-control/index.ts";
import { rulesOf, ScriptedRng, stepOf } from "./support.ts";

const plugin = plugins.find(({ id }) => id === "CartPole-v1");
const rules = rulesOf(plugin);
const upright = (changes: Partial<CartPoleState> = {}): CartPoleState => ({
  x: 0,
  xDot: 0,
  theta: 0,
  thetaDot: 0,
  ...changes,
});
const observe = (env: AnyRules, state: unknown): Float32Array => {
  const out = new Float32Array(4);
  env.observe(state, out);
  return out;
};

describe("CartPole-v1", () => {
  it("has 2 actions, 4 numbers to observe and a limit of 500 steps; v0 of 200", () => {
    expect([rules.action, rules.observation, rules.maxSteps]).toMatchObject([
      { n: 2 },
      { shape: [4], dtype: "float32" },
      500,
    ]);
    expect(rulesOf(plugins.find(({ id }) => id === "CartPole-v0")).maxSteps).toBe(200);
  });
  it("moves as the equations say, in float64, over the pushes right, right, left, right", () => {
    const state = { x: 0.01, xDot: -0.02, theta: 0.03, thetaDot: 0.04 };
    const expected = [
      [0.009600000000000001, 0.17467919574755525, 0.030799999999999998, -0.24306871796000815],
      [0.013093583914951107, 0.3693479760579556, 0.025938625640799833, -0.5258796280501484],
      [0.02048054343611022, 0.17387081260481596, 0.015421033079796864, -0.22513741609237475],
      [0.02395795968820654, 0.3687690101747617, 0.01091828475794937, -0.5129163478026588],
    ];
    for (const [i, action] of [1, 1, 0, 1].entries()) {
      pushCart(state, action);
      Object.values(state).forEach((value, k) => {
        expect(value).toBeCloseTo(expected[i]?.[k] ?? NaN, 14);
      });
    }
  });
  it.each([
    { name: "x = 2.4", state: upright({ x: 2.4 }), terminated: false },
    { name: "x beyond 2.4", state: upright({ x: 2.4, xDot: 1e-9 }), terminated: true },
    { name: "x beyond -2.4", state: upright({ x: -2.4, xDot: -1e-9 }), terminated: true },
    { name: "12 degrees", state: upright({ theta: 0.20943951023931953 }), terminated: false },
    { name: "more than 12 degrees", state: upright({ theta: 0.20943951023931953, thetaDot: 1e-9 }), terminated: true },
    {
      name: "less than -12 degrees",
      state: upright({ theta: -0.20943951023931953, thetaDot: -1e-9 }),
      terminated: true,
    },
  ])("at $name has terminated: $terminated, and pays 1 either way", ({ state, terminated }) => {
    expect(stepOf(rules, state, 1, new Rng(0))).toMatchObject({ terminated, reward: 1 });
  });
  it("pays 0 and -1 for the fall with suttonBartoReward", () => {
    const book = rulesOf(plugin, { suttonBartoReward: true });
    expect(stepOf(book, upright(), 1, new Rng(0)).reward).toBe(0);
    expect(stepOf(book, upright({ x: 3 }), 1, new Rng(0)).reward).toBe(-1);
  });
  it("starts with four draws, uniform between -0.05 and 0.05, and draws nothing later", () => {
    const rng = new ScriptedRng([0, 0.25, 0.5, 0.75]);
    const state = rules.reset(rng);
    expect(Array.from(observe(rules, state))).toEqual([-0.05, -0.025, 0, 0.025].map(Math.fround));
    stepOf(rules, state, 0, rng);
    expect(rng.draws).toBe(4);
  });
  it("lasts a random player 22 steps on average over 4,000 episodes", () => {
    const rng = new Rng(5);
    let steps = 0;
    for (let episode = 0; episode < 4_000; episode++) {
      let state = rules.reset(rng);
      for (let over = false; !over; steps++) {
        const transition = stepOf(rules, state, rng.int(2), rng);
        state = transition.state;
        over = transition.terminated;
      }
    }
    // The deviation of one episode is about 12, so the mean's is 0.2.
    expect(Math.abs(steps / 4_000 - 22.2)).toBeLessThan(1);
  });
  it("shows the cart in its place, the lean and the numbers", () => {
    const picture = rules.render?.(upright({ x: -2.4, theta: 0.1, thetaDot: -0.5 }));
    expect(picture).toBe(`/${" ".repeat(48)}\n#${"-".repeat(48)}\nx -2.400 m, 0.000 m/s, pole 0.100 rad, -0.500 rad/s`);
  });
});
