/** LaTeX commands and function names with their arguments: fractions, roots, logarithms, trigonometry, matrices. */
import { type Node, num, some } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { FUNCTIONS } from "./names.ts";
import { parseList, parseSum } from "./parse.ts";
import { isCalculus, parseCalculus } from "./parse-calculus.ts";
import { parseMatrix } from "./parse-matrix.ts";
import { parseArgument, parseFactor } from "./parse-operand.ts";
import { Malformed, Unsupported } from "./work.ts";

const TRIGONOMETRIC = /^(?:arc)?(?:sin|cos|tan|cot|sec|csc)h?$/;

/** What follows the command that was just read. @throws {Unsupported} for a command that is not known */
export function parseCommand(c: Cursor, name: string): Node {
  switch (name) {
    case "frac":
      return parseFraction(c);
    case "sqrt":
      return parseRoot(c);
    case "cbrt":
      return { k: "root", n: 3, a: parseArgumentOrGroup(c) };
    case "binom":
      return parsePair(c);
    case "begin":
      return parseMatrix(c);
    case "emptyset":
    case "varnothing":
    case "O":
      return { k: "set", items: [] };
    case "boxed":
    case "fbox":
    case "displaylines":
      return parseArgument(c);
    default:
      if (isCalculus(name)) return parseCalculus(c, name);
      if (/^set[RQZNC]$/.test(name)) return { k: "known", name: name.at(-1) as "R" };
      if (!FUNCTIONS.has(name) && ![...FUNCTIONS.values()].includes(name)) throw new Unsupported(`\\${name}`);
      return parseFunction(c, name);
  }
}

function parseFraction(c: Cursor): Node {
  if (c.isOp("(")) throw new Unsupported("frac with brackets");
  return { k: "div", a: scalar(parseArgument(c)), b: scalar(parseArgument(c)) };
}

function scalar(node: Node): Node {
  if (node.k === "list" || node.k === "rel") throw new Unsupported("a list as an argument");
  return node;
}

function parseRoot(c: Cursor): Node {
  let n = 2;
  if (c.take("[")) {
    const index = parseSum(c);
    c.expect("]");
    if (index.k !== "num" || index.v.d !== 1n || index.v.n < 2n || index.v.n > 1000n)
      throw new Unsupported("root index");
    n = Number(index.v.n);
  }
  return { k: "root", n, a: parseArgumentOrGroup(c) };
}

/** \sqrt{x}, sqrt(x), \sqrt3; "\sqrt 12" and "sqrt 12" take the whole number. */
function parseArgumentOrGroup(c: Cursor): Node {
  const token = c.peek();
  if (token.t !== "num") return scalar(parseArgument(c));
  const several = (token.digits?.length ?? 0) > 1;
  if (several && c.latex && token.gap === 0) throw new Unsupported("root of digits without braces");
  return parseFactor(c, true);
}

function parsePair(c: Cursor): Node {
  if (!c.isOp("(")) return { k: "fn", name: "binom", args: [scalar(parseArgument(c)), scalar(parseArgument(c))] };
  const args = parseGroup(c);
  if (args.length !== 2) throw new Unsupported("binomial");
  return { k: "fn", name: "binom", args };
}

function parseGroup(c: Cursor): readonly Node[] {
  const close = c.isOp("(") ? ")" : c.isOp("[") ? "]" : "}";
  c.next();
  const inside = parseList(c);
  c.expect(close);
  return inside.k === "list" ? inside.items : [inside];
}

function parseFunction(c: Cursor, name: string): Node {
  const base = name === "log" && c.take("_") ? logarithmBase(c) : null;
  const exponent = c.take("^") ? (c.isOp("{") ? parseArgument(c) : parseFactor(c, true)) : null;
  const lateBase = base === null && name === "log" && c.take("_") ? logarithmBase(c) : base;
  const inverse = exponent?.k === "neg" && exponent.a.k === "num" && exponent.a.v.n === 1n && exponent.a.v.d === 1n;
  const called = inverse && TRIGONOMETRIC.test(name) ? `arc${name}` : name;
  const args = callArguments(c, called);
  const node: Node = { k: "fn", name: called, args: lateBase === null ? args : [...args, lateBase] };
  if (exponent === null || called !== name) return node;
  if (inverse) throw new Unsupported("an inverse function");
  return { k: "pow", a: node, b: exponent };
}

/** log_10 means base 10, although LaTeX would lower the 1 alone. */
function logarithmBase(c: Cursor): Node {
  const { t, v } = c.peek();
  if (t !== "num") return parseArgument(c);
  c.next();
  return num(v!);
}

function callArguments(c: Cursor, name: string): readonly Node[] {
  if (c.isOp("(") || c.isOp("[")) return parseGroup(c);
  if (c.isOp("{")) return [parseArgument(c)];
  if (c.isOp("|") || c.isOp("|(")) return [parseFactor(c)];
  if (!TRIGONOMETRIC.test(name) && !/^(?:ln|log|lg|log2|exp|det|sgn)$/.test(name))
    throw new Unsupported(`${name} without brackets`);
  return [bareArgument(c, name)];
}

/** sin 2x, ln 2, cos 2pi/3: factors up to the next sign or function. */
function bareArgument(c: Cursor, name: string): Node {
  const factors: Node[] = [];
  const negative = c.take("-");
  while (bareFactorHere(c, factors.length)) factors.push(parseFactor(c));
  if (factors.length === 0) throw new Malformed(`${name} of nothing`);
  let node: Node = factors.length === 1 ? factors[0]! : { k: "mul", args: factors };
  if (negative) node = { k: "neg", a: node };
  // "sin pi/6" divides inside, "ln 2/3" outside; "sin x/2" could be either.
  if (!c.isOp("/") || !TRIGONOMETRIC.test(name)) return node;
  if (!some(node, (part) => part.k === "const" && part.name === "pi")) throw new Unsupported("function of a quotient");
  c.next();
  return { k: "div", a: node, b: parseFactor(c) };
}

function bareFactorHere(c: Cursor, count: number): boolean {
  const { t, s } = c.peek();
  if (t === "num") return count === 0;
  if (t === "cmd") return !FUNCTIONS.has(s) || s === "frac" || s === "sqrt";
  if (t === "run") return s.length <= 3 && !/^(?:or|and|sin|cos|tan|ln|log|exp)$/.test(s);
  return t === "sym" || (t === "op" && s === "{" && count === 0);
}
