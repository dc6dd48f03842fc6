/** The classic control suite moves as Gymnasium 1.4.0 does: states, observations and rewards of episodes that traces.py recorded there. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { stepOf } from "../support.ts";
import { observed, rulesFor } from "./support.ts";

interface Trace {
  readonly env: string;
  readonly state: readonly number[];
  readonly actions: readonly number[];
  readonly steps: readonly {
    readonly state: readonly number[];
    readonly observation: readonly number[];
    readonly reward: number;
    readonly terminated: boolean;
  }[];
}

const traces = JSON.parse(readFileSync(new URL("traces.json", import.meta.url), "utf8")) as Trace[];

/** Names of the numbers of a state, in Gymnasium's order. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "CartPole-v1": ["x", "xDot", "theta", "thetaDot"],
  "MountainCar-v0": ["position", "velocity"],
  "MountainCarContinuous-v0": ["position", "velocity"],
  "Acrobot-v1": ["theta1", "theta2", "dtheta1", "dtheta2"],
  "Pendulum-v1": ["theta", "thetaDot"],
};

/** Decimals that must agree: of float64 states, and of those that are float32 between steps. */
const digitsOf = (env: string): number => (env === "MountainCarContinuous-v0" ? 6 : 10);

describe.each(traces.map((trace, i) => [`${trace.env} from ${JSON.stringify(trace.state)}`, i] as const))(
  "%s",
  (_, i) => {
    const { env, state, actions, steps } = traces[i]!;
    const rules = rulesFor(env);
    const fields = FIELDS[env]!;

    it(`goes through the same ${steps.length} steps`, () => {
      let at: unknown = Object.fromEntries(fields.map((name, k) => [name, state[k]!]));
      const digits = digitsOf(env);
      steps.forEach((expected, t) => {
        const action = rules.action.kind === "box" ? Float32Array.of(actions[t]!) : actions[t]!;
        const transition = stepOf(rules, at, action, new Rng(0));
        at = transition.state;
        const now = at as Readonly<Record<string, number>>;
        fields.forEach((name, k) =>
          expect(now[name], `${name} at step ${t + 1}`).toBeCloseTo(expected.state[k]!, digits),
        );
        observed(rules, at).forEach((value, k) => expect(value).toBeCloseTo(expected.observation[k]!, 6));
        // There the torque of the pendulum stays a float32, also squared.
        expect(transition.reward).toBeCloseTo(expected.reward, Math.min(digits, 8));
        expect(transition.terminated).toBe(expected.terminated);
      });
    });
  },
);

it("covers every motion of the suite, with at least one end of each that can end", () => {
  expect(new Set(traces.map(({ env }) => env))).toEqual(new Set(Object.keys(FIELDS)));
  const ended = traces.filter(({ steps }) => steps.at(-1)!.terminated).map(({ env }) => env);
  expect(new Set(ended)).toEqual(new Set(Object.keys(FIELDS).filter((env) => env !== "Pendulum-v1")));
});
