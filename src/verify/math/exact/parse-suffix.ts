/** What may follow an operand: the fraction of a mixed number, a unit, powers, factorials, percent and degree signs. */
import { isScalar, type Node, some } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseArgument, parseFactor } from "./parse-operand.ts";
import { addRat, compareRat, ONE, rat } from "./rational.ts";
import { CURRENCIES, DEGREE, knownUnit } from "./units.ts";
import { readUnit } from "./unit-words.ts";
import { Unsupported } from "./work.ts";

/** 2\frac{1}{2} and "2 1/2": a whole number directly before a proper fraction of whole numbers. */
export function mixedNumber(c: Cursor, left: Node): Node {
  const before = c.previous();
  if (left.k !== "num" || left.places !== null || left.v.d !== 1n || before?.t !== "num") return left;
  const start = c.mark();
  const fraction = c.isCmd("frac") ? commandFraction(c) : c.peek().gap > 0 ? slashFraction(c) : null;
  if (fraction === null) {
    c.back(start);
    return left;
  }
  if (compareRat(fraction, ONE) >= 0) throw new Unsupported("an improper fraction beside a whole number");
  return { k: "num", v: addRat(left.v, fraction), places: null };
}

function commandFraction(c: Cursor): ReturnType<typeof rat> | null {
  c.next();
  return wholes(parseArgument(c), parseArgument(c));
}

function slashFraction(c: Cursor): ReturnType<typeof rat> | null {
  if (c.peek().t !== "num" || !c.isOp("/", 1) || c.peek(2).t !== "num") return null;
  const [top, , bottom] = [c.next(), c.next(), c.next()];
  if (top.digits === null || bottom.digits === null || c.isOp("^") || c.isOp("!")) return null;
  return bottom.v!.n === 0n ? null : rat(top.v!.n, bottom.v!.n);
}

function wholes(a: Node, b: Node): ReturnType<typeof rat> | null {
  if (a.k !== "num" || b.k !== "num" || a.v.d !== 1n || b.v.d !== 1n || a.places !== null || b.v.n === 0n) return null;
  return a.v.n > 0n && b.v.n > 0n ? rat(a.v.n, b.v.n) : null;
}

const MOST_UNIT_TOKENS = 12;
/** Units of plain letters that may touch their number: "5cm". */
const TOUCHING = /^(?:cm|mm|km|kg|mg|ml|mL|ft|in|mi|yd|lb|lbs|oz|min|mins|sec|hr|hrs|mph|kph|kWh|kJ|kW|Hz|g|m|s|h)$/;
const LETTER_UNITS = /^[mshgLlNJWV]$/;
const ORDINAL = /^(?:st|nd|rd|th)$/;

/** A cheap look ahead: whether a unit may come next. */
export function unitMayFollow(c: Cursor): boolean {
  const { t, s } = c.peek();
  return t === "str" || (t === "run" && maySpellUnit(s)) || (t === "op" && CURRENCIES.has(s));
}

/** The operand with the unit that follows it, or the operand. */
export function takeUnit(c: Cursor, operand: Node): Node {
  const token = c.peek();
  if (!unitMayFollow(c)) return operand;
  if (token.t === "op") return currencyAfter(c, operand);
  if (!isScalar(operand) || operand.k === "qty") return operand;
  if (token.t === "run" && !mayBeUnit(c, operand)) return operand;
  const start = c.mark();
  const pieces = unitPieces(c);
  for (let count = pieces.length; count > 0; count--) {
    const taken = pieces.slice(0, count);
    const last = c.peek(count - 1);
    if (last.t === "op" && last.s !== "}") continue;
    const unit = readUnit(taken.join(" ").replace(/ ?\^ ?/g, "^"), nounsAllowed(c, count));
    if (unit === null) continue;
    for (let k = 0; k < count; k++) c.next();
    // Radians and unnamed units change nothing.
    return unit.dims.size === 0 && /^(?:rad|unit)/.test(unit.name) ? operand : { k: "qty", a: operand, unit };
  }
  c.back(start);
  return operand;
}

function currencyAfter(c: Cursor, operand: Node): Node {
  // "5$" is money only at the end; elsewhere the sign opens something.
  if (!isScalar(operand) || operand.k === "qty" || c.peek(1).t !== "end") return operand;
  return { k: "qty", a: operand, unit: CURRENCIES.get(c.next().s)! };
}

/** A cheap look before the operand is looked through. */
function maySpellUnit(word: string): boolean {
  return word.length === 1
    ? LETTER_UNITS.test(word)
    : word.length >= 4 || TOUCHING.test(word) || knownUnit(word) !== null;
}

function mayBeUnit(c: Cursor, operand: Node): boolean {
  const { s, gap } = c.peek();
  if (some(operand, (node) => node.k === "sym")) return false;
  if (/^(?:or|and|to|mod|U|u)$/.test(s)) return false;
  if (s.length === 1) return LETTER_UNITS.test(s) && (gap === 2 || (gap === 1 && !c.latex));
  return gap > 0 || TOUCHING.test(s);
}

