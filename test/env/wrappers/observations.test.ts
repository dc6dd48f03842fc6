/** Wrappers of observations, with numbers worked out by hand. */
import { describe, expect, it } from "vitest";
import {
  box,
  dict,
  discrete,
  flattenObservation,
  frameStack,
  multiBinary,
  multiDiscrete,
  normalizeObservation,
  oneHot,
  rules,
  text,
  timeAwareObservation,
  timeLimit,
  transformObservation,
  tuple,
  type Space,
} from "../../../src/env/index.ts";
import { doors, hand, ramp, slide } from "./support.ts";

/** Shows one value for ever. */
const still = (observation: Space, show: (out: never) => unknown): never =>
  ({
    action: discrete(2),
    observation,
    reset: () => 0,
    step: (state: number) => ({ state, reward: 0, terminated: false }),
    observe: (_: number, out: never) => show(out),
  }) as never; // of whatever space the test asks for

describe("frameStack", () => {
  it("of 3 shows the first observation 3 times, then the newest last, though the state changes in place", () => {
    const env = frameStack(ramp(), 3);
    expect(env.observation).toEqual(box([3, 2], -100, 100));
    const play = hand(env);
    expect(play.numbers()).toEqual([0, 0, 0, 0, 0, 0]);
    play.step(0);
    expect(play.numbers()).toEqual([0, 0, 0, 0, 1, -1]);
    for (let k = 0; k < 3; k++) play.step(0);
    expect(play.numbers()).toEqual([2, -2, 3, -3, 4, -4]);
  });

  it("pads with zeros when told to, and lets the bounds hold them", () => {
    const seven = still(box([1], 5, 9, "uint8"), (out: Uint8Array) => void (out[0] = 7));
    const env = frameStack(seven, 2, { padding: "zero" });
    expect(env.observation).toEqual(box([2, 1], 0, 9, "uint8"));
    const play = hand(env);
    expect(play.numbers()).toEqual([0, 7]);
    play.step(0);
    expect(play.numbers()).toEqual([7, 7]);
  });

  it("keeps bounds of single elements", () => {
    const env = frameStack(
      still(box([2], [0, -1], [5, 1]), () => undefined),
      2,
    );
    expect(env.observation).toEqual(box([2, 2], [0, -1, 0, -1], [5, 1, 5, 1]));
  });

  it("keeps instances apart", () => {
    const env = frameStack(ramp(), 2);
    const [a, b] = [hand(env), hand(env)];
    a.step(0);
    b.step(0);
    b.step(0);
    expect([a.numbers(), b.numbers()]).toEqual([
      [0, 0, 1, -1],
      [1, -1, 2, -2],
    ]);
  });

  it.each([0, 1.5, 1_025, NaN])("refuses k = %s", (k) => {
    expect(() => frameStack(ramp(), k)).toThrow(
      new RangeError(`frameStack: k: expected an integer in 1..1024, got ${k}`),
    );
  });

  it("refuses a discrete observation and says what to do", () => {
    expect(() => frameStack(doors() as never, 2)).toThrow(
      new TypeError(
        "frameStack: observation: expected a box, got discrete. Wrap with flattenObservation (or oneHot) first.",
      ),
    );
  });
});

describe("normalizeObservation", () => {
  it("without a prior gives 0, then 1 and -1, then sqrt(3/2)", () => {
    const play = hand(normalizeObservation(ramp(), { prior: { count: 0 } }));
    expect(play.numbers()).toEqual([0, 0]);
    play.step(0);
    expect(play.numbers()).toEqual([1, -1]);
    play.step(0);
    expect(play.numbers()).toEqual([1.224745, -1.224745]);
  });

  it("counts the default prior as one value of mean 0 and variance 1", () => {
    const play = hand(normalizeObservation(ramp()));
    play.step(0);
    expect(play.numbers()).toEqual([0.894427, -0.894427]); // 2 / sqrt(5)
  });

  it("with an infinite count keeps to the given mean and variance, and cuts to clip", () => {
    const prior = { mean: [1, 0], variance: [4, 1], count: Infinity };
    const env = normalizeObservation(ramp(), { prior, clip: 2 });
    expect(env.observation).toEqual(box([2], -2, 2));
    const play = hand(env);
    for (let k = 0; k < 3; k++) play.step(0);
    expect(play.numbers()).toEqual([1, -2]);
  });

  it("begins every episode with the prior alone", () => {
    const env = normalizeObservation(ramp());
    const first = hand(env);
    for (let k = 0; k < 4; k++) first.step(0);
    expect(hand(env).numbers()).toEqual([0, 0]);
  });

  it("refuses a prior of another length, a negative variance, a clip of 0", () => {
    expect(() => normalizeObservation(ramp(), { prior: { mean: [1] } })).toThrow(/prior: mean: length: .* 2..2, got 1/);
    expect(() => normalizeObservation(ramp(), { prior: { variance: -1 } })).toThrow(RangeError);
    expect(() => normalizeObservation(ramp(), { clip: 0 })).toThrow(/normalizeObservation: clip: expected a number/);
  });
});

