/** The value of an expression of rational numbers, by rational arithmetic alone: the fast path of most comparisons. */
import type { Node } from "./ast.ts";
import { baseValue, discreteValue } from "./discrete.ts";
import { addRat, divRat, isWhole, mulRat, negRat, ONE, powRat, type Rat, rat, ZERO } from "./rational.ts";
import { spend } from "./work.ts";

/** @returns null where something else than rational numbers takes part. @throws {Malformed} 1/0; {TooLarge} */
export function foldRational(node: Node): Rat | null {
  spend(1);
  switch (node.k) {
    case "num":
      return node.v;
    case "neg": {
      const a = foldRational(node.a);
      return a === null ? null : negRat(a);
    }
    case "add":
      return foldAll(node.args, ZERO, addRat);
    case "mul":
      return foldAll(node.args, ONE, mulRat);
    case "div": {
      const [a, b] = [foldRational(node.a), foldRational(node.b)];
      return a === null || b === null ? null : divRat(a, b);
    }
    case "pow": {
      const [a, b] = [foldRational(node.a), foldRational(node.b)];
      return a === null || b === null || !isWhole(b) || (a.n === 0n && b.n <= 0n) ? null : powRat(a, b.n);
    }
    case "percent": {
      const a = foldRational(node.a);
      return a === null ? null : mulRat(a, rat(1, 100));
    }
    case "base":
      return rat(baseValue(node.digits, node.base));
    case "fn":
      return foldFunction(node.name, node.args);
    default:
      return null;
  }
}

function foldAll(nodes: readonly Node[], start: Rat, combine: (a: Rat, b: Rat) => Rat): Rat | null {
  let all = start;
  for (const node of nodes) {
    const value = foldRational(node);
    if (value === null) return null;
    all = combine(all, value);
  }
  return all;
}

function foldFunction(name: string, nodes: readonly Node[]): Rat | null {
  const args: Rat[] = [];
  for (const node of nodes) {
    const value = foldRational(node);
    if (value === null) return null;
    args.push(value);
  }
  return discreteValue(name, args);
}
