/** Rules with numbers that can be worked out by hand, and plugins to wrap. */
import { readdirSync } from "node:fs";
import {
  box,
  defineEnv,
  dict,
  discrete,
  multiBinary,
  multiDiscrete,
  Rng,
  rules,
  type AnyPlugin,
  type AnyRules,
  type Transition,
} from "../../../src/env/index.ts";
import { observe } from "../../../src/env/check-rules/look.ts";
import { BatchRunner } from "../../../src/env/runner.ts";
import { built } from "../runner-support.ts";

const ENVS = new URL("../../../envs/", import.meta.url);

const load = async (folder: string): Promise<readonly AnyPlugin[]> => {
  if (!readdirSync(ENVS).includes(folder)) throw new Error(`no folder envs/${folder}`);
  const module = (await import(new URL(`${folder}/index.ts`, ENVS).href)) as { default: AnyPlugin | AnyPlugin[] };
  return [module.default].flat();
};

const all = (await Promise.all(["classic-control", "blackjack", "frozen-lake", "taxi"].map(load))).flat();

/** A plugin that comes with dojang. */
export function pluginOf(id: string): AnyPlugin {
  const plugin = all.find((other) => other.id === id);
  if (plugin === undefined) throw new Error(`no plugin ${id}`);
  return plugin;
}

/** Observes [n, -n] after n steps, in place; the reward of step n is n, half of it named `half`; ends with step 6, or with action 1. */
export const ramp = () =>
  rules({
    action: discrete(3),
    observation: box([2], -100, 100),
    maxSteps: 50,
    reset: () => ({ n: 0 }),
    step(state, action) {
      state.n++;
      return {
        state,
        reward: state.n,
        terminated: state.n === 6 || action === 1,
        rewards: { half: state.n / 2 },
      };
    },
    observe({ n }, out) {
      out[0] = n;
      out[1] = -n;
    },
    render: ({ n }) => `at ${n}`,
  });

/** Async, with a dict to see, a mask that is enforced, a dict as info, and a state that every step makes anew. */
export const later = defineEnv({
  id: "Later-v0",
  build: () =>
    rules({
      action: multiDiscrete([2, 3]),
      observation: dict({ place: box([2], 0, 100, "int16"), lamps: multiBinary(2), turn: discrete(3, -1) }),
      infoSpace: dict({ sum: discrete(1_000) }),
      async: true,
      enforceLegal: true,
      maxSteps: 12,
      reset: (rng) => Promise.resolve({ x: rng.int(3), y: 0, n: 0 }),
      async step({ x, y, n }, action, rng) {
        await Promise.resolve();
        const state = { x: x + (action[0] ?? 0), y: y + (action[1] ?? 0) + rng.int(2), n: n + 1 };
        return { state, reward: state.y, terminated: state.x > 9, rewards: { along: state.x } };
      },
      observe({ x, y, n }, out) {
        out.place.set([x, y]);
        out.lamps[n % 2] = 1;
        return { turn: (n % 3) - 1 };
      },
      legal: ({ n }) => [1, n % 2, 1, 1, n % 3 === 0],
      render: ({ x, y }) => `${x},${y}`,
      info: ({ x, y }) => ({ sum: x + y }),
    }),
});

/** Moves by its action in 0 .. 4; the reward is the action. */
export const slide = () =>
  rules({
    action: box([2], [0, -2], [4, 2]),
    observation: box([1], -Infinity, Infinity, "float64"),
    maxSteps: 30,
    reset: () => ({ x: 0 }),
    step(state, action) {
      state.x += action[0] ?? 0;
      return { state, reward: 10 * (action[0] ?? 0) + (action[1] ?? 0), terminated: false };
    },
    observe: ({ x }, out) => void (out[0] = x),
  });

/** A runner of one instance, reset with seed 1. */
export async function runnerOn(of: object, num = 1): Promise<BatchRunner> {
  const runner = new BatchRunner(built(of as AnyRules), { num, seed: 1, autoreset: "next-step" });
  await runner.reset();
  return runner;
}

/** Rules played by hand: one instance, no runner. */
export function hand(of: object, rng: Rng = new Rng(1)) {
  const inner = of as AnyRules; // whichever wrapper made them
  const controller = new AbortController();
  let state = inner.reset(rng);
  return {
    /** The transition, with its state taken in. */
    step(action: unknown): Transition<unknown> {
      const transition = inner.step(state, action, rng, { signal: controller.signal }) as Transition<unknown>;
      state = transition.state;
      return transition;
    },
    see: (): unknown => seenBy(inner)(state),
    /** Numbers of a box, rounded to 6 digits. */
    numbers: (): number[] => Array.from(seenBy(inner)(state) as Float32Array, (x) => Math.round(x * 1e6) / 1e6 + 0),
    info: (): unknown => inner.info?.(state),
    picture: (): unknown => inner.render?.(state),
    mask: (): unknown => inner.legal?.(state),
  };
}

function seenBy(of: AnyRules): (state: unknown) => unknown {
  return (state) => observe(of, state).value;
}

/** Gives these uniforms, one by one. */
export class Scripted extends Rng {
  readonly #values: number[];

  constructor(...values: number[]) {
    super(0);
    this.#values = values;
  }

  override uniform(): number {
    const value = this.#values.shift();
    if (value === undefined) throw new Error("drew more than was scripted");
    return value;
  }

  get left(): number {
    return this.#values.length;
  }
}

/** Action 0 is illegal at odd steps, and refused; the reward is the action. */
export const doors = () =>
  rules({
    action: discrete(2),
    observation: discrete(100),
    enforceLegal: true,
    reset: () => ({ n: 0 }),
    step: ({ n }, action) => ({ state: { n: n + 1 }, reward: action, terminated: false }),
    observe: ({ n }) => n,
    legal: ({ n }) => [n % 2 === 0, true],
  });
