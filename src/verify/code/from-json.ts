/** Plain JSON values, as data sets hold them, into the encoding of the channel; and JSON text without losing the digits of large integers. */
import { GymError } from "../../../protocol/errors.ts";
import { checkEncoded } from "./check-encoded.ts";
import { MAX_DEPTH, type Encoded } from "./encoded.ts";
import { ChannelError } from "./frames.ts";

/** Objects become dicts, arrays lists; an integral number an int, unless it is too large for one to be sure of its digits.
 *  @throws {GymError} BAD_PARAM for what JSON does not have, and for values nested too deep */
export function encodeJson(value: unknown, where: string, depth = 0): Encoded {
  if (depth > MAX_DEPTH) throw new GymError("BAD_PARAM", where, { expected: `at most ${MAX_DEPTH} levels` });
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "bigint") return { i: `${value}` };
  if (Array.isArray(value)) return value.map((item) => encodeJson(item, where, depth + 1));
  if (typeof value !== "object") throw new GymError("BAD_PARAM", where, { expected: "a JSON value", received: value });
  return { d: Object.entries(value).map(([key, item]) => [key, encodeJson(item, where, depth + 1)]) };
}

/** A value of a test, in the encoding that the test names.
 *  @throws {GymError} BAD_PARAM */
export function encodeGiven(value: unknown, encoding: "json" | "tagged", where: string): Encoded {
  if (encoding === "json") return encodeJson(value, where);
  try {
    return checkEncoded(value);
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    throw new GymError("BAD_PARAM", where, { expected: "a tagged value", received: error.message });
  }
}

function encodeNumber(value: number): Encoded {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? { f: "-0" } : value;
  if (Number.isFinite(value)) return Number.isInteger(value) ? { f: value } : value;
  return { f: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
}

/** Sixteen digits in a row: only then may an integer be beyond 2^53. */
const LONG = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** `JSON.parse` that gives a bigint for each integer that a number would round. @throws {SyntaxError} */
export function parseExactJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text);
  // The third argument has been in V8 since Node 21 and is missing from TypeScript's declaration.
  const parse = JSON.parse as (
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown;
  return parse(text, (_key, value, { source }) => {
    const rounded = typeof value === "number" && !Number.isSafeInteger(value);
    return rounded && source !== undefined && INTEGER.test(source) ? BigInt(source) : value;
  });
}

/** `value` with each bigint of `parseExactJson` as a number again, for what is only handed back. */
export function withoutBigints(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, part: unknown) => (typeof part === "bigint" ? Number(part) : part)));
}
