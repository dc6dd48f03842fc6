/** The sign of a closed expression, proven by balls. */
import { type Node, some } from "./ast.ts";
import { foldRational } from "./fold.ts";
import { signB, withPrecision } from "./numeric/ball.ts";
import { isReal } from "./numeric/complex.ts";
import { evaluateBall, NO_POINT } from "./numeric/evaluate.ts";
import { attempt } from "./numeric/attempt.ts";

/** -1, 0 or 1; null for an expression with variables, a complex number, or one too near to zero. */
export function signOfNode(node: Node): -1 | 0 | 1 | null {
  if (some(node, (part) => part.k === "sym")) return null;
  const value = foldRational(node);
  if (value !== null) return value.n < 0n ? -1 : value.n > 0n ? 1 : 0;
  const found = attempt(() => withPrecision(128, () => evaluateBall(node, NO_POINT)));
  return found !== null && isReal(found) ? signB(found.re) : null;
}
