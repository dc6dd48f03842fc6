/** Solves an inequality that is linear in its one variable: 2x > 6 is x > 3. */
import { type Node, num, type Relation, variablesOf } from "./ast.ts";
import { canonical, variable } from "./canonical.ts";
import { asConstant, onlyTerm, type Poly, subPoly, UNIT, mulPoly } from "./poly.ts";
import { subF } from "./ratfun.ts";
import { divRat, negRat } from "./rational.ts";
import { type Solved, solvedInequality } from "./region-of.ts";
import { Malformed, Unsupported } from "./work.ts";

/** @returns null where it is not linear with rational coefficients, or has other than one variable */
export function solveLinear(node: Node): Solved | null {
  const [name, ...more] = variablesOf(node);
  if (node.k !== "rel" || node.ops.length !== 1 || name === undefined || more.length > 0) return null;
  try {
    const difference = subF(canonical(node.args[0]!), canonical(node.args[1]!));
    return difference.d === UNIT ? fromPolynomial(difference.n, node.ops[0]!, name) : null;
  } catch (error) {
    if (error instanceof Unsupported || error instanceof Malformed) return null;
    throw error;
  }
}

/** slope * x + rest `op` 0. */
function fromPolynomial(p: Poly, op: Relation, name: string): Solved | null {
  const x = variable(name).n;
  const slope = p.get([...x.keys()][0]!)?.c;
  if (slope === undefined || onlyTerm(x) === null) return null;
  const rest = asConstant(subPoly(p, mulPoly(x, new Map([["", { c: slope, m: [] }]]))));
  if (rest === null) return null;
  const end = num(negRat(divRat(rest, slope)));
  const [a, b]: readonly [Node, Node] = slope.n > 0n ? [{ k: "sym", name }, end] : [end, { k: "sym", name }];
  return solvedInequality({ k: "rel", ops: [op], args: [a, b] });
}
