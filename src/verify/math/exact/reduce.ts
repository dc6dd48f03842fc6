/** The relations of the atoms: i * i = -1, 2^(3/2) = 2 * 2^(1/2), root(P)^2 = P, |P|^2 = P^2, roots of unity. */
import { type Atom, atomId, atomOf, I_ID, type Mono, UNITY_ID } from "./atoms.ts";
import { factor } from "./integers.ts";
import { addPoly, constant, fraction, monomial, mulPoly, type Poly, power, powPoly, scalePoly } from "./poly.ts";
import { mulRat, negRat, ONE, powRat, rat, type Rat } from "./rational.ts";
import { spend } from "./work.ts";

/** c * m with every relation applied. */
export function reduceMono(c: Rat, m: Mono): Poly {
  spend(2);
  const kept: number[] = [];
  const factors: Poly[] = [];
  for (let k = 0; k < m.length; k += 3) {
    const [id, n, d] = [m[k]!, m[k + 1]!, m[k + 2]!];
    const atom = atomOf(id);
    if (atom.kind === "i" && d === 1) {
      const turn = ((n % 4) + 4) % 4;
      if (turn >= 2) c = negRat(c);
      if (turn % 2 === 1) kept.push(id, 1, 1);
    } else if (atom.kind === "base") {
      const whole = Math.floor(n / d);
      if (whole !== 0) c = mulRat(c, powRat(rat(atom.base!), BigInt(whole)));
      if (n !== whole * d) kept.push(id, n - whole * d, d);
    } else if (atom.kind === "unity" && (n < 0 || n >= d || 12 % d === 0)) factors.push(unity(n, d));
    else if ((atom.kind === "root" || atom.kind === "abs") && (n < 0 || n >= d)) factors.push(ofPoly(atom, n, d, kept));
    else kept.push(id, n, d);
  }
  let product = monomial(c, kept);
  for (const by of factors) product = mulPoly(product, by);
  return product;
}

/** Takes whole powers out of root and abs atoms; what stays of them is pushed onto `kept`. */
function ofPoly(atom: Atom, n: number, d: number, kept: number[]): Poly {
  const step = atom.kind === "abs" ? 2 : 1;
  const whole = Math.floor(n / d / step) * step;
  const [top, bottom] = fraction(n - whole * d, d);
  // In a denominator the atom cannot be reduced; ratfun.ts keeps such powers out of monomials.
  if (whole < 0) {
    kept.push(atom.id, n, d);
    return constant(ONE);
  }
  if (top !== 0) kept.push(atom.id, top, bottom);
  return powPoly(atom.of!, whole);
}

/** exp(i pi n / d): by radicals for twelfths, else as a power in (0, 1) of the atom. */
export function unity(n: number, d: number): Poly {
  const turns = ((n % (2 * d)) + 2 * d) % (2 * d);
  const negative = turns >= d;
  const [top, bottom] = fraction(negative ? turns - d : turns, d);
  const sign = negative ? rat(-1) : ONE;
  if (top === 0) return constant(sign);
  if (12 % bottom !== 0) return monomial(sign, [UNITY_ID, top, bottom]);
  const twelfth = (top * 12) / bottom;
  const imaginary = mulPoly(monomial(ONE, [I_ID, 1, 1]), cosine(Math.abs(twelfth - 6)));
  const real = scalePoly(cosine(Math.min(twelfth, 12 - twelfth)), rat(twelfth > 6 ? -1 : 1));
  return scalePoly(addPoly(real, imaginary), sign);
}

/** cos(k pi / 12) for k in 0..6. */
function cosine(k: number): Poly {
  if (k === 0) return constant(ONE);
  if (k === 2) return scalePoly(surd(3n), rat(1, 2));
  if (k === 3) return scalePoly(surd(2n), rat(1, 2));
  if (k === 4) return constant(rat(1, 2));
  if (k === 6) return constant(rat(0));
  const [six, two] = [scalePoly(mulPoly(surd(2n), surd(3n)), rat(1, 4)), scalePoly(surd(2n), rat(1, 4))];
  return addPoly(six, k === 1 ? two : scalePoly(two, rat(-1)));
}

function surd(p: bigint): Poly {
  return power(baseId(p), 1, 2);
}

/** The atom of a whole number > 1 that is not factored further. */
export function baseId(p: bigint): number {
  return atomId(`b${String(p)}`, () => ({ kind: "base", base: p, positive: true }));
}

/** n ** (top / bottom) for whole n >= 1, over the primes of n. */
export function rootOfInteger(n: bigint, top: number, bottom: number): Poly {
  let product = constant(ONE);
  for (const [p, times] of factor(n)) {
    const [a, b] = fraction(times * top, bottom);
    product = mulPoly(product, power(baseId(p), a, b));
  }
  return product;
}
