/** Operands: numbers, symbols, groups, commands and function calls. */
import { type Node, num } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { CONSTANTS, FUNCTIONS, GREEK } from "./names.ts";
import { parseList, parseProduct, parseRelation } from "./parse.ts";
import { parseCommand } from "./parse-command.ts";
import { parseFence, parseSet } from "./parse-group.ts";
import { mixedNumber, parseSuffixes } from "./parse-suffix.ts";
import { rat } from "./rational.ts";
import { CURRENCIES } from "./units.ts";
import { unexpected } from "./unexpected.ts";
import { splitRun } from "./words.ts";
import { Malformed, Unsupported } from "./work.ts";

const OPENING = new Set(["(", "[", "{", "{{", "⟨", "|(", "⌊", "⌈", "<", "$", "€", "£", "¥", "-", "+", "±", "∓"]);

/** Whether an operand may begin at the next token. */
export function startsOperand(c: Cursor): boolean {
  const { t, s } = c.peek();
  if (t === "cmd") return s !== "end" && s !== "hline" && s !== "choose";
  if (t === "num" || t === "run" || t === "sym" || t === "str") return true;
  if (t !== "op") return false;
  return OPENING.has(s) || (s === "|" && c.bars === 0 && !c.conditions);
}

/** One factor with its sign and suffixes. `tight`: an exponent, where a unit or a fraction does not belong. */
export function parseFactor(c: Cursor, tight = false): Node {
  return c.deeper(() => {
    if (c.take("-")) return { k: "neg", a: mixedNumber(c, parseFactor(c)) };
    if (c.take("+")) return parseFactor(c);
    const operand = parseOperand(c);
    return tight ? parseTight(c, operand) : parseSuffixes(c, operand);
  });
}

/** After x^ only a further power or a factorial binds. */
function parseTight(c: Cursor, operand: Node): Node {
  if (c.take("!")) return parseTight(c, { k: "fn", name: "factorial", args: [operand] });
  if (!c.take("^")) return operand;
  const b = c.isOp("{") ? parseArgument(c) : parseFactor(c, true);
  return { k: "pow", a: operand, b };
}

function parseOperand(c: Cursor): Node {
  const token = c.peek();
  switch (token.t) {
    case "num":
      return parseNumber(c);
    case "run":
      return parseRun(c);
    case "sym":
      return parseSymbol(c, c.next().s);
    case "str":
      return parseText(c);
    case "cmd":
      return parseName(c);
    case "op":
      return parseOpening(c, token.s);
    case "end":
      throw new Malformed("an operand is missing at the end");
  }
}

function parseNumber(c: Cursor): Node {
  const token = c.next();
  if (c.isOp("_") && typeof token.digits === "string") return { k: "base", digits: token.digits, base: readBase(c) };
  return { k: "num", v: token.v!, places: token.places ?? null };
}

/** The base after "_". @throws {Malformed} */
export function readBase(c: Cursor): number {
  c.expect("_");
  const node = c.isOp("{") ? parseArgument(c) : parseFactor(c, true);
  const names = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
  const named = node.k === "sym" ? names.findIndex((name) => node.name === `text(${name})`) : -1;
  const base = named >= 0 ? named + 2 : node.k === "num" ? Number(node.v.n) : 0;
  if (base < 2 || base > 36) throw new Unsupported("base");
  return base;
}

function parseRun(c: Cursor): Node {
  c.replace(splitRun(c.peek()));
  return c.peek().t === "sym" ? parseSymbol(c, c.next().s) : parseName(c);
}

