/** Checkpoint bytes: what goes in comes out, and damage is found. */
import { fromSafetensors, toSafetensors, type Plain } from "dojang/agents";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const arrays = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.uint8Array(),
  fc.uint16Array(),
  fc.int8Array(),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const plain: fc.Arbitrary<Plain> = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    number,
    fc.string(),
    arrays,
    fc.array(tie("plain"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b", "q values", "x"), tie("plain"), { noNullPrototype: true }),
  ),
})).plain;

describe("checkpoint bytes", () => {
  it("give back any plain data, bit by bit", () => {
    fc.assert(
      fc.property(plain, (data) => {
        expect(fromSafetensors(toSafetensors({ data }))).toEqual({ data });
      }),
      { numRuns: 100 },
    );
  });

  it("are safetensors: a length, a JSON header with dtype, shape and offsets, then the data", () => {
    const bytes = toSafetensors({ q: { values: Float64Array.of(1.5, -2) }, seen: Uint8Array.of(7) });
    const size = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Record<string, unknown>;
    expect(header["q.values"]).toEqual({ dtype: "F64", shape: [2], data_offsets: [0, 16] });
    expect(header["seen"]).toEqual({ dtype: "U8", shape: [1], data_offsets: [16, 17] });
    expect(size % 8).toBe(0);
    expect(bytes.length).toBe(8 + size + 17);
    expect(new DataView(bytes.buffer).getFloat64(8 + size, true)).toBe(1.5);
  });

  it("refuse a NaN outside an array, and name where it is", () => {
    expect(() => toSafetensors({ learner: { epsilon: NaN } })).toThrow(
      /checkpoint: learner\.epsilon: expected a finite number/,
    );
  });

  it("that are cut at any place are refused", () => {
    const bytes = toSafetensors({ a: Float64Array.of(1, 2, 3), b: 1 });
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => fromSafetensors(bytes.subarray(0, length))).toThrow(/expected a whole safetensors file/);
    }
  });
});