function unitPieces(c: Cursor): string[] {
  const pieces: string[] = [];
  for (let k = 0; k < MOST_UNIT_TOKENS; k++) {
    const { t, s } = c.peek(k);
    const inside = t === "num" && pieces.some((piece) => piece === "^");
    const sign = t === "op" && "/*^{}-°".includes(s);
    if (t !== "str" && t !== "run" && !inside && !sign) break;
    if ((t === "run" || t === "str") && /^\s*(?:or|and|to)\s*$/.test(s)) break;
    pieces.push(s.trim());
  }
  return pieces;
}

/** Unknown words are things counted when they are set as text, or are plain words set apart from the number. */
function nounsAllowed(c: Cursor, count: number): boolean {
  for (let k = 0; k < count; k++) {
    const { t, s, gap } = c.peek(k);
    if (t === "op" || t === "num") return false;
    if (t === "run" && (gap === 0 || (k === 0 && s.length < 4))) return false;
  }
  return true;
}

/** Powers, factorials, percent and degree signs, primes after an operand. */
export function parseSuffixes(c: Cursor, operand: Node): Node {
  let node = operand;
  for (; ; c.grow()) {
    if (c.take("!")) node = { k: "fn", name: "factorial", args: [node] };
    else if (c.take("%") || takeWord(c, /^\s*(?:percent|percentage|pct|per cent)\.?\s*$/i))
      node = { k: "percent", a: node };
    else if (c.isOp("°")) node = degrees(c, node);
    else if (c.isOp("'") && node.k === "num") node = minutes(c, node);
    else if (c.isOp("^")) node = parsePower(c, node);
    else if (ordinalFollows(c, node)) c.next();
    else return node;
  }
}

function takeWord(c: Cursor, word: RegExp): boolean {
  const { t, s } = c.peek();
  if ((t !== "run" && t !== "str") || !word.test(s)) return false;
  c.next();
  return true;
}

/** "21st" at the end or before a word; "21st^2" is a product. */
function ordinalFollows(c: Cursor, node: Node): boolean {
  const { t, s, gap } = c.peek();
  if (t !== "run" || gap !== 0 || node.k !== "num" || !ORDINAL.test(s)) return false;
  const after = c.peek(1);
  const last = Number(node.v.n % 10n);
  const teens = node.v.n % 100n >= 11n && node.v.n % 100n <= 13n;
  const right = teens ? "th" : (["th", "st", "nd", "rd"][last] ?? "th");
  return s === right && (after.t === "end" || ((after.t === "run" || after.t === "str") && after.gap > 0));
}

function degrees(c: Cursor, node: Node): Node {
  const letter = c.peek(1);
  const isLetter = (letter.t === "run" || letter.t === "str") && /^\s*[CFK]\s*$/.test(letter.s);
  c.next();
  if (!isLetter) return { k: "qty", a: node, unit: DEGREE };
  return { k: "qty", a: node, unit: readUnit(`°${c.next().s.trim()}`, false)! };
}

function minutes(c: Cursor, node: Node): Node {
  const unit = readUnit("ft", false)!;
  c.next();
  return { k: "qty", a: node, unit };
}

function parsePower(c: Cursor, base: Node): Node {
  c.next();
  if (c.isOp("°")) return degrees(c, base);
  if (c.isOp("{") && c.isOp("°", 1) && c.isOp("}", 2)) {
    c.next();
    c.next();
    return degrees(c, base);
  }
  if (ordinalHere(c)) return base;
  if (base.k === "matrix" && transposes(c)) return { k: "fn", name: "transpose", args: [base] };
  const exponent = c.deeper(() => (c.isOp("{") ? parseArgument(c) : exponentFactor(c)));
  if (exponent.k === "rel" || exponent.k === "list") throw new Unsupported("exponent");
  return { k: "pow", a: base, b: exponent };
}

function exponentFactor(c: Cursor): Node {
  if (c.take("-")) return { k: "neg", a: c.deeper(() => exponentFactor(c)) };
  c.take("+");
  return parseFactor(c, true);
}

function ordinalHere(c: Cursor): boolean {
  const braced = c.isOp("{");
  const token = c.peek(braced ? 1 : 0);
  if ((token.t !== "str" && token.t !== "run") || !ORDINAL.test(token.s.trim())) return false;
  for (let k = 0; k < (braced ? 3 : 1); k++) c.next();
  return true;
}

function transposes(c: Cursor): boolean {
  const braced = c.isOp("{");
  const token = c.peek(braced ? 1 : 0);
  const sign = token.s === "T" || token.s === "top" || token.s === "intercal";
  if (!sign || (braced && !c.isOp("}", 2))) return false;
  for (let k = 0; k < (braced ? 3 : 1); k++) c.next();
  return true;
}