describe("flattenObservation", () => {
  it("puts boxes, bits and one-hots side by side in the order of the space", () => {
    const space = dict({
      place: box([2], [0, -5], [9, 5], "int16"),
      rest: tuple(discrete(3, -1), multiBinary(2), multiDiscrete([2, 3])),
    });
    const env = flattenObservation(
      still(space, (out: { place: Int16Array; rest: [undefined, Uint8Array, Int32Array] }) => {
        out.place.set([4, -2]);
        out.rest[1].set([0, 1]);
        out.rest[2].set([1, 2]);
        return { rest: [1] };
      }),
    );
    expect(env.observation).toEqual(
      box([12], [0, -5, ...Array<number>(10).fill(0)], [9, 5, ...Array<number>(10).fill(1)]),
    );
    expect(hand(env).numbers()).toEqual([4, -2, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1]);
  });

  it("keeps large integers exact in float64", () => {
    const big = still(box([1], 0, 2 ** 31 - 1, "int32"), (out: Int32Array) => void (out[0] = 2 ** 24 + 1));
    expect(hand(flattenObservation(big)).numbers()).toEqual([2 ** 24]);
    expect(hand(flattenObservation(big, { dtype: "float64" })).numbers()).toEqual([2 ** 24 + 1]);
  });

  it("turns float64 bounds that float32 cannot hold into infinite ones", () => {
    const env = flattenObservation(still(box([1], -1e300, 1e300, "float64"), () => undefined));
    expect(env.observation).toEqual(box([1], -Infinity, Infinity));
  });

  it("refuses text inside a dict and names the field", () => {
    const says = still(dict({ a: discrete(2), note: text({ maxLength: 3 }) }), () => ({ a: 0, note: "" }));
    expect(() => flattenObservation(says)).toThrow(
      /^flattenObservation: observation.note: expected a space of fixed size, got text/,
    );
  });
});

describe("oneHot", () => {
  it("sets the one at value - start", () => {
    const env = oneHot(still(discrete(3, -1), () => 1));
    expect(env.observation).toEqual(box([3], 0, 1, "uint8"));
    expect(hand(env).numbers()).toEqual([0, 0, 1]);
  });

  it("refuses a box", () => {
    expect(() => oneHot(ramp() as never)).toThrow(/^oneHot: observation: expected discrete, got box/);
  });
});

describe("transformObservation", () => {
  it("writes arrays and returns other values, as observe does", () => {
    const sum = hand(transformObservation(slide(), discrete(50), (value) => Math.round(value[0]!)));
    sum.step(Float32Array.of(3, 0));
    expect(sum.see()).toBe(3);
    const twice = hand(transformObservation(doors(), box([1], 0, 200), (n, out) => void (out[0] = 2 * n)));
    twice.step(1);
    expect(twice.numbers()).toEqual([2]);
  });

  it("refuses what is no function", () => {
    expect(() => transformObservation(doors(), discrete(2), "no" as never)).toThrow(TypeError);
  });
});

describe("timeAwareObservation", () => {
  it("adds steps / maxSteps, of the limit that holds inside", () => {
    const env = timeAwareObservation(timeLimit(ramp(), 4));
    expect(env.observation).toEqual(box([3], [-100, -100, 0], [100, 100, 1]));
    const play = hand(env);
    expect(play.numbers()).toEqual([0, 0, 0]);
    play.step(0);
    expect(play.numbers()).toEqual([1, -1, 0.25]);
  });

  it("stays at 1 beyond the limit, where a runner was given a longer one", () => {
    const play = hand(timeAwareObservation(timeLimit(ramp(), 2)));
    for (let k = 0; k < 3; k++) play.step(0);
    expect(play.numbers()).toEqual([3, -3, 1]);
  });

  it("keeps float64 and makes float32 of bytes", () => {
    expect(timeAwareObservation(slide()).observation.dtype).toBe("float64");
    const bytes = timeLimit(still(box([2, 2], 0, 255, "uint8"), () => undefined) as ReturnType<typeof ramp>, 9);
    expect(timeAwareObservation(bytes).observation).toEqual(box([5], 0, [255, 255, 255, 255, 1]));
  });

  it("refuses rules without a time limit", () => {
    const endless = rules({
      action: discrete(2),
      observation: box([1], 0, 1),
      reset: () => 0,
      step: (state) => ({ state, reward: 0, terminated: false }),
      observe: () => undefined,
    });
    expect(() => timeAwareObservation(endless)).toThrow(
      /maxSteps: expected a time limit, got none. Wrap with timeLimit/,
    );
  });
});
