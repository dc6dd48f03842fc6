/** Constructors, membership, drawing: what an author of an environment meets first. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { Rng } from "../../src/env/rng.ts";
import {
  type BatchOf,
  box,
  type Box,
  contains,
  dict,
  discrete,
  type Draws,
  elementsOf,
  explain,
  maskWidthOf,
  multiBinary,
  multiDiscrete,
  oneOf,
  outAt,
  allocate,
  sample,
  sampleBatch,
  sequence,
  setRow,
  type Space,
  text,
  tuple,
  type ValueOf,
} from "../../protocol/index.ts";

describe("constructors", () => {
  it("infer the types of values and batches", () => {
    const space = dict({ a: box([2], 0, 1, "uint8"), b: tuple(discrete(2), text({ maxLength: 3 })), c: box([], 0, 1) });
    expect(contains(space, { a: new Uint8Array(2), b: [1, "x"], c: new Float32Array(1) })).toBe(true);
    expectTypeOf<ValueOf<typeof space>["a"]>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<ValueOf<typeof space>["b"][0]>().toEqualTypeOf<number>();
    expectTypeOf<ValueOf<typeof space>["b"][1]>().toEqualTypeOf<string>();
    expectTypeOf<BatchOf<typeof space>["b"][1]>().toEqualTypeOf<string[]>();
    expectTypeOf<BatchOf<typeof space>["c"]>().toEqualTypeOf<Float32Array>();
    expectTypeOf(box([4], 0, 1)).toEqualTypeOf<Box<"float32">>();
  });

  it("freeze what they give", () => {
    const shape = [2, 2];
    const space = box(shape, [0, 0, 0, 1], 5);
    shape[0] = 9;
    expect(space.shape).toEqual([2, 2]);
    for (const part of [space, space.shape, space.low]) expect(Object.isFrozen(part)).toBe(true);
    expect(Object.isFrozen(dict({ a: space }).fields)).toBe(true);
    expect(Object.isFrozen(tuple(space).items)).toBe(true);
  });

  it("round float32 bounds to float32, so that the bound itself lies inside", () => {
    const space = box([1], 0, 0.1);
    expect(space.high).toBe(Math.fround(0.1));
    expect(contains(space, new Float32Array([0.1]))).toBe(true);
  });

  const wrong: [string, () => unknown, string][] = [
    ["discrete(0)", () => discrete(0), "discrete: n: expected an integer in 1.."],
    ["discrete(2.5)", () => discrete(2.5), "discrete: n: expected an integer"],
    [
      "a discrete end beyond 32 bits",
      () => discrete(2, 2 ** 31 - 1),
      "discrete: start: expected an integer in -2147483648..2147483646",
    ],
    ["a shape with a 0", () => box([2, 0], 0, 1), "box: shape[1]: expected an integer in 1.."],
    ["a shape that is a number", () => box(2 as never, 0, 1), "box: shape: expected a list of numbers, got 2"],
    ["a shape of 2^40 elements", () => box([2 ** 20, 2 ** 20], 0, 1), "box: number of elements: expected an integer"],
    [
      "an unknown dtype",
      () => box([1], 0, 1, "float16" as never),
      'box: dtype: expected one of float32, float64, int8, uint8, int16, uint16, int32, uint32, got "float16"',
    ],
    ["low above high", () => box([2], [0, 2], 1), "box: element 1: expected low <= high, got 2 and 1"],
    [
      "a bound that is NaN",
      () => box([1], Number.NaN, 1),
      "box: low: expected -Infinity or a number that fits float32, got NaN",
    ],
    ["a low of Infinity", () => box([1], Infinity, Infinity), "box: low: expected -Infinity or"],
    [
      "a float32 bound of 1e39",
      () => box([1], 0, 1e39),
      "box: high: expected Infinity or a number that fits float32, got 1e+39",
    ],
    ["bounds of another length", () => box([2], [0], 1), "box: low: expected 1 or 2 numbers, got 1"],
    ["256 in uint8", () => box([1], 0, 256, "uint8"), "box: high of uint8: expected an integer in 0..255, got 256"],
    [
      "infinity in int32",
      () => box([1], -Infinity, 0, "int32"),
      "box: low of int32: expected an integer in -2147483648..",
    ],
    ["an empty nvec", () => multiDiscrete([]), "multiDiscrete: length of nvec: expected an integer in 1.."],
    ["an nvec with a 0", () => multiDiscrete([2, 0]), "multiDiscrete: nvec[1]: expected an integer in 1.."],
    ["multiBinary(0)", () => multiBinary(0), "multiBinary: n: expected"],
    [
      "minLength above maxLength",
      () => text({ minLength: 3, maxLength: 2 }),
      "text: minLength: expected an integer in 0..2, got 3",
    ],
    [
      "a charset with a character twice",
      () => text({ maxLength: 2, charset: "aba" }),
      "text: charset: expected distinct characters",
    ],
    [
      "a charset beyond 16 bits",
      () => text({ maxLength: 2, charset: "a🎈" }),
      "text: charset: expected distinct characters",
    ],
    ["an empty dict", () => dict({}), "dict: expected at least one field"],
    ["a dict field with a dot", () => dict({ "a.b": discrete(2) }), 'free of . [ ] ( ), got "a.b"'],
    ["a dict of numbers", () => dict({ a: 2 as never }), "dict: a: expected a space, such as discrete(2), got 2"],
    ["a tuple of nothing", () => tuple(), "tuple: number of spaces: expected an integer in 1.."],
    ["a list given to tuple", () => tuple([discrete(2)] as never), "tuple: 0: expected a space"],
    [
      "257 options",
      () => oneOf(...Array.from({ length: 257 }, () => discrete(2))),
      "oneOf: number of spaces: expected an integer in 1..256, got 257",
    ],
    [
      "a sequence without an end",
      () => sequence(discrete(2), { maxLength: Infinity }),
      "sequence: maxLength: expected an integer",
    ],
  ];
  it.each(wrong)("refuse %s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});

describe("explain", () => {
  const space = dict({
    pose: box([2], -1, [1, 2]),
    arm: tuple(discrete(3, 1), multiBinary(2)),
    say: text({ minLength: 1, maxLength: 3, charset: "abc" }),
    list: sequence(multiDiscrete([2, 3]), { maxLength: 2 }),
    either: oneOf(discrete(2), text({ maxLength: 2 })),
  });
  const right = {
    pose: new Float32Array([0, 2]),
    arm: [3, new Uint8Array([0, 1])],
    say: "abc",
    list: [new Int32Array([1, 2])],
    either: { tag: 1, value: "x" },
  };

  it("has nothing to say of a value that lies inside", () => {
    expect(explain(space, right)).toBeUndefined();
    expect(contains(space, right)).toBe(true);
  });

  const wrong: [object, string][] = [
    [{ pose: new Float32Array([0, 2.5]) }, "pose[1]: expected a number in -1..2, got 2.5"],
    [{ pose: new Float32Array([Number.NaN, 0]) }, "pose[0]: expected a number in -1..1, got NaN"],
    [{ pose: new Float64Array(2) }, "pose: expected a Float32Array of 2, got Float64Array(2)"],
    [{ pose: [0, 0] }, "pose: expected a Float32Array of 2, got [0, 0]"],
    [{ arm: [0, new Uint8Array(2)] }, "arm[0]: expected an integer in 1..3, got 0"],
    [{ arm: [1, new Uint8Array([0, 2])] }, "arm[1][1]: expected an integer in 0..1, got 2"],
    [{ arm: [1] }, "arm: expected an array of 2, got [1]"],
    [{ say: "abd" }, 'say: expected characters of "abc", got "d"'],
    [{ say: "" }, "say: expected 1..3 UTF-16 code units, got 0"],
    [{ list: [new Int32Array([1, 3])] }, "list[0][1]: expected an integer in 0..2, got 3"],
    [{ list: [1, 2, 3] }, "list: expected an array of at most 2, got [1, 2, 3]"],
    [{ either: { tag: 2, value: 0 } }, "either: expected {tag, value} with a tag in 0..1, got {tag: 2, value: 0}"],
    [{ either: { tag: 0, value: 2 } }, "either.value: expected an integer in 0..1, got 2"],
  ];
  it.each(wrong)("names the place of %o", (change, message) => {
    expect(explain(space, { ...right, ...change })).toBe(message);
  });

  it("refuses a lone surrogate, a fraction, a missing field", () => {
    expect(explain(text({ maxLength: 3 }), "a\ud800")).toContain("expected well-formed Unicode");
    expect(explain(discrete(3), 1.5)).toBe("expected an integer in 0..2, got 1.5");
    expect(explain(dict({ a: discrete(2) }), {})).toBe("a: expected an integer in 0..1, got undefined");
    expect(explain(dict({ a: discrete(2) }), null)).toBe("expected an object, got null");
  });
});

describe("sample", () => {
  it("draws only what the mask of a discrete space allows, each about as often", () => {
    const rng = new Rng(1);
    const counts = new Map<number, number>();
    for (let i = 0; i < 3_000; i++) {
      const drawn = sample(discrete(4, 10), rng, [1, 0, 1, 0]);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([10, 12]);
    expect(Math.abs((counts.get(10) ?? 0) - 1_500)).toBeLessThan(140);
  });

  it("draws each element of multiDiscrete from its own part of the mask", () => {
    expect(sample(multiDiscrete([2, 3]), new Rng(1), [false, true, false, false, true])).toEqual(
      new Int32Array([1, 2]),
    );
  });

  it("takes the masks of a batch row by row", () => {
    const batch = sampleBatch(discrete(2), 3, new Rng(1), [1, 0, 0, 1, 1, 0]);
    expect(batch).toEqual(new Int32Array([0, 1, 0]));
    expect(maskWidthOf(multiDiscrete([2, 3]))).toBe(5);
    expect(maskWidthOf(box([2], 0, 1))).toBe(0);
  });

  it("refuses a mask that forbids everything, is too short, or belongs to no such space", () => {
    expect(() => sample(discrete(2), new Rng(1), [0, 0])).toThrow("expected a mask with at least one of 2 flags set");
    expect(() => sample(multiDiscrete([1, 2]), new Rng(1), [1, 0, 0])).toThrow("at least one of 2 flags set");
    expect(() => sample(discrete(2), new Rng(1), [1])).toThrow("expected a mask of 2 flags, got 1");
    expect(() => sample(box([1], 0, 1), new Rng(1), [1])).toThrow("expected no mask for a box space");
  });

  it("draws both ends of an integer box, the full int32 range included", () => {
    const ends = (last: boolean): Draws => ({ uniform: () => 0, normal: () => 0, int: (n) => (last ? n - 1 : 0) });
    for (const [low, high] of [
      [-2, 3],
      [-(2 ** 31), 2 ** 31 - 1],
    ] as const) {
      const space = box([1], low, high, "int32");
      expect([sample(space, ends(false))[0], sample(space, ends(true))[0]]).toEqual([low, high]);
    }
  });

  it("draws normals where both bounds are infinite, exponentials where one is", () => {
    const rng = new Rng(5);
    const draws = (low: number, high: number): Float64Array => sample(box([4_000], low, high, "float64"), rng);
    const mean = (values: Float64Array): number => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(mean(draws(-Infinity, Infinity)))).toBeLessThan(0.07);
    expect(Math.abs(mean(draws(3, Infinity)) - 4)).toBeLessThan(0.07);
    expect(Math.abs(mean(draws(-Infinity, 3)) - 2)).toBeLessThan(0.07);
    expect(Math.abs(mean(draws(2, 4)) - 3)).toBeLessThan(0.07);
  });

  it("stays finite between the largest bounds there are", () => {
    const space = box([50], -Number.MAX_VALUE, Number.MAX_VALUE, "float64");
    expect(sample(space, new Rng(1)).every(Number.isFinite)).toBe(true);
  });
});

describe("batches", () => {
  it("give observe the slices of its array leaves and nothing else", () => {
    const space = dict({ a: box([2], 0, 9), b: text({ maxLength: 2 }), c: tuple(discrete(2), multiBinary(1)) });
    const batch = allocate(space, 3);
    const out = outAt(space, batch, 1) as { a: Float32Array; c: [undefined, Uint8Array] };
    expect(Object.keys(out)).toEqual(["a", "c"]);
    expect(out.c[0]).toBeUndefined();
    out.a.set([7, 8]);
    expect([...batch.a]).toEqual([0, 0, 7, 8, 0, 0]);
    expect(outAt(discrete(2), new Int32Array(1), 0)).toBeUndefined();
    expect(outAt(dict({ b: text({ maxLength: 2 }) }), { b: [""] }, 0)).toBeUndefined();
  });

  it("refuse a row of another length, which would spill into the next", () => {
    const space = box([2], 0, 9);
    expect(() => setRow(space, allocate(space, 2), 0, new Float32Array(3))).toThrow(
      "expected 2 elements, got Float32Array(3)",
    );
  });

  it("know the elements of array spaces", () => {
    expect(
      [discrete(9), box([], 0, 1), box([2, 3], 0, 1), multiDiscrete([4, 4]), multiBinary(7)].map(elementsOf),
    ).toEqual([1, 1, 6, 2, 7]);
  });

  it("hold zeros of the first option where oneOf has no value yet", () => {
    const space: Space = oneOf(box([2], 0, 1), discrete(2));
    expect(allocate(space, 1)).toEqual([{ tag: 0, value: new Float32Array(2) }]);
  });
});
