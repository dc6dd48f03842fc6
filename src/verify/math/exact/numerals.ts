/** Numbers in all their writings: thousands, decimal points and commas, repeating decimals, scientific notation. */
import { addRat, mulRat, powRat, type Rat, rat } from "./rational.ts";

export interface Numeral {
  readonly v: Rat;
  /** Digits after the point when written as a decimal, else null. */
  readonly places: number | null;
  /** Characters read. */
  readonly length: number;
  /** The digits, when it is a plain string of them ("\frac12" takes one at a time). */
  readonly digits: string | null;
}

// A group may be set apart by a brace-protected comma, LaTeX or Unicode spacing, or an apostrophe.
const GAP = String.raw`(?:\s?\{\s*,\s*\}\s?|\{\\,\}|\\,|\\;|\\:|\\ |~| |\u00a0|\u2009|\u202f|')`;
const COMMA = String.raw`(?:,\\!\s?|\\!,|,)`;
const NO_DIGIT = String.raw`(?!\d)`;

const SPACED = new RegExp(String.raw`[1-9]\d{0,2}(?:${GAP}\d{3})+${NO_DIGIT}(?!\s*/)(?:\.\d+)?`, "y");
const COMMAS = new RegExp(String.raw`[1-9]\d{0,2}(?:${COMMA}\d{3})+${NO_DIGIT}(?!,\d)(?:\.\d+)?`, "y");
const INDIAN = new RegExp(String.raw`[1-9]\d?(?:,\d\d)+,\d{3}${NO_DIGIT}(?!,\d)(?:\.\d+)?`, "y");
const UNDERSCORES = new RegExp(String.raw`[1-9]\d{0,2}(?:_\d{3})+(?![\d{])`, "y");
const DOTS = new RegExp(String.raw`[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.])(?:(?:,|\{,\})\d+)?`, "y");
const DOT_COMMA = new RegExp(String.raw`[1-9]\d{0,2}\.\d{3}(?:,|\{,\})\d{1,2}(?![\d.,])`, "y");
const BRACED_COMMA = /\d+\{,\}\d+/y;
const ANY_DOTS = /[1-9]\d{0,2}(?:\.\d{3})+(?![\d.])(?:,\d+)?/y;
const COMMA_DECIMAL = /\d+,\d+(?![\d,])/y;
const PLAIN = /\d+(?:\.\d+)?|\.\d+/y;
const POINT_ONLY = /\d+\.(?=\\overline|\\bar|\\dot|\(\d+\))/y;
const BAR = /\\(?:overline|bar|overbar)\s*(?:\{\s*(\d+)\s*\}|(\d))/y;
const PARENTHESES = /\((\d+)\)/y;
const DOTTED = /\\dot\s*\{?\s*(\d)\s*\}?(?:(\d*)\\dot\s*\{?\s*(\d)\s*\}?)?/y;
const DOTTED_TAIL = /(?:\.\.\.|\\(?:dots|ldots|cdots)(?![a-z])|\u2026)/y;
const EXPONENT = /[eE]([+-]?\d{1,6})(?![\w.])/y;

export interface NumeralStyle {
  /** Commas group thousands here (not directly inside a bracket whose commas separate). */
  readonly commas: boolean;
  readonly decimalComma: boolean;
}

/** Reads the numeral that starts at `at`, or null. */
export function readNumeral(text: string, at: number, style: NumeralStyle): Numeral | null {
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  if (style.decimalComma) {
    const dotted = match(ANY_DOTS) ?? match(COMMA_DECIMAL);
    if (dotted !== null) return finish(text, at, dotted.length, dotted.replaceAll(".", "").replace(",", "."));
  }
  const european = match(DOTS) ?? (style.commas ? match(DOT_COMMA) : null);
  if (european !== null) {
    return finish(text, at, european.length, european.replaceAll(".", "").replace(/\{?,\}?/, "."));
  }
  const grouped = (style.commas ? (match(COMMAS) ?? match(INDIAN)) : null) ?? match(SPACED) ?? match(UNDERSCORES);
  if (grouped !== null) return finish(text, at, grouped.length, grouped.replace(/[^\d.]/g, ""));
  const braced = match(BRACED_COMMA);
  if (braced !== null) return finish(text, at, braced.length, braced.replace("{,}", "."));
  const plain = match(POINT_ONLY) ?? match(PLAIN);
  return plain === null ? null : finish(text, at, plain.length, plain);
}

/** Adds what may follow the digits: a repeating block, an exponent. */
function finish(text: string, at: number, length: number, digits: string): Numeral {
  const end = at + length;
  const dot = digits.indexOf(".");
  if (dot >= 0) {
    const repeating = repeatingTail(text, end, digits.slice(dot + 1));
    if (repeating !== null) {
      const v = addRat(decimal(digits), mulRat(repeating.v, powRat(rat(10), BigInt(-(digits.length - dot - 1)))));
      return { v: repeating.whole ?? v, places: null, length: length + repeating.length, digits: null };
    }
  }
  EXPONENT.lastIndex = end;
  const exponent = EXPONENT.exec(text);
  if (exponent !== null) {
    const v = mulRat(decimal(digits), powRat(rat(10), BigInt(exponent[1]!)));
    const places = dot < 0 ? null : Math.max(0, digits.length - dot - 1 - Number(exponent[1]));
    return { v, places, length: length + exponent[0].length, digits: null };
  }
  const isPlain = dot < 0 && digits.length === length;
  return {
    v: decimal(digits),
    places: dot < 0 ? null : digits.length - dot - 1,
    length,
    digits: isPlain ? digits : null,
  };
}

interface Tail {
  /** The block as a fraction of one unit of the last place before it. */
  readonly v: Rat;
  /** Set instead where the digits before belong to the block. */
  readonly whole?: Rat;
  readonly length: number;
}

/** A block that repeats for ever: \overline{3}, (3), \dot{3}, or "333..." (a block written out often enough). */
function repeatingTail(text: string, at: number, before: string): Tail | null {
  for (const pattern of [BAR, PARENTHESES, DOTTED]) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return { v: block(found.slice(1).join("")), length: found[0].length };
  }
  DOTTED_TAIL.lastIndex = at;
  const dots = DOTTED_TAIL.exec(text);
  const written = dots === null ? null : writtenOut(before);
  if (dots === null || written === null) return null;
  return { v: block(written), length: dots[0].length };
}

function block(digits: string): Rat {
  return rat(BigInt(digits), 10n ** BigInt(digits.length) - 1n);
}

/** The block that ends the digits, when it stands there three times (one digit) or twice (two to six digits). */
function writtenOut(digits: string): string | null {
  for (let size = 1; size <= 6; size++) {
    const last = digits.slice(-size);
    if (last.length === size && digits.endsWith(last.repeat(size === 1 ? 3 : 2))) return last;
  }
  return null;
}

/** The value of digits with at most one point. */
function decimal(digits: string): Rat {
  const dot = digits.indexOf(".");
  if (dot < 0) return { n: BigInt(digits), d: 1n };
  const places = digits.length - dot - 1;
  return rat(BigInt(digits.slice(0, dot) + digits.slice(dot + 1)), 10n ** BigInt(places));
}
