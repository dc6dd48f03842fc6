/** The exact d-th root of a polynomial: (x^2 + 2x + 1) has the square root x + 1. */
import { leading, plain } from "./division.ts";
import { exactRoot } from "./integers.ts";
import { addPoly, asConstant, monomial, mulMono, type Poly, powMono, powPoly, subPoly, type Term } from "./poly.ts";
import { divRat, mulRat, powRat, type Rat, rat } from "./rational.ts";

const MOST_TERMS = 12;
const LARGEST_ROOT = 6;

/** Q with Q ** d = p, leading coefficient positive, or null. */
export function exactPolyRoot(p: Poly, d: number): Poly | null {
  if (d > LARGEST_ROOT || !plain(p) || asConstant(p) !== null) return null;
  const lead = leading(p);
  const first = termRoot(lead, d);
  if (first === null) return null;
  let root = monomial(first.c, first.m);
  const slope = { c: mulRat(rat(d), powRat(first.c, BigInt(d - 1))), m: powMono(first.m, d - 1, 1) };
  for (let count = 0; count < MOST_TERMS; count++) {
    const rest = subPoly(p, powPoly(root, d));
    if (rest.size === 0) return root;
    const top = leading(rest);
    const m = mulMono(top.m, powMono(slope.m, -1, 1));
    if (m.some((power, k) => k % 3 === 1 && power < 0)) return null;
    root = addPoly(root, monomial(divRat(top.c, slope.c), m));
  }
  return null;
}

function termRoot({ c, m }: Term, d: number): Term | null {
  const root = ratRoot(c, d);
  if (root === null || m.some((power, k) => k % 3 === 1 && power % d !== 0)) return null;
  return { c: root, m: powMono(m, 1, d) };
}

/** The positive rational d-th root, or null. */
export function ratRoot(c: Rat, d: number): Rat | null {
  if (c.n < 0n) return null;
  const [n, under] = [exactRoot(c.n, d), exactRoot(c.d, d)];
  return n === null || under === null ? null : { n, d: under };
}