/** A symbol with its subscript and primes; f(x) for the letters that are functions. */
function parseSymbol(c: Cursor, letter: string): Node {
  let name = letter;
  if (c.take("_")) name += `_${readSubscript(c)}`;
  while (c.isOp("'")) name += c.next().s;
  if (/^[CP]$/.test(name) && c.isOp("(") && c.peek().gap === 0) {
    const counted = countedGroup(c, name);
    if (counted !== null) return counted;
  }
  if (/^[fghFGH](?:_|'|$)/.test(name) && c.isOp("(") && c.peek().gap === 0) {
    c.next();
    const inside = parseList(c);
    c.expect(")");
    return { k: "fn", name: `call ${name}`, args: inside.k === "list" ? inside.items : [inside] };
  }
  return { k: "sym", name };
}

/** C(10, 3) chooses, P(10, 3) arranges, where both are whole numbers; other brackets after C and P are factors. */
function countedGroup(c: Cursor, name: string): Node | null {
  const [n, comma, k, close] = [c.peek(1), c.peek(2), c.peek(3), c.peek(4)];
  if (n.t !== "num" || k.t !== "num" || comma.s !== "," || close.s !== ")" || close.t !== "op") return null;
  for (let taken = 0; taken < 5; taken++) c.next();
  const [all, some] = [num(n.v!), num(k.v!)];
  const chosen: Node = { k: "fn", name: "binom", args: [all, some] };
  return name === "C" ? chosen : { k: "mul", args: [chosen, { k: "fn", name: "factorial", args: [some] }] };
}

/** What stands below a symbol or a sign, as text. */
export function readSubscript(c: Cursor): string {
  if (!c.take("{")) {
    const token = c.next();
    if (token.t === "op" || token.t === "end") throw new Malformed("subscript");
    return token.s;
  }
  let text = "";
  for (let depth = 1; ;) {
    const token = c.next();
    if (token.t === "end") throw new Malformed("subscript");
    if (token.t === "op" && token.s === "{") depth++;
    if (token.t === "op" && token.s === "}" && --depth === 0) return text.trim();
    text += token.s.trim();
  }
}

/** Text in the place of an operand is a name: \text{Area} = 5. */
function parseText(c: Cursor): Node {
  const name = c.next().s.trim().toLowerCase();
  if (!/^[\p{L}][\p{L} -]*$/u.test(name)) throw new Unsupported("text");
  return { k: "sym", name: `text(${name})` };
}

function parseName(c: Cursor): Node {
  const { s } = c.peek();
  const name = CONSTANTS.get(s);
  if (name !== undefined) {
    c.next();
    return c.isOp("_") && (name === "e" || name === "i") ? parseSymbol(c, s) : { k: "const", name };
  }
  if (GREEK.has(s)) return parseSymbol(c, c.next().s);
  const fn = FUNCTIONS.get(s);
  c.next();
  return parseCommand(c, fn ?? s);
}

function parseOpening(c: Cursor, s: string): Node {
  const currency = CURRENCIES.get(s);
  if (currency !== undefined) {
    c.next();
    return { k: "qty", a: parseProduct(c), unit: currency };
  }
  if (s === "±" || s === "∓") {
    c.next();
    return { k: "pm", a: null, b: parseProduct(c), sign: s === "±" ? 1 : -1 };
  }
  if (s === "(" || s === "[" || s === "]" || s === "⟨" || s === "<") return parseFence(c);
  if (s === "{{") return parseSet(c, "}}");
  if (s === "{") return parseBraces(c);
  if (s === "|" || s === "|(" || s === "⌊" || s === "⌈") return parseBars(c, s);
  throw unexpected(c.peek());
}

/** A LaTeX group, or, with several members, a set of plain text. */
function parseBraces(c: Cursor): Node {
  if (c.isOp("}", 1)) {
    c.next();
    c.next();
    return { k: "set", items: [] };
  }
  const start = c.mark();
  c.next();
  const inside = parseList(c);
  if (c.isCmd("choose")) {
    c.next();
    const below = parseList(c);
    c.expect("}");
    return { k: "fn", name: "binom", args: [inside, below] };
  }
  if (c.take("}")) return inside.k === "list" && inside.joint === "," ? { k: "set", items: inside.items } : inside;
  c.back(start);
  return parseSet(c, "}");
}

const CLOSING: Readonly<Record<string, readonly [close: string, name: string]>> = {
  "|": ["|", "abs"],
  "|(": ["|)", "abs"],
  "⌊": ["⌋", "floor"],
  "⌈": ["⌉", "ceil"],
};

function parseBars(c: Cursor, open: string): Node {
  const [close, name] = CLOSING[open]!;
  c.next();
  if (open === "|") c.bars++;
  const inside = parseRelation(c);
  if (open === "|") c.bars--;
  if (!c.take(close)) c.expect("|");
  return { k: "fn", name, args: [inside] };
}

/** The argument of a command: a braced group, or one digit or symbol. */
export function parseArgument(c: Cursor): Node {
  return c.deeper(() => {
    if (c.take("{")) {
      if (c.isOp("}")) throw new Malformed("empty group");
      const inside = parseList(c);
      c.expect("}");
      return inside;
    }
    const token = c.peek();
    if (token.t === "num" && typeof token.digits === "string" && token.digits.length > 1) return firstDigit(c);
    if (token.t === "run") c.replace(splitRun({ ...token, s: token.s }));
    return parseOperand(c);
  });
}

/** \frac12 is one half: a command takes one digit at a time. */
function firstDigit(c: Cursor): Node {
  const token = c.peek();
  const [first, rest] = [token.digits![0]!, token.digits!.slice(1)];
  const digit = (digits: string): typeof token => ({ ...token, s: digits, digits, v: rat(BigInt(digits)) });
  c.replace([digit(first), digit(rest)]);
  return num(c.next().v!);
}
