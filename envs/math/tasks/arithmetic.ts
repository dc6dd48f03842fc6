/** Chains of sums, differences and products of integers, with brackets from the middle difficulties on. */
import type { Rng } from "dojang/env";
import { between, type Task } from "./task.ts";

type Operator = "+" | "-" | "*";

/** A number, or two parts and what joins them. */
type Tree = bigint | { readonly left: Tree; readonly operator: Operator; readonly right: Tree };

export const arithmetic: Task = {
  name: "arithmetic",
  number: 1,
  make(rng, difficulty) {
    const tree = grow(rng, 2 + Math.floor(difficulty / 2), difficulty);
    return { question: `What is ${write(tree)}?`, gold: value(tree).toString() };
  },
};

/** A tree with `leaves` numbers; the harder, the longer they are and the more of the joints are products. */
function grow(rng: Rng, leaves: number, difficulty: number): Tree {
  if (leaves === 1) return BigInt(between(rng, 1, 10 ** Math.min(6, 1 + Math.ceil(difficulty / 3)) - 1));
  const operator = rng.int(12) < difficulty ? "*" : rng.choice(["+", "-"] as const);
  // Without brackets at the easy end: the chain grows to the left.
  const first = difficulty < 4 ? leaves - 1 : between(rng, 1, leaves - 1);
  return { left: grow(rng, first, difficulty), operator, right: grow(rng, leaves - first, difficulty) };
}

function value(tree: Tree): bigint {
  if (typeof tree === "bigint") return tree;
  const [left, right] = [value(tree.left), value(tree.right)];
  return tree.operator === "*" ? left * right : tree.operator === "+" ? left + right : left - right;
}

/** With as few brackets as keep the meaning. */
function write(tree: Tree): string {
  if (typeof tree === "bigint") return tree.toString();
  const { left, operator, right } = tree;
  const inBrackets = (part: Tree, needed: boolean): string => (needed ? `(${write(part)})` : write(part));
  const l = inBrackets(left, operator === "*" && isSum(left));
  const r = inBrackets(right, isSum(right) && operator !== "+");
  return `${l} ${operator} ${r}`;
}

const isSum = (tree: Tree): boolean => typeof tree !== "bigint" && tree.operator !== "*";
