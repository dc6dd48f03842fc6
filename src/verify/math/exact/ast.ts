/** The syntax tree of an answer: expressions, and the containers that answers come in. */
import type { Rat } from "./rational.ts";
import type { Unit } from "./units.ts";
import { spend } from "./work.ts";

export type Node =
  /** `places`: digits after the point when it was written as a decimal, else null. */
  | { readonly k: "num"; readonly v: Rat; readonly places: number | null }
  | { readonly k: "sym"; readonly name: string }
  | { readonly k: "const"; readonly name: "pi" | "e" | "i" | "inf" }
  | { readonly k: "add" | "mul"; readonly args: readonly Node[] }
  | { readonly k: "div" | "pow"; readonly a: Node; readonly b: Node }
  | { readonly k: "neg"; readonly a: Node }
  | { readonly k: "root"; readonly a: Node; readonly n: number }
  | { readonly k: "fn"; readonly name: string; readonly args: readonly Node[] }
  /** a plus-minus b; `sign` -1 for minus-plus, which takes the other sign at the same time. */
  | { readonly k: "pm"; readonly a: Node | null; readonly b: Node; readonly sign: 1 | -1 }
  | { readonly k: "rel"; readonly ops: readonly Relation[]; readonly args: readonly Node[] }
  | { readonly k: "list"; readonly joint: "," | ";" | "or" | "and"; readonly items: readonly Node[] }
  | { readonly k: "fence"; readonly open: Fence; readonly close: Fence; readonly items: readonly Node[] }
  | { readonly k: "set"; readonly items: readonly Node[] }
  | { readonly k: "builder"; readonly head: Node; readonly conditions: readonly Node[] }
  | { readonly k: "setop"; readonly op: "cup" | "cap" | "minus"; readonly a: Node; readonly b: Node }
  | { readonly k: "matrix"; readonly style: string; readonly rows: readonly (readonly Node[])[] }
  | { readonly k: "qty"; readonly a: Node; readonly unit: Unit }
  | { readonly k: "percent"; readonly a: Node }
  /** A numeral in a base from 2 to 36; digits in lower case. */
  | { readonly k: "base"; readonly digits: string; readonly base: number }
  | { readonly k: "ratio"; readonly parts: readonly Node[] }
  | { readonly k: "text"; readonly s: string }
  /** A set with a name: the real numbers and the like. */
  | { readonly k: "known"; readonly name: "R" | "Q" | "Z" | "N" | "C" };

export type Relation = "=" | "!=" | "<" | ">" | "<=" | ">=" | "in" | "~";
/** The relation read from right to left, or after a change of signs. */
export const FLIPPED: Readonly<Record<Relation, Relation>> = {
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
  "=": "=",
  "!=": "!=",
  in: "in",
  "~": "~",
};

export type Fence = "(" | "[" | "<";

/** Calls `visit` on the node and everything below it; a visit that returns false is not descended from. */
export function walk(node: Node, visit: (node: Node) => boolean): void {
  spend(0.5);
  if (!visit(node)) return;
  for (const child of childrenOf(node)) walk(child, visit);
}

export function childrenOf(node: Node): readonly Node[] {
  switch (node.k) {
    case "add":
    case "mul":
    case "fn":
    case "rel":
      return node.args;
    case "div":
    case "pow":
    case "setop":
      return [node.a, node.b];
    case "neg":
    case "root":
    case "qty":
    case "percent":
      return [node.a];
    case "pm":
      return node.a === null ? [node.b] : [node.a, node.b];
    case "list":
    case "fence":
    case "set":
      return node.items;
    case "builder":
      return [node.head, ...node.conditions];
    case "matrix":
      return node.rows.flat();
    case "ratio":
      return node.parts;
    default:
      return [];
  }
}

/** Whether the node, or one below it, satisfies the test. */
export function some(node: Node, test: (node: Node) => boolean): boolean {
  spend(0.5);
  return test(node) || childrenOf(node).some((child) => some(child, test));
}

/** The names of the variables below a node. */
export function variablesOf(node: Node, into: Set<string> = new Set()): Set<string> {
  walk(node, (part) => {
    if (part.k === "sym") into.add(part.name);
    return true;
  });
  return into;
}

/** Whether the node is an expression with one value, not a container, a relation or a text. */
export function isScalar(node: Node): boolean {
  spend(0.5);
  switch (node.k) {
    case "num":
    case "sym":
    case "const":
    case "base":
      return true;
    case "add":
    case "mul":
    case "div":
    case "pow":
    case "neg":
    case "root":
    case "fn":
    case "qty":
    case "percent":
    case "pm":
      return childrenOf(node).every(isScalar);
    case "ratio":
      return false;
    default:
      return false;
  }
}

export function num(v: Rat): Node {
  return { k: "num", v, places: null };
}
