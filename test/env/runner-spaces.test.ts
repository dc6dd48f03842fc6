/** Every kind of space as action and as observation, through whole steps; parts of the reward; info. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getRow } from "../../protocol/batch.ts";
import { contains, sampleBatch } from "../../protocol/space-values.ts";
import type { Space } from "../../protocol/spaces.ts";
import {
  box,
  dict,
  discrete,
  multiBinary,
  multiDiscrete,
  oneOf,
  Rng,
  rules,
  sequence,
  text,
  tuple,
  type AnyRules,
} from "../../src/env/index.ts";
import { ints, lateRunnerOf, runnerOf } from "./runner-support.ts";

/** Splits a value into what is written into `out` and what is returned. */
function show(space: Space, value: unknown, out: unknown): unknown {
  if (space.kind === "box" || space.kind === "multiDiscrete" || space.kind === "multiBinary") {
    (out as Float64Array).set(value as Float64Array);
    return undefined;
  }
  if (space.kind === "dict" || space.kind === "tuple") {
    const parts: readonly (readonly [string | number, Space])[] = space.kind === "dict" ? Object.entries(space.fields) : [...space.items.entries()]; // prettier-ignore
    const [given, slices] = [
      value as Record<string | number, unknown>,
      out as Record<string | number, unknown> | undefined,
    ];
    const shown = parts.map(([name, part]) => [name, show(part, given[name], slices?.[name])] as const);
    return space.kind === "dict" ? Object.fromEntries(shown) : shown.map(([, part]) => part);
  }
  return value;
}

/** Shows its last action: what goes in must come out. */
const mirror = (space: Space, async: boolean): AnyRules => ({
  action: space,
  observation: space,
  infoSpace: space,
  async,
  reset: (rng) => ({ last: getRow(space, sampleBatch(space, 1, rng), 0) }),
  step: (_, action) => ({ state: { last: structuredClone(action) }, reward: 1, terminated: false }),
  observe: (state, out) => show(space, (state as { last: unknown }).last, out),
  info: (state) => (state as { last: unknown }).last,
});

const leaves: fc.Arbitrary<Space> = fc.constantFrom(
  discrete(5, -2),
  box([2, 2], -3, 3, "float32"),
  box([3], 0, 255, "uint8"),
  multiDiscrete([2, 3]),
  multiBinary(3),
  text({ maxLength: 9 }),
);
const { space: spaces } = fc.letrec<{ space: Space }>((tie) => ({
  space: fc.oneof(
    { depthSize: "small" },
    leaves,
    fc.tuple(tie("space"), tie("space")).map(([a, b]) => dict({ a, b, c: discrete(2) })),
    fc.tuple(tie("space"), tie("space")).map(([a, b]) => tuple(a, b)),
    fc.tuple(tie("space"), tie("space")).map(([a, b]) => oneOf(a, b)),
    tie("space").map((element) => sequence(element, { maxLength: 4 })),
  ),
}));

describe("a step with any space", () => {
  it.each([false, true])("shows the actions as observations and info, row by row (async: %s)", async (isAsync) => {
    await fc.assert(
      fc.asyncProperty(spaces, fc.nat(), fc.constantFrom(1, 3), async (space, seed, num) => {
        const runner = lateRunnerOf(mirror(space, isAsync), { num });
        const first = await runner.reset();
        for (let row = 0; row < num; row++) expect(contains(space, getRow(space, first.observations, row))).toBe(true);
        for (let k = 0; k < 3; k++) {
          const actions = sampleBatch(space, num, new Rng(seed + k));
          const frame = await runner.step(actions);
          expect([frame.errors, frame.observations, frame.info]).toEqual([undefined, actions, actions]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("an observation", () => {
  const shows = (observation: Space, observe: AnyRules["observe"]) => {
    const env: AnyRules = { action: discrete(2), observation, reset: () => ({}), step: (state) => ({ state, reward: 0, terminated: false }), observe }; // prettier-ignore
    return runnerOf(env).reset();
  };

  it("of a box may be returned instead of written, and is not lost", () => {
    expect(shows(box([2], 0, 9), () => Float32Array.of(3, 4)).observations).toEqual(Float32Array.of(3, 4));
  });
  it.each([
    ["box", box([2], 0, 9), (): unknown => [3, 4], /observe: expected a Float32Array of 2, got \[3, 4\]/],
    ["text", text({ maxLength: 3 }), (): unknown => "four", /observe: expected 0..3 UTF-16 code units, got 4/],
    ["dict", dict({ at: discrete(3) }), (): unknown => ({ at: 3 }), /observe.at: expected an integer in 0..2, got 3/],
    [
      "dict",
      dict({ at: discrete(3) }),
      (): unknown => undefined,
      /observe.at: expected an integer in 0..2, got undefined/,
    ],
    ["tuple", tuple(discrete(2), text({ maxLength: 3 })), (): unknown => [1, 2], /observe.1: expected a string, got 2/],
    ["oneOf", oneOf(discrete(2)), (): unknown => ({ tag: 1, value: 0 }), /observe: expected \{tag, value\}/],
    ["discrete", discrete(2), (): unknown => true, /observe: expected an integer in 0..1, got true/],
  ] as const)("outside a %s is a fault that names the part", (_, space, observe, message) => {
    expect(shows(space, observe).errors?.[0]?.message).toMatch(message);
  });

  it("that is a list of the state's own does not change with the state", () => {
    const env = rules({
      action: discrete(2),
      observation: sequence(discrete(9), { maxLength: 9 }),
      async: true,
      reset: () => [] as number[],
      step: (list) => (list.push(list.length), { state: list, reward: 0, terminated: false }),
      observe: (list) => list,
    });
    const runner = lateRunnerOf(env);
    return (async () => {
      const frames = [await runner.reset(), await runner.step(ints(0)), await runner.step(ints(0))];
      expect(frames.map(({ observations }) => observations)).toEqual([[[]], [[0]], [[0, 1]]]);
    })();
  });

  it("finds its slice zeroed in every frame", () => {
    const env = rules({
      action: discrete(3),
      observation: box([3], 0, 1, "uint8"),
      reset: () => 0,
      step: (_, action) => ({ state: action, reward: 0, terminated: false }),
      observe: (at, out) => (out[at] = 1),
    });
    const runner = runnerOf(env, { num: 2 });
    expect(runner.reset().observations).toEqual(Uint8Array.of(1, 0, 0, 1, 0, 0));
    expect(runner.step(ints(2, 1)).observations).toEqual(Uint8Array.of(0, 0, 1, 0, 1, 0));
  });
});

describe("parts of the reward", () => {
  it("are columns, NaN in the rows without them, and absent from frames without any", () => {
    const env = rules({
      action: discrete(4),
      observation: discrete(2),
      reset: () => 0,
      step: (state, action) => ({
        state,
        reward: 1,
        terminated: false,
        ...(action & 1 && { rewards: { form: 0.5, ...(action & 2 && { answer: -1 }) } }),
      }),
      observe: () => 0,
    });
    const runner = runnerOf(env, { num: 3 });
    expect(runner.reset().parts).toBeUndefined();
    expect(runner.step(ints(0, 1, 3)).parts).toEqual({
      answer: Float64Array.of(NaN, NaN, -1),
      form: Float64Array.of(NaN, 0.5, 0.5),
    });
    expect(runner.step(ints(1, 0, 0)).parts).toEqual({ form: Float64Array.of(0.5, NaN, NaN) });
    expect(runner.step(ints(0, 0, 0)).parts).toBeUndefined();
  });
});
