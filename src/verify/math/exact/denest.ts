/** Nested square roots made simple, sqrt(3 + 2 sqrt 2) = 1 + sqrt 2, and denominators made rational. */
import { atomOf, I_ID, type Mono } from "./atoms.ts";
import { addPoly, asConstant, monomial, mulPoly, negPoly, type Poly, type Term, UNIT } from "./poly.ts";
import { ratRoot } from "./poly-root.ts";
import { quotient, type RatFun } from "./ratfun.ts";
import { addRat, compareRat, HALF, mulRat, ONE, type Rat, subRat, ZERO } from "./rational.ts";
import { rootOfInteger } from "./reduce.ts";

/**
 * The square root of a + b sqrt(c), or of a + b i, in square roots of rationals, when there is one:
 * with s * s = a * a - b * b * c rational, it is sqrt((a + s) / 2) + sign(b) sqrt((a - s) / 2).
 */
export function denestRoot(p: Poly): Poly | null {
  if (p.size !== 2) return null;
  const a = p.get("")?.c ?? null;
  const other = [...p.values()].find(({ m }) => m.length > 0)!;
  if (a === null) return null;
  const square = squareOf(other);
  if (square === null) return null;
  const s = ratRoot(subRat(mulRat(a, a), square), 2);
  if (s === null) return null;
  const [plus, minus] = [mulRat(addRat(a, s), HALF), mulRat(subRat(a, s), HALF)];
  if (plus.n < 0n) return null;
  const second = minus.n < 0n ? mulPoly(squareRoot(negative(minus)), monomial(ONE, [I_ID, 1, 1])) : squareRoot(minus);
  return addPoly(squareRoot(plus), other.c.n < 0n ? negPoly(second) : second);
}

function negative(c: Rat): Rat {
  return { n: -c.n, d: c.d };
}

/** The square of c * sqrt(...) * i, when it is rational. */
function squareOf({ c, m }: Term): Rat | null {
  const square = asConstant(mulPoly(monomial(c, m), monomial(c, m)));
  return square !== null && compareRat(square, ZERO) !== 0 ? square : null;
}

function squareRoot(c: Rat): Poly {
  if (c.n === 0n) return monomial(ZERO, []);
  return mulPoly(rootOfInteger(c.n, 1, 2), rootOfInteger(c.d, -1, 2));
}

const MOST_STEPS = 5;

/** f with denominator UNIT, by conjugates of square roots and of i, or null. */
export function rationalised(f: RatFun): RatFun | null {
  let { n, d } = f;
  for (let step = 0; step < MOST_STEPS; step++) {
    const made = quotient(n, d);
    if (made.d === UNIT) return made;
    const id = quadraticAtom(d);
    if (id === null) return null;
    const other = flipped(d, id);
    [n, d] = [mulPoly(n, other), mulPoly(d, other)];
  }
  return null;
}

/** An atom whose square no longer holds it: i, or a square root. */
function quadraticAtom(p: Poly): number | null {
  for (const { m } of p.values()) {
    for (let k = 0; k < m.length; k += 3) {
      const { kind } = atomOf(m[k]!);
      if (kind === "i") return m[k]!;
      if ((kind === "base" || kind === "root") && m[k + 2] === 2) return m[k]!;
    }
  }
  return null;
}

function flipped(p: Poly, id: number): Poly {
  const out = new Map(p);
  for (const [key, { c, m }] of p) if (oddIn(m, id)) out.set(key, { c: negative(c), m });
  return out;
}

function oddIn(m: Mono, id: number): boolean {
  for (let k = 0; k < m.length; k += 3) if (m[k] === id) return true;
  return false;
}
