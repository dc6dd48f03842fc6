/** Compares tuples, vectors and matrices entry by entry. */
import type { Node } from "./ast.ts";
import { compareNodes } from "./compare.ts";
import { inOrder } from "./matching.ts";
import { matrixValue, type Rows } from "./matrices.ts";
import type { Settings } from "./quantities.ts";
import type { Verdict } from "./scalar.ts";

/** At least one side is a bracketed tuple, neither is certainly an interval. */
export function compareTuples(gold: Node, answer: Node, settings: Settings): Verdict {
  if (gold.k !== "fence" || answer.k !== "fence") return { equal: false, rule: "tuple" };
  const brackets = (node: Node & { readonly k: "fence" }): string => node.open + node.close;
  // [1, 2] may be a closed interval and (1, 2) an open one; longer ones are tuples in any brackets.
  const pair = gold.items.length === 2 && !isNested(gold);
  const differ = brackets(gold) !== brackets(answer) && [gold, answer].some((node) => brackets(node) === "[[");
  if (pair && differ) return { equal: false, rule: "interval" };
  if (settings.strict && brackets(gold) !== brackets(answer)) return { equal: false, rule: "tuple" };
  return inOrder(gold.items, answer.items, "tuple", (g, a) => compareNodes(g, a, settings));
}

function isNested({ items }: Node & { readonly k: "fence" }): boolean {
  return items.some((item) => item.k === "fence");
}

/** At least one side holds a matrix; a tuple is the column or the row with its members. */
export function compareMatrices(gold: Node, answer: Node, settings: Settings): Verdict {
  const [g, a] = [rowsOf(gold), rowsOf(answer)];
  if (g === null || a === null) return { equal: null, rule: "undecided" };
  if (isNode(g) || isNode(a)) {
    if (!isNode(g) || !isNode(a)) return { equal: false, rule: "matrix" };
    return { ...compareNodes(g, a, settings), rule: "matrix" };
  }
  const flat = [gold, answer].some((node) => node.k === "fence" && !isNested(node));
  const isVector = (rows: Rows): boolean => rows.length === 1 || rows[0]!.length === 1;
  const compare = (x: Node, y: Node): Verdict => compareNodes(x, y, settings);
  if (flat && isVector(g) && isVector(a) && !settings.strict) return inOrder(g.flat(), a.flat(), "matrix", compare);
  if (g.length !== a.length || g[0]!.length !== a[0]!.length) return { equal: false, rule: "matrix" };
  return inOrder(g.flat(), a.flat(), "matrix", compare);
}

function isNode(value: Rows | Node): value is Node {
  return !Array.isArray(value);
}

function rowsOf(node: Node): Rows | Node | null {
  if (node.k !== "fence") return matrixValue(node);
  if (!isNested(node)) return [node.items];
  const rows = node.items.map((item) => (item.k === "fence" ? item.items : [item]));
  return rows.every((row) => row.length === rows[0]!.length) ? rows : null;
}
