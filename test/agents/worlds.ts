/** Small worlds with values that can be computed by hand, and others that fail on purpose. */
import type { Client } from "dojang/client";
import { local } from "dojang/client/local";
import { box, defineEnv, discrete, int, list, rules, type AnyPlugin } from "dojang/env";
import { GymError } from "dojang/protocol";
import { onTestFinished } from "vitest";

/** Cells 0 .. length-1, action 1 right and 0 left, -1 a step, ends on the last cell. */
export const corridor = defineEnv({
  id: "test/Corridor-v0",
  params: { length: int(4, { min: 2, max: 100 }) },
  build: ({ length }) =>
    rules({
      action: discrete(2),
      observation: discrete(length),
      maxSteps: 1_000,
      reset: () => 0,
      step(cell, action) {
        const state = Math.max(0, cell + (action === 1 ? 1 : -1));
        return { state, reward: -1, terminated: state === length - 1 };
      },
      observe: (cell) => cell,
    }),
});

/** One state, one action, +1 a step, no end but the time limit. */
export const loop = defineEnv({
  id: "test/Loop-v0",
  build: () =>
    rules({
      action: discrete(1),
      observation: discrete(1),
      maxSteps: 5,
      reset: () => 0,
      step: (state) => ({ state, reward: 1, terminated: false }),
      observe: () => 0,
    }),
});

/** A random walk whose observation is the step, with named reward parts; only even actions are legal at even steps, odd ones at odd. */
export const masked = defineEnv({
  id: "test/Masked-v0",
  build: () =>
    rules({
      action: discrete(4),
      observation: discrete(32),
      maxSteps: 20,
      enforceLegal: true,
      reset: (rng) => ({ at: 0, end: 3 + rng.int(12) }),
      step(state, action) {
        state.at++;
        return { state, reward: action, terminated: state.at >= state.end, rewards: { half: action / 2 } };
      },
      observe: ({ at }) => at,
      legal: ({ at }) => [0, 1, 2, 3].map((action) => action % 2 === at % 2),
    }),
});

/** Pays `bad[t]`-th steps with a fault: throws at those steps of every episode. */
export const faulty = defineEnv({
  id: "test/Faulty-v0",
  params: { bad: list(int(0, { min: 0, max: 100 }), [2]) },
  build: ({ bad }) =>
    rules({
      action: discrete(2),
      observation: box([1], 0, 100, "float64"),
      maxSteps: 6,
      // Instances differ in length, so that they do not fail all at once.
      reset: (rng) => ({ t: rng.int(3) }),
      step(state, action) {
        if (bad.includes(state.t)) throw new Error(`bad step ${state.t}`);
        state.t++;
        return { state, reward: action, terminated: false };
      },
      observe({ t }, out) {
        out[0] = t;
      },
    }),
});

/** Every step fails `times` times in a way that may pass, then gives +1. */
export function unsteady(times: number): AnyPlugin {
  const tries = new Map<number, number>();
  return defineEnv({
    id: "test/Unsteady-v0",
    build: () =>
      rules({
        action: discrete(2),
        observation: discrete(64),
        maxSteps: 8,
        async: true,
        reset: (rng) => ({ t: 0, key: rng.int(2 ** 31) }),
        async step(state) {
          const key = state.key * 64 + state.t;
          const tried = tries.get(key) ?? 0;
          tries.set(key, tried + 1);
          await Promise.resolve();
          if (tried < times) throw new GymError("VERIFIER_UNAVAILABLE", "test verifier");
          return { state: { ...state, t: state.t + 1 }, reward: 1, terminated: false };
        },
        observe: ({ t }) => t,
      }),
  });
}

/** A client with the worlds above; closed when the test ends. */
export function worlds(...plugins: readonly AnyPlugin[]): Client {
  const client = local({ plugins: [corridor, loop, masked, faulty, ...plugins] });
  onTestFinished(() => client.close());
  return client;
}
