/** Where in a text an answer is looked for: the kinds of places, their order, which of several, and how many. */
import { GymError } from "../../../../protocol/errors.ts";

/** Every kind of place, in the order in which they are tried unless told otherwise. */
export const KINDS = ["tag", "boxed", "hashes", "phrase", "text", "display", "inline", "bold"] as const;

/**
 * - `tag`: inside `<answer>...</answer>`; the kinds that follow look inside of it
 * - `boxed`: `\boxed{...}`, `\fbox{...}`, `\boxed 5`
 * - `hashes`: what follows `####` on its line (GSM8K)
 * - `phrase`: what follows "the answer is", "final answer:" and their like
 * - `text`: the last line that holds mathematics, or the last line
 * - `display`, `inline`, `bold`: `\[...\]` and `$$...$$`; `\(...\)` and `$...$`; `**...**`
 */
export type Kind = (typeof KINDS)[number];

export interface ExtractOptions {
  /** Kinds to try, in this order; the first that finds something decides. Default: {@link DEFAULT_KINDS}. */
  readonly kinds?: readonly Kind[];
  /** Which of several of a kind. Default "last". */
  readonly take?: "first" | "last";
  /** Neighbouring boxes that make up one list. Default: as many as the gold answer lists, otherwise 1. */
  readonly count?: number;
  /** Look into `<think>...</think>` as well. Default false: thoughts are no answer. */
  readonly thoughts?: boolean;
  /** Characters that are looked at, from the end (`take: "first"`: from the beginning). Default 1,000,000. */
  readonly maxLength?: number;
}

export const DEFAULT_KINDS: readonly Kind[] = ["tag", "boxed", "hashes", "phrase", "text"];
export const DEFAULT_MAX_LENGTH = 1_000_000;

/** Boxes that may be joined to one list. */
const MAX_COUNT = 64;

const FIELDS = ["kinds", "take", "count", "thoughts", "maxLength"];

/** Options that came from outside, as they are. @throws {GymError} BAD_PARAM naming the option that is wrong */
export function checkExtractOptions(given: unknown, where = "extract"): ExtractOptions {
  const bad = (name: string, expected: string, received: unknown): GymError =>
    new GymError("BAD_PARAM", name === "" ? where : `${where}.${name}`, { expected, received });
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw bad("", "an object", given);
  const { kinds, take, count, thoughts, maxLength, ...unknown } = given as Readonly<Record<string, unknown>>;
  const [stray] = Object.keys(unknown);
  if (stray !== undefined) throw bad(stray, `one of ${FIELDS.join(", ")}`, unknown[stray]);
  if (kinds !== undefined && !isKinds(kinds)) throw bad("kinds", `a list of ${KINDS.join(", ")}`, kinds);
  if (take !== undefined && take !== "first" && take !== "last") throw bad("take", '"first" or "last"', take);
  if (count !== undefined && !isCount(count, MAX_COUNT)) throw bad("count", `an integer in 1..${MAX_COUNT}`, count);
  if (thoughts !== undefined && typeof thoughts !== "boolean") throw bad("thoughts", "true or false", thoughts);
  if (maxLength !== undefined && !isCount(maxLength, DEFAULT_MAX_LENGTH)) {
    throw bad("maxLength", `an integer in 1..${DEFAULT_MAX_LENGTH}`, maxLength);
  }
  return given; // every field was looked at
}

const isKinds = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => (KINDS as readonly unknown[]).includes(item));

const isCount = (value: unknown, max: number): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;
