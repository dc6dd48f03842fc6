/** How small an algebraic number can be without being zero (Burnikel, Fleischer, Mehlhorn & Schirra, 2001). */
import type { Node } from "../ast.ts";
import { baseValue, discreteValue } from "../discrete.ts";
import { foldRational } from "../fold.ts";
import { absInt, bitLength, gcd } from "../integers.ts";
import { mulRat, type Rat, rat } from "../rational.ts";
import { DEGREE } from "../units.ts";
import { spend } from "../work.ts";
import { namedNode } from "../structure.ts";

/** log2 of the bounds of all conjugates of U and of L. */
interface Bound {
  readonly u: number;
  readonly l: number;
}

interface Field {
  /** Root expressions -> their degree; equal ones count once. */
  readonly roots: Map<string, number>;
  /** Every root of unity used is one of this order. */
  order: bigint;
}

/**
 * Bits of smallness that prove the difference of two expressions zero; null when one is not algebraic. With roots of unity
 * added to the bound of the paper: E = U / L for algebraic integers U, L of a field of degree at most D whose conjugates are
 * at most u and l, so E = 0 or |E| >= 1 / (u^(D-1) l).
 */
export function separationBits(a: Node, b: Node): number | null {
  const field: Field = { roots: new Map(), order: 1n };
  const bound = boundOf({ k: "add", args: [a, { k: "neg", a: b }] }, field);
  if (bound === null) return null;
  let degree = totient(field.order);
  for (const root of field.roots.values()) degree *= root;
  return Math.ceil((degree - 1) * bound.u + bound.l + 4);
}

function boundOf(node: Node, field: Field): Bound | null {
  spend(1);
  switch (node.k) {
    case "num":
      return ofRational(node.v);
    case "base":
      return ofRational(rat(baseValue(node.digits, node.base)));
    case "const":
      if (node.name !== "i") return null;
      return rootOfUnity(4n, field, { u: 0, l: 0 });
    case "neg":
      return boundOf(node.a, field);
    case "add":
      return node.args.map((part) => boundOf(part, field)).reduce(sumOf);
    case "mul":
      return node.args.map((part) => boundOf(part, field)).reduce(productOf);
    case "div":
      return productOf(boundOf(node.a, field), inverseOf(boundOf(node.b, field)));
    case "percent":
      return productOf(boundOf(node.a, field), ofRational(rat(1, 100)));
    case "root":
      return rootOf(node, boundOf(node.a, field), node.n, field);
    case "pow":
      return powerOf(node, node.a, foldRational(node.b), field);
    case "fn":
      return functionOf(node.name, node.args, field);
    default:
      return null;
  }
}

function ofRational({ n, d }: Rat): Bound {
  return { u: bitLength(absInt(n)), l: d === 1n ? 0 : bitLength(d) };
}

function sumOf(a: Bound | null, b: Bound | null): Bound | null {
  return a === null || b === null ? null : { u: Math.max(a.u + b.l, a.l + b.u) + 1, l: a.l + b.l };
}

function productOf(a: Bound | null, b: Bound | null): Bound | null {
  return a === null || b === null ? null : { u: a.u + b.u, l: a.l + b.l };
}

function inverseOf(a: Bound | null): Bound | null {
  return a === null ? null : { u: a.l, l: a.u };
}

function rootOf(node: Node, a: Bound | null, n: number, field: Field): Bound | null {
  if (a === null) return null;
  field.roots.set(namedNode(node), n);
  if (a.u >= a.l) return { u: (a.u + (n - 1) * a.l) / n, l: a.l };
  return { u: a.u, l: ((n - 1) * a.u + a.l) / n };
}

function powerOf(node: Node, base: Node, exponent: Rat | null, field: Field): Bound | null {
  if (exponent === null || exponent.d > 1000n || absInt(exponent.n) > 10_000n) return null;
  const a = boundOf(base, field);
  const root =
    exponent.d === 1n ? a : rootOf({ k: "root", a: base, n: Number(exponent.d) }, a, Number(exponent.d), field);
  const k = Number(absInt(exponent.n));
  if (root === null) return null;
  const power = { u: k * root.u, l: k * root.l };
  return exponent.n < 0n ? inverseOf(power) : power;
}

function functionOf(name: string, args: readonly Node[], field: Field): Bound | null {
  const values = args.map((arg) => foldRational(arg));
  const exact = values.every((value) => value !== null) ? discreteValue(name, values) : null;
  if (exact !== null) return ofRational(exact);
  // The absolute value of a real number is the number or its opposite.
  if (name === "abs")
    return boundOf({ k: "root", n: 2, a: { k: "pow", a: args[0]!, b: { k: "num", v: rat(2), places: null } } }, field);
  const turn = /^(?:sin|cos|tan|cot|sec|csc)$/.test(name) ? partOfPi(args[0]!) : null;
  if (turn === null) return null;
  // 2 sin and 2 cos are algebraic integers, all of whose conjugates are at most 2.
  const order = 4n * turn.d;
  const one = rootOfUnity(order, field, { u: 1, l: 1 });
  if (name === "sin" || name === "cos") return one;
  if (name === "sec" || name === "csc") return inverseOf(one);
  return productOf(one, inverseOf(one));
}

function rootOfUnity(order: bigint, field: Field, bound: Bound): Bound | null {
  field.order = (field.order / gcd(field.order, order)) * order;
  return field.order > 100_000n ? null : bound;
}

/** q where the expression is q * pi, else null. */
export function partOfPi(node: Node): Rat | null {
  if (node.k === "qty") {
    const value = node.unit === DEGREE ? foldRational(node.a) : null;
    return value === null ? null : mulRat(value, rat(1, 180));
  }
  if (node.k === "const") return node.name === "pi" ? rat(1) : null;
  if (node.k === "num") return node.v.n === 0n ? node.v : null;
  if (node.k === "neg") return scaled(partOfPi(node.a), rat(-1));
  if (node.k === "div") {
    const under = foldRational(node.b);
    return under === null || under.n === 0n ? null : scaled(partOfPi(node.a), rat(under.d, under.n));
  }
  if (node.k !== "mul") return null;
  let part: Rat | null = null;
  let factor = rat(1);
  for (const arg of node.args) {
    const value = foldRational(arg);
    if (value !== null) factor = mulRat(factor, value);
    else if (part === null) part = partOfPi(arg);
    else return null;
    if (value === null && part === null) return null;
  }
  return scaled(part, factor);
}

function scaled(part: Rat | null, by: Rat): Rat | null {
  return part === null ? null : mulRat(part, by);
}

function totient(order: bigint): number {
  let [n, result] = [Number(order), Number(order)];
  for (let p = 2; p * p <= n; p++) {
    if (n % p !== 0) continue;
    while (n % p === 0) n /= p;
    result -= result / p;
  }
  return n > 1 ? result - result / n : result;
}
