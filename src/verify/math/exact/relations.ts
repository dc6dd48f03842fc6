/** Equations up to a constant factor, inequalities up to a positive one. */
import { FLIPPED, type Node, type Relation, some } from "./ast.ts";
import { atomOf, type Mono } from "./atoms.ts";
import { canonical } from "./canonical.ts";
import {
  addPoly,
  asConstant,
  keyOf,
  monomial,
  mulMono,
  mulPoly,
  NIL,
  type Poly,
  powMono,
  subPoly,
  UNIT,
} from "./poly.ts";
import { subF } from "./ratfun.ts";
import { ONE } from "./rational.ts";
import { compareScalars, type Verdict } from "./scalar.ts";
import { Malformed, Unsupported } from "./work.ts";

type Rel = Node & { readonly k: "rel" };

const DIRECTION: Readonly<Partial<Record<Relation, readonly [sign: 1 | -1, strict: boolean]>>> = {
  ">": [1, true],
  ">=": [1, false],
  "<": [-1, true],
  "<=": [-1, false],
};

/** Compares two relations of one operator each; others only when they are alike part by part. */
export function compareRelations(gold: Rel, answer: Rel): Verdict {
  if (gold.ops.length !== 1 || answer.ops.length !== 1) return compareChains(gold, answer);
  const [g, a] = [gold.ops[0]!, answer.ops[0]!];
  const [left, right] = [sides(gold), sides(answer)];
  if (left === null || right === null) return compareChains(gold, answer);
  const factor = constantFactor(left, right);
  const [p, q] = [DIRECTION[g], DIRECTION[a]];
  if (p === undefined || q === undefined) {
    const same = (g === "~" ? "=" : g) === (a === "~" ? "=" : a);
    return { equal: same && factor !== null, rule: "equation" };
  }
  if (factor === null || p[1] !== q[1]) return { equal: false, rule: "inequality" };
  const sign = asConstant(factor);
  if (sign === null) return { equal: null, rule: "undecided" };
  return { equal: sign.n > 0n === (p[0] === q[0]), rule: "inequality" };
}

/** a < b < c, part by part, the same way round or turned. */
function compareChains(gold: Rel, answer: Rel): Verdict {
  for (const turned of [false, true]) {
    const ops = turned ? answer.ops.map((op) => FLIPPED[op]).reverse() : answer.ops;
    const args = turned ? answer.args.toReversed() : answer.args;
    if (ops.length !== gold.ops.length || ops.some((op, k) => op !== gold.ops[k])) continue;
    if (gold.args.every((arg, k) => compareScalars(arg, args[k]!).equal === true))
      return { equal: true, rule: "chain" };
  }
  return { equal: null, rule: "undecided" };
}

/** left - right without denominators, or null where there is no canonical form. */
function sides({ args }: Rel): Poly | null {
  try {
    const difference = subF(canonical(args[0]!), canonical(args[1]!));
    return difference.d === UNIT || closedPoly(difference.d) ? cleared(difference.n) : null;
  } catch (error) {
    if (error instanceof Unsupported || error instanceof Malformed) return null;
    throw error;
  }
}

function closedPoly(p: Poly): boolean {
  return [...p.values()].every(({ m }) => variablePart(m).length === 0);
}

/** Multiplied by variables until no power is negative: y = 1/x and xy = 1 have the same solutions. */
function cleared(p: Poly): Poly {
  let by: Mono = [];
  for (const { m } of p.values()) {
    for (let k = 0; k < m.length; k += 3) {
      if (m[k + 1]! >= 0 || atomOf(m[k]!).kind !== "var") continue;
      const here = mulMono(m, by);
      for (let j = 0; j < here.length; j += 3) {
        if (here[j] === m[k] && here[j + 1]! < 0) by = mulMono(by, [here[j]!, -here[j + 1]!, here[j + 2]!]);
      }
    }
  }
  return by.length === 0 ? p : mulPoly(p, monomial(ONE, by));
}

function variablePart(m: Mono): Mono {
  const out: number[] = [];
  for (let k = 0; k < m.length; k += 3) {
    const { kind } = atomOf(m[k]!);
    const closed = kind === "pi" || kind === "base" || kind === "i" || kind === "unity";
    if (!closed) out.push(m[k]!, m[k + 1]!, m[k + 2]!);
  }
  return out;
}

/** The coefficient of each product of variables. */
function byVariables(p: Poly): Map<string, Poly> {
  const groups = new Map<string, Poly>();
  for (const { c, m } of p.values()) {
    const part = variablePart(m);
    const rest = mulMono(m, powMono(part, -1, 1));
    groups.set(keyOf(part), addPoly(groups.get(keyOf(part)) ?? NIL, monomial(c, rest)));
  }
  return groups;
}

/**
 * A positive multiple of the constant c with p = c q, or null when there is none; a sign is only told for rational c.
 */
function constantFactor(p: Poly, q: Poly): Poly | null {
  if (p.size === 0 || q.size === 0) return p.size === q.size ? UNIT : null;
  const [left, right] = [byVariables(p), byVariables(q)];
  if (left.size !== right.size) return null;
  const [key, a] = left.entries().next().value!;
  const b = right.get(key);
  if (b === undefined || subPoly(mulPoly(p, b), mulPoly(q, a)).size > 0) return null;
  return mulPoly(a, b);
}

/** Whether a relation is an equation or the like between expressions, not an inequality. */
export function isEquation(node: Node): node is Rel {
  return node.k === "rel" && node.ops.every((op) => op === "=" || op === "~");
}

export function isClosed(node: Node): boolean {
  return !some(node, (part) => part.k === "sym" || (part.k === "fn" && part.name.startsWith("call ")));
}
