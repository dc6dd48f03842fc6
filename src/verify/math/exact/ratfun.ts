/** Quotients of polynomials over the atoms: the form in which expressions are added, multiplied and compared. */
import { atomOf, type Mono } from "./atoms.ts";
import { divideExactly } from "./division.ts";
import {
  addPoly,
  asConstant,
  constant,
  equalPoly,
  mulPoly,
  negPoly,
  NIL,
  onlyTerm,
  type Poly,
  powMono,
  powPoly,
  scalePoly,
  subPoly,
  UNIT,
} from "./poly.ts";
import { reduceMono } from "./reduce.ts";
import { divRat, ONE, powRat, type Rat } from "./rational.ts";
import { Malformed, TooLarge } from "./work.ts";

/** n / d; d is never the zero polynomial, and UNIT where the division can be carried out. */
export interface RatFun {
  readonly n: Poly;
  readonly d: Poly;
}

export const ZERO_F: RatFun = { n: NIL, d: UNIT };
export const ONE_F: RatFun = { n: UNIT, d: UNIT };

export function fromPoly(n: Poly): RatFun {
  return { n, d: UNIT };
}

export function fromRat(c: Rat): RatFun {
  return { n: constant(c), d: UNIT };
}

/** @throws {Malformed} when d is zero */
export function quotient(n: Poly, d: Poly): RatFun {
  if (d.size === 0) throw new Malformed("division by zero");
  if (n.size === 0) return ZERO_F;
  if (d === UNIT) return { n, d };
  const inverse = invertTerm(d);
  if (inverse !== null) return { n: mulPoly(n, inverse), d: UNIT };
  const exact = divideExactly(n, d);
  if (exact !== null) return { n: exact, d: UNIT };
  const lead = d.values().next().value!.c;
  const by = divRat(ONE, lead);
  return { n: scalePoly(n, by), d: scalePoly(d, by) };
}

/** 1 / p for a single term whose atoms may stand in a denominator, else null. */
function invertTerm(p: Poly): Poly | null {
  const term = onlyTerm(p);
  if (term === null || !invertible(term.m)) return null;
  return reduceMono(divRat(ONE, term.c), powMono(term.m, -1, 1));
}

function invertible(m: Mono): boolean {
  for (let k = 0; k < m.length; k += 3) {
    const { kind } = atomOf(m[k]!);
    if (kind === "root" || kind === "abs") return false;
  }
  return true;
}

export function addF(a: RatFun, b: RatFun): RatFun {
  if (a.d === b.d) return a.d === UNIT ? { n: addPoly(a.n, b.n), d: UNIT } : quotient(addPoly(a.n, b.n), a.d);
  if (equalPoly(a.d, b.d)) return quotient(addPoly(a.n, b.n), a.d);
  return quotient(addPoly(mulPoly(a.n, b.d), mulPoly(b.n, a.d)), mulPoly(a.d, b.d));
}

export function negF(a: RatFun): RatFun {
  return { n: negPoly(a.n), d: a.d };
}

export function subF(a: RatFun, b: RatFun): RatFun {
  return addF(a, negF(b));
}

export function mulF(a: RatFun, b: RatFun): RatFun {
  if (a.d === UNIT && b.d === UNIT) return { n: mulPoly(a.n, b.n), d: UNIT };
  return quotient(mulPoly(a.n, b.n), mulPoly(a.d, b.d));
}

export function divF(a: RatFun, b: RatFun): RatFun {
  return quotient(mulPoly(a.n, b.d), mulPoly(a.d, b.n));
}

/** A whole power. @throws {TooLarge} when it would not fit the budget; {Malformed} for 0 to a negative power or 0 */
export function powF(a: RatFun, k: bigint): RatFun {
  if (k === 0n && a.n.size > 0) return ONE_F;
  if (a.n.size === 0) {
    if (k <= 0n) throw new Malformed("zero to a power that is not positive");
    return ZERO_F;
  }
  if (k < 0n) return powF(divF(ONE_F, a), -k);
  const value = asRational(a);
  if (value !== null) return fromRat(powRat(value, k));
  if (k > 100_000n) throw new TooLarge("power");
  const term = a.d === UNIT ? onlyTerm(a.n) : null;
  if (term !== null) return fromPoly(reduceMono(powRat(term.c, k), powMono(term.m, Number(k), 1)));
  return quotient(powPoly(a.n, Number(k)), powPoly(a.d, Number(k)));
}

/** The value of a quotient without atoms, else null. */
export function asRational(a: RatFun): Rat | null {
  return a.d === UNIT ? asConstant(a.n) : null;
}

/** Whether a = b as quotients: cross-multiplied, the difference is the zero polynomial. */
export function equalF(a: RatFun, b: RatFun): boolean {
  if (a.d === UNIT && b.d === UNIT) return equalPoly(a.n, b.n) || subPoly(a.n, b.n).size === 0;
  return subPoly(mulPoly(a.n, b.d), mulPoly(b.n, a.d)).size === 0;
}
