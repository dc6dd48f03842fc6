/** The channel of a box: what it says survives, and no bytes from it do more than end it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFromBox } from "../../../src/verify/code/channel.ts";
import { checkEncoded } from "../../../src/verify/code/check-encoded.ts";
import { MAX_DEPTH } from "../../../src/verify/code/encoded.ts";
import { ChannelError, frame, FrameReader } from "../../../src/verify/code/frames.ts";
import { encodedValues } from "./arbitraries.ts";

const NONCE = "0123456789abcdef0123456789abcdef";
const MAX = 1_000;

/** The frames of `bytes`, pushed in pieces cut at `cuts`. */
function readIn(bytes: Uint8Array, cuts: readonly number[]): unknown[] {
  const reader = new FrameReader(MAX);
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).flatMap((end, i) => reader.push(bytes.subarray(at[i], end)));
}

describe("frames", () => {
  it("reads the messages that were framed, wherever the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        (messages, cuts) => {
          const frames = messages.map(frame).filter((bytes) => bytes.length <= MAX + 4);
          const wanted = messages.filter((message) => frame(message).length <= MAX + 4).map((message) => JSON.parse(JSON.stringify(message)) as unknown); // prettier-ignore
          expect(readIn(Buffer.concat(frames), cuts)).toEqual(wanted);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("gives frames or a ChannelError for any bytes at all, and never holds more than one frame", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
        const reader = new FrameReader(MAX);
        try {
          for (const chunk of chunks) reader.push(chunk);
          expect(reader.pending).toBeLessThanOrEqual(MAX + 4);
        } catch (error) {
          expect(error).toBeInstanceOf(ChannelError);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["a length of 4 GB", Buffer.from([255, 255, 255, 255]), "4294967295 bytes"],
    ["a length one above the limit", Buffer.from([0xe9, 3, 0, 0]), "1001 bytes"],
    ["text that is not JSON", Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.from("{a}")]), "not JSON"],
    ["JSON that is not UTF-8", Buffer.from([4, 0, 0, 0, 0x22, 0xc3, 0x28, 0x22]), "not JSON"],
    ["an empty frame", Buffer.from([0, 0, 0, 0]), "not JSON"],
    [
      "a frame with something after the value",
      Buffer.concat([Buffer.from([3, 0, 0, 0]), Buffer.from("1 2")]),
      "not JSON",
    ],
  ])("refuses %s", (_, bytes, why) => {
    expect(() => new FrameReader(MAX).push(bytes)).toThrow(why);
  });

  it("takes a frame of exactly the limit", () => {
    const text = "x".repeat(MAX - 2);
    expect(new FrameReader(MAX).push(frame(text))).toEqual([text]);
  });
});

describe("replies", () => {
  const reply = (fields: object): unknown => ({ nonce: NONCE, seq: 1, ...fields });

  it("takes each kind of reply and drops fields it does not know", () => {
    expect(checkFromBox(reply({ kind: "value", value: [1], extra: 1 }), NONCE)).toEqual({
      kind: "value",
      seq: 1,
      value: [1],
    });
    expect(checkFromBox(reply({ kind: "value", value: null, args: [{ t: [] }] }), NONCE)).toMatchObject({
      args: [{ t: [] }],
    });
    const exception = { kind: "exception", type: "MemoryError", message: "", because: "memory" };
    expect(checkFromBox(reply(exception), NONCE)).toEqual({ seq: 1, ...exception });
    expect(checkFromBox(reply({ kind: "forward", name: "f", args: [1] }), NONCE)).toMatchObject({
      call: { name: "f" },
    });
  });

  it("cuts the words of an exception to 200 and 2,000 characters", () => {
    const long = checkFromBox(reply({ kind: "exception", type: "E".repeat(9_999), message: "m".repeat(9_999) }), NONCE);
    expect(long).toMatchObject({ type: "E".repeat(200), message: "m".repeat(2_000) });
  });

  it.each([
    ["no object", 3],
    ["a list", []],
    ["null", null],
    ["another nonce", { nonce: "f".repeat(32), seq: 1, kind: "value", value: 1 }],
    ["no nonce", { seq: 1, kind: "value", value: 1 }],
    ["a negative number", reply({ seq: -1, kind: "value", value: 1 })],
    ["a number that is a text", reply({ seq: "1", kind: "value", value: 1 })],
    ["an unknown kind", reply({ kind: "pass" })],
    ["no value", reply({ kind: "value" })],
    ["arguments that are no list", reply({ kind: "value", value: 1, args: {} })],
    ["an exception without a type", reply({ kind: "exception", message: "m" })],
    ["an unknown reason", reply({ kind: "exception", type: "E", message: "m", because: "infrastructure" })],
    ["a forwarded call without a name", reply({ kind: "forward", args: [] })],
  ])("refuses %s", (_, message) => {
    expect(() => checkFromBox(message, NONCE)).toThrow(ChannelError);
  });
});

describe("encoded values", () => {
  it("takes every value that the encoding has, unchanged", () => {
    fc.assert(
      fc.property(encodedValues, (value) => {
        expect(checkEncoded(value)).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it("gives a value or a ChannelError for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          checkEncoded(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ChannelError);
        }
      }),
      { numRuns: 200 },
    );
  });

  const nested = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

  it(`takes ${MAX_DEPTH} levels and refuses a hundred thousand`, () => {
    expect(checkEncoded(nested(MAX_DEPTH))).toBeDefined();
    expect(() => checkEncoded(nested(100_000))).toThrow("levels");
  });

  it.each([
    ["an untagged object", {}],
    ["an unknown tag", { x: 1 }],
    ["two tags", { f: 1, i: "1" }],
    ["a tag that every object inherits", JSON.parse('{"constructor": 1}')],
    ["__proto__ as a tag", JSON.parse('{"__proto__": []}')],
    ["an integer beyond 2^53 without its tag", 2 ** 53],
    ["an integer with a leading zero", { i: "007" }],
    ["an integer of 30,000 digits", { i: "9".repeat(30_000) }],
    ["an integer in other digits", { i: "١٢" }],
    ["a float by an unknown name", { f: "NaN" }],
    ["bytes that are not base64", { b: "a" }],
    ["a pair of three", { d: [[1, 2, 3]] }],
    ["a complex number of texts", { c: ["1", "2"] }],
    ["a complex number of three parts", { c: [1, 2, 3] }],
    ["an undefined with content", { u: 1 }],
    ["a handle without a name", { h: 1 }],
    ["a handle below zero", { h: -1, n: "x" }],
  ])("refuses %s", (_, value) => {
    expect(() => checkEncoded(value)).toThrow(ChannelError);
  });
});
