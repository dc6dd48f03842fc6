/** Are two expressions the same function? Computes both at the same rational points to 120 digits; see docs/adr/0006-engine-by-sampling.md. */
import type { ComputeEngine } from "@cortex-js/compute-engine";
import { ENGINE_LIMITS, headOf, operandsOf, type Tree } from "./guards.ts";
import { CONSTANTS, NO_VALUE, VALUES } from "./heads.ts";
import { agreement, isZero, orderOf, valueOf, type Value } from "./number.ts";
import { COUNTING, countingPoint, ENOUGH, point, POINTS, type Point } from "./draw.ts";

/**
 * One place where they differ proves that they are not the same; agreement in 100 digits at five places or more is taken
 * as proof that they are. The engine's own `simplify` and `is(0)` decide nothing: the first misses most identities, the
 * second is absolute and takes 1/2004! - 1/2006! for 0.
 */
export type Finding = "same" | "different" | "unknown";

/** Digits computed with, and how many must agree; fewer than `DIFFER` are a difference, what lies between shows neither. */
export const PRECISION = 120;
const AGREE = 100;
const DIFFER = 60;

/** Digits in which two roundings of nothing may agree by chance. */
const NOISE = 3;

/** A lower precision: what changes with the precision was rounding noise, and so stands for 0. */
const OTHER_PRECISION = 80;

export function compareValues(ce: ComputeEngine, a: Tree, b: Tree): Finding {
  const names = new Set<string>();
  if (!collect(a, names) || !collect(b, names) || names.size > ENGINE_LIMITS.maxUnknowns) return "unknown";
  const unknowns = [...names].sort();
  const points = unknowns.length === 0 ? 1 : POINTS;
  const pointOf = counts(a) || counts(b) ? countingPoint : point;
  let agreed = 0;
  for (let i = 0; i < points; i++) {
    const finding = compareAt(ce, a, b, pointOf(i, unknowns));
    if (finding === "different") return "different";
    if (finding === "same") agreed++;
  }
  return agreed >= Math.min(points, ENOUGH) ? "same" : "unknown";
}

/** Computes each value of a side once: one that cannot be computed fails here, on its own account. */
export function probe(ce: ComputeEngine, tree: Tree): void {
  const names = new Set<string>();
  if (!VALUES.has(headOf(tree))) operandsOf(tree).forEach((operand) => probe(ce, operand));
  else if (collect(tree, names)) evaluate(ce, tree, (counts(tree) ? countingPoint : point)(0, [...names].sort()), PRECISION); // prettier-ignore
}

const counts = (tree: Tree): boolean => COUNTING.has(headOf(tree)) || operandsOf(tree).some(counts);

/** Collects unknowns; false where something is no value. */
function collect(tree: Tree, names: Set<string>): boolean {
  if (typeof tree === "string") {
    if (NO_VALUE.has(tree) || tree.startsWith("'")) return false;
    if (!CONSTANTS.has(tree)) names.add(tree);
    return true;
  }
  if (!Array.isArray(tree)) return true;
  return VALUES.has(headOf(tree)) && operandsOf(tree).every((operand) => collect(operand, names));
}

function compareAt(ce: ComputeEngine, a: Tree, b: Tree, at: Point): Finding {
  const left = evaluate(ce, a, at, PRECISION);
  const right = left && evaluate(ce, b, at, PRECISION);
  if (left === undefined || right === undefined) return "unknown";
  const digits = agreement(left, right);
  // A function of complex numbers that is only known as a double, of a branch that nobody chose, shows nothing.
  if (left.rough || right.rough) return "unknown";
  if (digits >= AGREE) return "same";
  if (isTiny(left) || isTiny(right)) {
    const [zero, alsoZero] = [isZeroAt(ce, a, left, at), isZeroAt(ce, b, right, at)];
    if (zero && alsoZero) return "same";
    return zero || alsoZero || digits < DIFFER ? "different" : "unknown";
  }
  return digits < DIFFER ? "different" : "unknown";
}

const isTiny = (value: Value): boolean => isZero(value) || orderOf(value) < -AGREE;

/** Whether a value is 0 but for rounding: then another precision gives another one. */
function isZeroAt(ce: ComputeEngine, tree: Tree, fine: Value, at: Point): boolean {
  if (isZero(fine)) return true;
  const coarse = evaluate(ce, tree, at, OTHER_PRECISION);
  return coarse !== undefined && agreement(fine, coarse) < NOISE;
}

function evaluate(ce: ComputeEngine, tree: Tree, at: Point, precision: number): Value | undefined {
  ce.pushScope();
  try {
    ce.precision = precision;
    return valueOf(ce.expr(substitute(tree, at) as never).N().json as Tree);
  } finally {
    ce.popScope();
  }
}

/** Unknowns replaced by fractions, so that nothing of the engine's memory of names is asked. */
function substitute(tree: Tree, at: Point): Tree {
  if (typeof tree === "string") {
    const value = at.get(tree);
    return value === undefined ? tree : ["Rational", ...value];
  }
  return Array.isArray(tree) ? [headOf(tree), ...operandsOf(tree).map((operand) => substitute(operand, at))] : tree;
}
