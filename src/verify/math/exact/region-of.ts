/** Intervals, unions, sets of points and solved inequalities as regions of the real line. */
import { FLIPPED, isScalar, type Node, type Relation, some } from "./ast.ts";
import {
  complementOf,
  INFINITY,
  intersectionOf,
  type Interval,
  MINUS_INFINITY,
  normalRegion,
  pointRegion,
  REALS,
  type Region,
  unionOf,
} from "./regions.ts";

/** The region that interval notation, a union or a set of points stands for, or null. @throws {Unsupported} */
export function regionOf(node: Node): Region | null {
  switch (node.k) {
    case "fence":
      return intervalOf(node);
    case "set":
      return node.items.every(isScalar) ? normalRegion(node.items.flatMap(pointRegion)) : null;
    case "known":
      return node.name === "R" ? REALS : null;
    case "setop": {
      const [a, b] = [regionOf(node.a), regionOf(node.b)];
      if (a === null || b === null) return null;
      if (node.op === "cup") return unionOf(a, b);
      return intersectionOf(a, node.op === "cap" ? b : complementOf(b));
    }
    case "add":
      return withoutPoints(node.args);
    default:
      return null;
  }
}

/** "R - {0}" written with a minus sign. */
function withoutPoints(args: readonly Node[]): Region | null {
  const [from, minus] = args;
  if (args.length !== 2 || from!.k !== "known" || minus!.k !== "neg" || minus.a.k !== "set") return null;
  return regionOf({ k: "setop", op: "minus", a: from, b: minus.a });
}

function intervalOf(node: Node & { readonly k: "fence" }): Region | null {
  const [low, high] = node.items;
  if (node.items.length !== 2 || node.open === "<" || !isScalar(low!) || !isScalar(high!)) return null;
  return [{ low: low!, high: high!, lowIn: node.open === "[", highIn: node.close === "[" }];
}

export interface Solved {
  readonly variable: string;
  readonly region: Region;
}

/** A solved inequality in one variable: x > 3, 1 < x <= 2, x < 1 or x > 2, {x | x > 3}; else null. */
export function solvedInequality(node: Node): Solved | null {
  if (node.k === "rel") return solvedRelation(node);
  if (node.k === "list")
    return solvedList(node.items, node.joint === "and" ? "and" : node.joint === "or" ? "or" : null);
  if (node.k === "builder") return solvedList(node.conditions, node.conditions.length > 1 ? "and" : null);
  if (node.k !== "setop" || node.op === "minus") return null;
  const [a, b] = [solvedInequality(node.a), solvedInequality(node.b)];
  return a === null || b === null ? null : combined([a, b], node.op === "cup" ? "or" : "and");
}

function solvedList(items: readonly Node[], joint: "and" | "or" | null): Solved | null {
  const parts: Solved[] = [];
  for (const item of items) {
    const part = solvedInequality(item);
    if (part === null) return null;
    parts.push(part);
  }
  return combined(parts, joint);
}

/** With a comma only, "x < 1, x > 2" is one or the other where they do not meet, both where they do. */
function combined(parts: readonly Solved[], joint: "and" | "or" | null): Solved | null {
  const variable = parts[0]?.variable;
  if (variable === undefined || parts.some((part) => part.variable !== variable)) return null;
  const both = parts.map(({ region }) => region).reduce(intersectionOf);
  if (joint === "and" || (joint === null && both.length > 0)) return { variable, region: both };
  return { variable, region: parts.map(({ region }) => region).reduce(unionOf) };
}

function solvedRelation(given: Node & { readonly k: "rel" }): Solved | null {
  const node = signTaken(given);
  const at = node.args.findIndex((arg) => arg.k === "sym");
  const variable = node.args[at];
  if (variable?.k !== "sym" || node.args.length > 3) return null;
  const closed = node.args.every((arg, k) => k === at || (isScalar(arg) && !some(arg, (part) => part.k === "sym")));
  if (node.ops.length === 1 && node.ops[0] === "in") {
    const region = at === 0 ? regionOf(node.args[1]!) : null;
    return region === null ? null : { variable: variable.name, region };
  }
  if (!closed || (node.args.length === 3 && at !== 1)) return null;
  let region: Region = REALS;
  for (const [k, op] of node.ops.entries()) {
    const other = node.args[k === at ? k + 1 : k]!;
    const half = halfLine(k === at ? op : FLIPPED[op], other);
    if (half === null) return null;
    region = intersectionOf(region, half);
  }
  return { variable: variable.name, region };
}

/** -x > -1 is x < 1: a sign alone leaves nothing to solve. */
function signTaken(node: Node & { readonly k: "rel" }): Node & { readonly k: "rel" } {
  if (node.ops.includes("in") || !node.args.some((arg) => arg.k === "neg" && arg.a.k === "sym")) return node;
  const args = node.args.map((arg): Node => (arg.k === "neg" ? arg.a : { k: "neg", a: arg }));
  return { k: "rel", ops: node.ops.map((op) => FLIPPED[op]), args };
}

function halfLine(op: Relation, end: Node): Region | null {
  const above = (lowIn: boolean): Interval => ({ low: end, high: INFINITY, lowIn, highIn: false });
  const below = (highIn: boolean): Interval => ({ low: MINUS_INFINITY, high: end, lowIn: false, highIn });
  switch (op) {
    case ">":
      return [above(false)];
    case ">=":
      return [above(true)];
    case "<":
      return [below(false)];
    case "<=":
      return [below(true)];
    case "!=":
      return [below(false), above(false)];
    case "=":
      return pointRegion(end);
    default:
      return null;
  }
}
