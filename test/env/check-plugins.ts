/** Plugins for the tests of checkEnv: one that holds the contract, and for each rule one that breaks that rule alone. */
import { box, discrete, int, Rng, type AnyPlugin, type AnyRules } from "../../src/env/index.ts";

export interface WalkState {
  x: number;
  coins: number;
}

/** Walk to the right end; every step finds a coin with probability 1/2. Sync, state changed in place, all hooks there. */
const goodRules = (length: number) => ({
  action: discrete(2),
  observation: box([2], 0, 1_000, "float64"),
  infoSpace: discrete(1_001),
  maxSteps: 40,
  reset: (rng: Rng): WalkState => ({ x: rng.int(2), coins: 0 }),
  step(state: WalkState, action: unknown, rng: Rng) {
    state.x = Math.max(0, state.x + (action === 1 ? 1 : -1));
    const coin = rng.int(2);
    state.coins += coin;
    return { state, reward: coin, terminated: state.x >= length, rewards: { coin } };
  },
  observe(state: WalkState, out: Float64Array): unknown {
    out[0] = state.x;
    out[1] = state.coins;
    return undefined;
  },
  legal: (state: WalkState) => [state.x > 0, true],
  render: (state: WalkState): unknown => `${".".repeat(state.x)}@`,
  info: (state: WalkState): unknown => state.coins,
});
export type GoodRules = ReturnType<typeof goodRules>;

/** The good plugin with some of its rules, or of its own fields, replaced. Rules are changed anew for each build. */
export function walk(change: (good: GoodRules, length: number) => object = () => ({}), plugin: object = {}): AnyPlugin {
  const build = ({ length }: { length: number }): object => ({
    ...goodRules(length),
    ...change(goodRules(length), length),
  });
  const params = { length: int(8, { min: 3, max: 20 }) };
  // Broken on purpose, so of no type that a plugin may have.
  return { id: "Walk-v0", params, build, ...plugin };
}

/** The same with `step` replaced by what `change` makes of its result. */
const stepping = (change: (result: ReturnType<GoodRules["step"]>) => unknown): AnyPlugin =>
  walk((good) => ({
    step: (state: WalkState, action: unknown, rng: Rng) => change(good.step(state, action, rng)),
  }));

/** An async plugin that holds the contract. */
export const patientWalk = (): AnyPlugin =>
  walk((good) => ({
    async: true,
    step: async (state: WalkState, action: unknown, rng: Rng) => {
      await Promise.resolve();
      return good.step({ ...state }, action, rng);
    },
  }));

/** Steers with real numbers. */
export const steer = (
  step: (state: { last: Float32Array }, action: Float32Array) => { last: Float32Array },
): AnyPlugin => ({
  id: "Steer-v0",
  build: (): Partial<AnyRules> => ({
    action: box([2], -1, 1),
    observation: box([2], -1, 1),
    maxSteps: 20,
    reset: (rng) => ({ last: Float32Array.of(rng.uniform(), 0) }),
    step: (state, action) => ({
      state: step(state as { last: Float32Array }, action as Float32Array),
      reward: 0,
      terminated: false,
    }),
    observe: (state, out) => (out as Float32Array).set((state as { last: Float32Array }).last),
  }),
});

class Place {
  x = 0;
  coins = 0;
}

const isSeedZero = (rng: Rng): boolean => String(rng.state) === String(new Rng(0).state);

