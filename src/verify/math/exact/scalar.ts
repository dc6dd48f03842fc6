/** Compares two expressions: rational arithmetic, canonical forms, then balls with a separation bound. */
import { type Node, variablesOf } from "./ast.ts";
import { atomOf } from "./atoms.ts";
import { canonical } from "./canonical.ts";
import { foldRational } from "./fold.ts";
import { differs, equalBySeparation } from "./numeric/compare.ts";
import type { Poly } from "./poly.ts";
import { subF, type RatFun } from "./ratfun.ts";
import { equalRat, type Rat } from "./rational.ts";
import { namedNode } from "./structure.ts";
import { Malformed, TooLarge, Unsupported, withShare } from "./work.ts";

export interface Verdict {
  readonly equal: boolean | null;
  readonly rule: string;
}

/** Whether two expressions have the same value (for all values of their variables). @throws {TooLarge} */
export function compareScalars(a: Node, b: Node): Verdict {
  const quick = withShare(0.4, () => [attemptFold(a), attemptFold(b)] as const);
  if (!(quick instanceof TooLarge) && quick[0] !== null && quick[1] !== null) {
    return { equal: equalRat(quick[0], quick[1]), rule: "rational" };
  }
  const difference = withShare(0.6, () => differenceOf(a, b));
  if (difference === "undefined") return { equal: false, rule: "undefined" };
  if (difference !== null && !(difference instanceof TooLarge)) {
    const rule = variablesOf(a, variablesOf(b)).size > 0 ? "polynomial" : "algebraic";
    if (difference.n.size === 0) return { equal: true, rule };
    if (decisive(difference.n)) return { equal: false, rule };
  }
  const apart = differs(a, b);
  if (apart === true) return { equal: false, rule: "numeric" };
  if (apart === null && equalBySeparation(a, b)) return { equal: true, rule: "algebraic" };
  if (namedNode(a) === namedNode(b)) return { equal: true, rule: "identical" };
  if (difference instanceof TooLarge) throw difference;
  return { equal: null, rule: "undecided" };
}

/** The rational value; null where there is none, or none is known. */
function attemptFold(node: Node): Rat | null {
  try {
    return foldRational(node);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** The canonical difference; "undefined" where exactly one side divides by zero or the like; null where unknown. */
function differenceOf(a: Node, b: Node): RatFun | "undefined" | null {
  const [x, y] = [attemptCanonical(a), attemptCanonical(b)];
  if ((x === "undefined") !== (y === "undefined")) return x === null || y === null ? null : "undefined";
  if (x === null || y === null || x === "undefined" || y === "undefined") return null;
  return subF(x, y);
}

function attemptCanonical(node: Node): RatFun | "undefined" | null {
  try {
    return canonical(node);
  } catch (error) {
    if (error instanceof Unsupported) return null;
    if (error instanceof Malformed) return "undefined";
    throw error;
  }
}

/**
 * Whether a polynomial that is not zero is also not zero as a number or function: its atoms are variables, i, and
 * powers of primes below 1 (products of which are linearly independent over the rationals: Besicovitch, 1940).
 */
function decisive(p: Poly): boolean {
  for (const { m } of p.values()) {
    for (let k = 0; k < m.length; k += 3) {
      const { kind, base } = atomOf(m[k]!);
      const prime = kind === "base" && base! < 4_000_000n;
      const whole = kind === "var" && m[k + 2] === 1;
      if (!whole && !prime && kind !== "i" && kind !== "pi") return false;
      if (kind === "pi" && m[k + 2] !== 1) return false;
    }
  }
  return true;
}
