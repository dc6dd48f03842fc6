/** Tokens to a tree: lists, relations, set operations, sums and products (operands are in parse-operand.ts). */
import type { Node, Relation } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { parseArgument, parseFactor, startsOperand } from "./parse-operand.ts";
import { mixedNumber, takeUnit, unitMayFollow } from "./parse-suffix.ts";
import { tokenize } from "./tokens.ts";
import { unexpected } from "./unexpected.ts";
import { Unsupported } from "./work.ts";

export interface ParseOptions {
  readonly decimalComma: boolean;
  readonly maxNesting: number;
}

/** @throws {Malformed} broken; {Unsupported} holds what this tier does not know; {TooLarge} beyond the budget */
export function parse(text: string, options: ParseOptions): Node {
  const c = new Cursor(tokenize(text, options), text.includes("\\"), 4 * options.maxNesting);
  const node = parseList(c);
  while (c.take(".") || c.take(",") || c.take(";")) continue;
  if (!c.atEnd()) throw unexpected(c.peek());
  return node;
}

type Joint = "," | ";" | "or" | "and";

/** One relation, or several joined by commas, semicolons, "or", "and". */
export function parseList(c: Cursor): Node {
  return c.deeper(() => {
    const first = parseRelation(c);
    const items = [first];
    const joints = new Set<Joint>();
    for (let joint = takeJoint(c); joint !== null; joint = takeJoint(c)) {
      joints.add(joint);
      if (!startsOperand(c)) break;
      items.push(parseRelation(c));
    }
    if (items.length === 1) return first;
    if (joints.has(";") && joints.size > 1) throw new Unsupported("groups of lists");
    const joint = joints.has("or")
      ? "or"
      : joints.has(";")
        ? ";"
        : joints.has("and") && joints.size === 1
          ? "and"
          : ",";
    return { k: "list", joint, items };
  });
}

/** A comma, semicolon or joining word, with a word after a comma (", and") taken along. */
function takeJoint(c: Cursor): Joint | null {
  let joint: Joint | null = null;
  if (c.isOp(".") || (c.isOp(",") && c.peek(1).t === "end")) return null;
  if (c.take(",")) joint = ",";
  else if (c.take(";")) joint = ";";
  const word = joiningWord(c);
  if (word === null) return joint;
  c.next();
  return word;
}

export function joiningWord(c: Cursor): "or" | "and" | "," | null {
  const token = c.peek();
  const word = token.s.trim().toLowerCase().replace(/^,\s*/, "");
  if (token.t === "op" && (word === "or" || word === "and")) return word;
  if (token.t !== "str" && token.t !== "run") return null;
  return word === "or" || word === "and" ? word : word === "" && token.s.includes(",") ? "," : null;
}

const RELATIONS: ReadonlyMap<string, Relation> = new Map([
  ["=", "="],
  ["!=", "!="],
  ["<", "<"],
  [">", ">"],
  ["<=", "<="],
  [">=", ">="],
  ["∈", "in"],
  ["~", "~"],
]);

/** A chain of relations: a < x <= b. */
export function parseRelation(c: Cursor): Node {
  const first = c.isOp("~") ? null : parseRatio(c);
  const args = first === null ? [] : [first];
  const ops: Relation[] = [];
  for (let op = relationHere(c); op !== null; op = relationHere(c)) {
    c.next();
    ops.push(op);
    args.push(parseRatio(c));
  }
  // "approximately 3.14" without a left side is the number alone.
  if (first === null && args.length === 1) return args[0]!;
  return ops.length === 0 ? args[0]! : { k: "rel", ops, args };
}

function relationHere(c: Cursor): Relation | null {
  const token = c.peek();
  return token.t === "op" ? (RELATIONS.get(token.s) ?? null) : null;
}

function parseRatio(c: Cursor): Node {
  const first = withModulus(c, parseSetOperation(c));
  if (c.conditions || !(c.isOp(":") || isTo(c))) return first;
  const parts = [first];
  while (c.take(":") || takeTo(c)) parts.push(parseSetOperation(c));
  return { k: "ratio", parts };
}

/** 3 (mod 7) is a class, 17 mod 5 a number. */
function withModulus(c: Cursor, left: Node): Node {
  const bracket = c.isOp("(") && isMod(c, 1);
  if (!bracket && !isMod(c, 0)) return left;
  if (bracket) c.next();
  const name = bracket || c.isCmd("pmod") ? "residue" : "mod";
  c.next();
  const modulus = c.isOp("{") ? parseArgument(c) : parseProduct(c);
  if (bracket) c.expect(")");
  return { k: "fn", name, args: [left, modulus] };
}

