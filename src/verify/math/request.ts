/** One comparison as JSON brings it, read once at the edge: a JSON line, or an item of an HTTP body. */
import { GymError } from "../../../protocol/errors.ts";
import { checkVerifyOptions } from "./check-options.ts";
import type { MathRequest } from "./verifier.ts";

/** Characters of a gold answer or a whole solution that ends in one. */
export const MAX_GOLD = 100_000;

/** Characters of an answer; the extraction looks at fewer. */
export const MAX_ANSWER = 4_000_000;

/**
 * Reads `{gold, answer, options?}`; other fields are the caller's own. A number as gold or answer is what it prints as.
 * @throws {GymError} BAD_PARAM naming the field, its text never
 */
export function readRequest(value: unknown, where: string): MathRequest {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new GymError("BAD_PARAM", where, { expected: "an object {gold, answer, options?}" });
  }
  const { gold, answer, options } = value as Readonly<Record<string, unknown>>;
  return {
    gold: textOf(gold, `${where}.gold`, MAX_GOLD),
    answer: textOf(answer, `${where}.answer`, MAX_ANSWER),
    ...(options !== undefined && options !== null && { options: checkVerifyOptions(options, `${where}.options`) }),
  };
}

function textOf(value: unknown, where: string, max: number): string {
  const text = typeof value === "number" && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== "string") {
    const received = value === undefined ? "nothing" : value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`; // prettier-ignore
    throw new GymError("BAD_PARAM", `${where}: expected a string, got ${received}`);
  }
  if (text.length > max) {
    throw new GymError("BAD_PARAM", `${where}: expected at most ${max} characters, got ${text.length}`);
  }
  return text;
}