/** Breaks the rule of the same name and no other. */
export const BROKEN: Readonly<Record<string, AnyPlugin>> = {
  isPlugin: walk(undefined, { build: "rules" }),
  idIsWellFormed: walk(undefined, { id: "Walk" }),
  paramsFitTheirDefaults: walk(undefined, { params: { length: { type: "int", default: 1, min: 3, max: 20 } } }),
  buildsWithItsParams: walk(undefined, {
    build: () => {
      throw new Error("no such data set");
    },
  }),
  rulesHaveTheirFunctions: walk(() => ({ observe: undefined })),
  spacesAreValid: walk(() => ({ action: { kind: "discrete", n: 0, start: 0 } })),
  maxStepsIsACount: walk(() => ({ maxSteps: 0 })),
  maxConcurrentIsACount: walk(() => ({ maxConcurrent: 1.5 })),
  legalSuitsTheActions: walk(() => ({ enforceLegal: true, legal: undefined })),
  infoHasItsSpace: walk(() => ({ infoSpace: undefined })),
  neverThrows: stepping((result) => {
    if (result.state.x === 5) throw new TypeError("fell off at 5");
    return result;
  }),
  observationsStayInSpace: walk(() => ({ observe: (s: WalkState, out: Float64Array) => void (out[1] = s.x - 2) })),
  stateIsPlainData: walk((good) => ({ reset: (rng: Rng) => Object.assign(new Place(), good.reset(rng)) })),
  hooksArePure: walk((good) => ({
    render(state: WalkState & { looks?: number }) {
      state.looks = (state.looks ?? 0) + 1;
      return good.render(state);
    },
  })),
  legalMaskFitsActions: walk(() => ({ legal: () => [true, true, true] })),
  renderGivesTextOrRgb: walk(() => ({ render: () => ({ width: 2, height: 1, rgb: new Uint8Array(5) }) })),
  infoStaysInSpace: walk(() => ({ info: (state: WalkState) => state.x - 1 })),
  secretsStayHidden: walk(
    (good) => ({
      reset: (rng: Rng) => ({ ...good.reset(rng), gold: "lighthouse" }),
      render: (state: { gold: string }) => `the word is ${state.gold}`,
    }),
    { secret: true },
  ),
  stepGivesATransition: stepping(({ reward, terminated }) => ({ reward, terminated })),
  rewardsAreFinite: stepping((result) => ({ ...result, reward: NaN })),
  rewardPartsAreFinite: stepping((result) => ({ ...result, rewards: { coin: "1" } })),
  terminatedIsBoolean: stepping((result) => ({ ...result, terminated: Number(result.terminated) })),
  truncationIsLeftToTheRunner: stepping((result) => ({ ...result, truncated: false })),
  asyncIsDeclared: walk((good) => ({ reset: async (rng: Rng) => Promise.resolve(good.reset(rng)) })),
  asyncStepDoesNotChangeState: walk((good) => ({
    async: true,
    step: async (state: WalkState, action: unknown, rng: Rng) => Promise.resolve(good.step(state, action, rng)),
  })),
  actionsAreOnlyRead: steer((_, action) => ({ last: action })),
  usesNoHiddenInput: walk(() => ({ reset: () => ({ x: Math.random() < 0.5 ? 0 : 1, coins: 0 }) })),
  sameSeedSameEpisode: walk(() => {
    let resets = 0;
    return { reset: () => ({ x: resets++ % 3, coins: 0 }) };
  }),
  seedZeroIsASeed: walk((good) => ({
    reset(rng: Rng) {
      if (isSeedZero(rng)) throw new Error("no seed");
      return good.reset(rng);
    },
  })),
  snapshotEqualsContinuing: walk((good) => {
    let age = 0;
    return {
      reset(rng: Rng) {
        age = 0;
        return good.reset(rng);
      },
      step(state: WalkState, action: unknown, rng: Rng) {
        age++;
        return { ...good.step(state, action, rng), reward: age };
      },
    };
  }),
  instancesShareNothing: walk(() => {
    const shared: WalkState = { x: 0, coins: 0 };
    return { reset: (rng: Rng) => Object.assign(shared, { x: rng.int(2), coins: 0 }) };
  }),
  paramsPlayAtTheirExtremes: walk(undefined, {
    build({ length }: { length: number }) {
      if (length === 20) throw new RangeError("too long");
      return goodRules(length);
    },
  }),
  closes: walk(() => ({
    close() {
      throw new Error("already closed");
    },
  })),
};

/** Other ways to break a rule: [rule, what is wrong, plugin]. */
export const BROKEN_TOO: readonly (readonly [rule: string, how: string, plugin: AnyPlugin])[] = [
  ["observationsStayInSpace", "an array returned, not written", walk(() => ({ observe: (s: WalkState) => [s.x, 0] }))],
  [
    "stateIsPlainData",
    "a function in the state",
    walk((g) => ({ reset: (r: Rng) => ({ ...g.reset(r), f: isSeedZero }) })),
  ],
  [
    "hooksArePure",
    "observe that draws",
    walk((good) => {
      let held = new Rng(0);
      return {
        reset(rng: Rng) {
          held = rng;
          return good.reset(rng);
        },
        observe(state: WalkState, out: Float64Array) {
          held.uniform();
          out[0] = state.x;
        },
      };
    }),
  ],
  [
    "hooksArePure",
    "info that counts its calls",
    walk(() => {
      let calls = 0;
      return { info: () => calls++ % 1_000 };
    }),
  ],
  ["legalMaskFitsActions", "no legal action", walk(() => ({ legal: () => [0, 0] }))],
  ["legalMaskFitsActions", "a flag of 2", walk(() => ({ legal: () => [2, 1] }))],
  ["renderGivesTextOrRgb", "a number", walk(() => ({ render: () => 7 }))],
  [
    "usesNoHiddenInput",
    "the clock",
    walk(() => ({ reset: () => ({ x: (Math.floor(Date.now() / 864e5) % 900) + 1, coins: 0 }) })),
  ],
  [
    "usesNoHiddenInput",
    "a new Date",
    walk(() => ({ reset: () => ({ x: new Date().getFullYear() - 2_000, coins: 0 }) })),
  ],
  [
    "usesNoHiddenInput",
    "Math.random in build",
    walk(() => {
      const start = Math.floor(Math.random() * 900);
      return { reset: () => ({ x: start, coins: 0 }) };
    }),
  ],
  [
    "actionsAreOnlyRead",
    "an action that is changed",
    steer((state, action) => {
      action[0] = 0;
      return state;
    }),
  ],
  ["terminatedIsBoolean", "done", stepping(({ state, reward }) => ({ state, reward, done: false }))],
  ["stepGivesATransition", "no object", stepping(({ reward }) => reward)],
  ["legalSuitsTheActions", "a mask for real numbers", walk(() => ({ action: box([1], 0, 1) }))],
  ["infoHasItsSpace", "a space without info", walk(() => ({ info: undefined }))],
  ["isPlugin", "null", null as unknown as AnyPlugin],
  ["isPlugin", "an array", [walk()] as unknown as AnyPlugin],
  ["idIsWellFormed", "a version 01", walk(undefined, { id: "me/Walk-v01" })],
];
