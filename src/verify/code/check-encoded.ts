/** Checks that untrusted JSON is an encoded value: known tags, bounded depth and size, exact forms. */
import { MAX_DEPTH, type Encoded } from "./encoded.ts";
import { ChannelError } from "./frames.ts";

const bad = (what: string): ChannelError => new ChannelError(`a value with ${what}`);

/** @returns the same value, typed. @throws {ChannelError} saying what is wrong */
export function checkEncoded(value: unknown, depth = 0): Encoded {
  if (depth > MAX_DEPTH) throw bad(`more than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return checkNumber(value);
  if (typeof value !== "object") throw bad(`a ${typeof value} in it`);
  if (Array.isArray(value)) return checkItems(value, depth);
  const keys = Object.keys(value);
  const tag = keys[0];
  if (tag === undefined || !Object.hasOwn(TAGS, tag)) throw bad("an object that is no known tag");
  if (tag === "h" ? keys.length !== 2 : keys.length !== 1) throw bad(`a tag ${tag} with other keys`);
  // The keys were read above, so the cast adds nothing but an index.
  const fields = value as Record<string, unknown>;
  if (!TAGS[tag]!(fields[tag], depth + 1, fields)) throw bad(`a wrong ${tag}`);
  // Every branch of TAGS checks one member of the union.
  return value as Encoded;
}

type TagCheck = (content: unknown, depth: number, fields: Readonly<Record<string, unknown>>) => boolean;

const items: TagCheck = (content, depth) => Array.isArray(content) && checkItems(content, depth).length >= 0;

const pairs: TagCheck = (content, depth) =>
  Array.isArray(content) &&
  content.every((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) return false;
    checkItems(pair, depth);
    return true;
  });

const TAGS: Readonly<Record<string, TagCheck>> = {
  f: (content) => (typeof content === "number" ? Number.isFinite(content) : FLOATS.has(content)),
  i: (content) => typeof content === "string" && INTEGER.test(content),
  t: items,
  s: items,
  z: items,
  it: items,
  d: pairs,
  m: pairs,
  b: (content) => typeof content === "string" && BASE64.test(content),
  c: (content, depth) => Array.isArray(content) && content.length === 2 && checkItems(content, depth).every(isReal),
  u: (content) => content === 0,
  h: (content, _, { n }) => Number.isSafeInteger(content) && (content as number) >= 0 && isName(n),
  o: isName,
};

const FLOATS: ReadonlySet<unknown> = new Set(["inf", "-inf", "nan", "-0"]);
/** 20,000 digits: beyond them, reading one would take the judge longer than any honest answer is worth. */
const INTEGER = /^-?(?:0|[1-9]\d{0,19999})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isName(content: unknown): boolean {
  return typeof content === "string" && content.length <= 200;
}

function isReal(value: Encoded): boolean {
  return typeof value === "number" || (typeof value === "object" && value !== null && "f" in value);
}

function checkItems(list: readonly unknown[], depth: number): Encoded[] {
  return list.map((item) => checkEncoded(item, depth + 1));
}

/** JSON has no infinity of its own, but 1e999 parses as one; and beyond 2^53 the digits of an int are not what was sent. */
function checkNumber(value: number): number {
  if (!Number.isFinite(value)) throw bad("a number out of range");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw bad("an integer beyond 2^53 without its tag");
  return value;
}
