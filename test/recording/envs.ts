/** Environments that recordings are tried with: every kind of space, every way to end. */
import fc from "fast-check";
import {
  box,
  dict,
  discrete,
  multiBinary,
  multiDiscrete,
  oneOf,
  sequence,
  text,
  tuple,
} from "../../protocol/make-space.ts";
import { sample } from "../../protocol/space-values.ts";
import type { Space } from "../../protocol/spaces.ts";
import { Rng } from "../../src/env/rng.ts";
import { rules } from "../../src/env/define.ts";
import { Hasher } from "../../src/recording/digest.ts";

/** A walk on a line with some luck: ends at 0 or 10; observes position and luck. */
export const walk = (bias = 0) =>
  rules({
    action: discrete(2),
    observation: box([2], -100, 100, "float32"),
    maxSteps: 12,
    reset: (rng) => ({ at: 3 + rng.int(5), luck: rng.uniform() }),
    step(state, action, rng) {
      state.luck = rng.uniform();
      state.at += action === 1 ? 1 : -1;
      if (state.luck > 0.9) state.at += 1;
      const terminated = state.at <= 0 || state.at >= 10;
      return { state, reward: state.luck + bias, terminated, rewards: { luck: state.luck } };
    },
    observe(state, out) {
      out[0] = state.at;
      out[1] = state.luck;
    },
  });

/** Counts; throws when the count reaches `at`, at every episode whose seed is even. */
export const faulty = (at: number) =>
  rules({
    action: discrete(3),
    observation: discrete(1000),
    maxSteps: 9,
    reset: (rng) => ({ n: 0, bad: rng.int(2) === 0 }),
    step(state) {
      state.n++;
      if (state.bad && state.n === at) throw new Error("the answer is 42");
      return { state, reward: state.n, terminated: false };
    },
    observe: ({ n }) => n,
  });

/** Any space: observations and rewards are drawn anew at each step, from the state and the action. */
export const anyEnv = (action: Space, observation: Space) =>
  rules({
    action,
    observation,
    maxSteps: 7,
    reset: (rng) => ({ word: rng.int(2 ** 31) }),
    step(state: { word: number }, given: unknown, rng) {
      const hasher = new Hasher();
      hasher.word(state.word);
      hasher.value(action, given);
      state.word = hasher.finish().a >>> 1;
      return { state, reward: rng.normal(), terminated: rng.uniform() < 0.2 };
    },
    // Types of a space that is only known at run time.
    observe: observeDrawn(observation),
  });

function observeDrawn(space: Space): (state: { word: number }, out: unknown) => unknown {
  return ({ word }, out) => {
    const value: unknown = sample(space, new Rng(word));
    write(space, value, out);
    return value;
  };
}

function write(space: Space, value: unknown, out: unknown): void {
  if (out === undefined) return;
  if (space.kind === "dict") {
    for (const name in space.fields) write(space.fields[name] as Space, (value as never)[name], (out as never)[name]);
  } else if (space.kind === "tuple") {
    space.items.forEach((item, i) => {
      write(item, (value as never)[i], (out as never)[i]);
    });
  } else (out as Float32Array).set(value as Float32Array);
}

const small = fc.integer({ min: 1, max: 4 });
const leaf: fc.Arbitrary<Space> = fc.oneof(
  small.map((n) => discrete(n, -1)),
  fc
    .tuple(fc.constantFrom("float32", "float64", "uint8", "int16", "int32", "uint32" as const), small, small)
    .map(([dtype, a, b]) => box([a, b], 0, 9, dtype)),
  fc.array(small, { minLength: 1, maxLength: 3 }).map((nvec) => multiDiscrete(nvec)),
  small.map((n) => multiBinary(n)),
  small.map((n) => text({ minLength: 0, maxLength: n, charset: "aé😀".slice(0, 2) })),
);

/** Spaces up to two levels deep. */
export const anySpace: fc.Arbitrary<Space> = fc.oneof(
  leaf,
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((items) => tuple(...items)),
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((fields) => dict(Object.fromEntries(fields.map((f, i) => [`f${i}`, f])))), // prettier-ignore
  fc.array(leaf, { minLength: 1, maxLength: 3 }).map((options) => oneOf(...options)),
  leaf.map((element) => sequence(element, { maxLength: 3 })),
);