function isMod(c: Cursor, ahead: number): boolean {
  const { t, s } = c.peek(ahead);
  return (t === "cmd" && /^(?:pmod|bmod|mod)$/.test(s)) || ((t === "run" || t === "str") && s.trim() === "mod");
}

/** "3 to 2" is a ratio too. */
function isTo(c: Cursor): boolean {
  const { t, s } = c.peek();
  return (t === "str" || t === "run") && s.trim() === "to";
}

function takeTo(c: Cursor): boolean {
  const found = isTo(c);
  if (found) c.next();
  return found;
}

const SET_OPERATIONS = { "∪": "cup", "∩": "cap", "∖": "minus" } as const;

function parseSetOperation(c: Cursor): Node {
  let left = parseSum(c);
  for (;;) {
    const token = c.peek();
    const union = token.t === "run" && /^[uU]$/.test(token.s) && (left.k === "fence" || left.k === "setop");
    if (!union && !(token.t === "op" && token.s in SET_OPERATIONS)) return left;
    c.next();
    c.grow();
    const op = union ? "cup" : SET_OPERATIONS[token.s as keyof typeof SET_OPERATIONS];
    left = { k: "setop", op, a: left, b: parseSum(c) };
  }
}

export function parseSum(c: Cursor): Node {
  return c.deeper(() => {
    const first = c.isOp("±") || c.isOp("∓") ? null : parseProduct(c);
    const terms: Node[] = first === null ? [] : [first];
    for (;;) {
      if (c.take("+")) terms.push(parseProduct(c));
      else if (c.take("-")) terms.push({ k: "neg", a: parseProduct(c) });
      else if (c.isOp("±") || c.isOp("∓")) {
        const sign = c.next().s === "±" ? 1 : -1;
        c.grow();
        const a = terms.length === 0 ? null : sum(terms.splice(0));
        terms.push({ k: "pm", a, b: parseProduct(c), sign });
      } else return sum(terms);
    }
  });
}

function sum(terms: readonly Node[]): Node {
  return terms.length === 1 ? terms[0]! : { k: "add", args: terms };
}

/** Products and quotients from left to right; a product sign may be left out. */
export function parseProduct(c: Cursor): Node {
  let last = takeUnit(c, mixedNumber(c, parseFactor(c)));
  let factors: Node[] = [last];
  const restart = (node: Node): void => {
    last = node;
    factors = [node];
  };
  for (;;) {
    if (c.isOp("/")) {
      c.next();
      c.grow();
      restart(takeUnit(c, { k: "div", a: productNode(factors), b: parseFactor(c) }));
      continue;
    }
    if (c.take("*")) last = mixedNumber(c, parseFactor(c));
    else if (multiplies(c)) last = besideFactor(c, last);
    else return productNode(factors);
    factors.push(last);
    if (!unitMayFollow(c)) continue;
    const whole = productNode(factors);
    const measured = takeUnit(c, whole);
    if (measured !== whole) restart(measured);
  }
}

function productNode(factors: readonly Node[]): Node {
  return factors.length === 1 ? factors[0]! : { k: "mul", args: factors.slice() };
}

/** The next factor where no product sign stands between. "5 ft 6 in" is a sum of measures, "5 6" is nothing. */
function besideFactor(c: Cursor, before: Node): Node {
  const isNumber = c.peek().t === "num";
  const touched = c.previous()!;
  if (isNumber && before.k !== "qty" && touched.t === "num") throw new Unsupported("two numbers side by side");
  // "x2" may be a subscript, a power or a product.
  if (isNumber && before.k !== "qty" && touched.t !== "op") throw new Unsupported("a number after a symbol");
  const factor = mixedNumber(c, parseFactor(c));
  return isNumber ? takeUnit(c, factor) : factor;
}

/** Whether the next token is a factor without a product sign. */
function multiplies(c: Cursor): boolean {
  if (
    joiningWord(c) !== null ||
    isTo(c) ||
    isMod(c, c.isOp("(") ? 1 : 0) ||
    c.isOp("-") ||
    c.isOp("+") ||
    c.isOp("±") ||
    c.isOp("∓")
  )
    return false;
  if (c.isOp("[") || c.isOp("<") || c.isOp("$")) return false;
  const token = c.peek();
  if (token.t === "run" && /^[uU]$/.test(token.s) && c.previous()?.t === "op") return false;
  return startsOperand(c);
}
