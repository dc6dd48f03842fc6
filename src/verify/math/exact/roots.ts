/** Rational powers: roots of numbers over primes, of squares as absolute values, of polynomials as atoms. */
import { absF, absoluteAtom, absRat, hasAtom } from "./absolute.ts";
import { atomId, atomOf, I_ID, type Mono } from "./atoms.ts";
import { contentOf } from "./content.ts";
import { denestRoot, rationalised } from "./denest.ts";
import { absInt } from "./integers.ts";
import { exactPolyRoot } from "./poly-root.ts";
import { fraction, monomial, mulPoly, namePoly, negPoly, type Poly, power, powPoly, UNIT } from "./poly.ts";
import { divF, fromPoly, ONE_F, powF, type RatFun } from "./ratfun.ts";
import { ONE, type Rat, rat } from "./rational.ts";
import { rootOfInteger, unity } from "./reduce.ts";
import { Malformed, Unsupported } from "./work.ts";

/**
 * f ** (n / d), the real root where f is real and d odd, else the principal one. `sign` is that of f where it is a
 * known real number. Polynomials in variables are taken where the root is real.
 */
export function rationalPower(f: RatFun, n: number, d: number, sign: number | null): RatFun {
  if (f.n.size === 0) {
    if (n <= 0) throw new Malformed("zero to a power that is not positive");
    return f;
  }
  if (d === 1) return powF(f, BigInt(n));
  if (n < 0) return divF(ONE_F, rationalPower(f, -n, d, sign));
  if (f.d !== UNIT) return quotientPower(f, n, d, sign);
  if (sign !== null && sign < 0) {
    const turn = d % 2 === 0 ? unity(n, d) : monomial(rat(n % 2 === 0 ? 1 : -1), []);
    return fromPoly(mulPoly(polyPower(negPoly(f.n), n, d, 1), turn));
  }
  return fromPoly(polyPower(f.n, n, d, sign));
}

function quotientPower(f: RatFun, n: number, d: number, sign: number | null): RatFun {
  if (sign !== null || hasAtom(f.n, I_ID) || hasAtom(f.d, I_ID)) {
    const plain = rationalised(f);
    if (plain === null) throw new Unsupported("root of a quotient");
    return rationalPower(plain, n, d, sign);
  }
  // (N / D) ** (1 / d) = (N * D ** (d - 1)) ** (1 / d) / D, with |D| where d is even.
  const over = fromPoly(mulPoly(f.n, powPoly(f.d, d - 1)));
  const under = d % 2 === 0 ? absF(fromPoly(f.d), null) : fromPoly(f.d);
  return divF(rationalPower(over, n, d, null), powF(under, BigInt(n)));
}

function polyPower(p: Poly, n: number, d: number, sign: number | null): Poly {
  const { content, m, rest } = contentOf(p);
  if (rest === UNIT && hasAtom(p, I_ID)) return imaginaryPower(content, m, n, d);
  if (content.n < 0n) {
    if (d % 2 === 1) return mulPoly(monomial(rat(n % 2 === 0 ? 1 : -1), []), polyPower(negPoly(p), n, d, null));
    return mulPoly(rationalRoot(absRat(content), n, d), rootAtom(scaledTo(p, content), n, d));
  }
  const outside = mulPoly(rationalRoot(content, n, d), monoPower(m, n, d));
  return rest === UNIT ? outside : mulPoly(outside, restPower(rest, n, d, sign));
}

function scaledTo(p: Poly, content: Rat): Poly {
  return mulPoly(p, monomial(rat(content.d, absInt(content.n)), []));
}

function rationalRoot(c: Rat, n: number, d: number): Poly {
  return mulPoly(rootOfInteger(c.n, n, d), rootOfInteger(c.d, -n, d));
}

/** (c * i * m) ** (n / d) with m positive: i is a quarter turn. */
function imaginaryPower(c: Rat, m: Mono, n: number, d: number): Poly {
  const others: number[] = [];
  for (let k = 0; k < m.length; k += 3) {
    const atom = atomOf(m[k]!);
    if (atom.kind === "i") continue;
    if (!atom.positive) throw new Unsupported("root of an imaginary expression");
    others.push(m[k]!, m[k + 1]!, m[k + 2]!);
  }
  const turn = unity(c.n < 0n ? -n : n, 2 * d);
  return mulPoly(mulPoly(rationalRoot(absRat(c), n, d), monoPower(others, n, d)), turn);
}

function monoPower(m: Mono, n: number, d: number): Poly {
  let product: Poly = UNIT;
  for (let k = 0; k < m.length; k += 3) product = mulPoly(product, atomPower(m[k]!, m[k + 1]!, m[k + 2]!, n, d));
  return product;
}

/** (atom ** (a / b)) ** (n / d). */
function atomPower(id: number, a: number, b: number, n: number, d: number): Poly {
  const atom = atomOf(id);
  const [top, bottom] = fraction(a * n, b * d);
  if (atom.positive || atom.kind === "abs") return power(id, top, bottom);
  if (atom.kind === "root") {
    if (b % 2 === 1 && d % 2 === 0) throw new Unsupported("root of a root");
    return power(id, top, bottom);
  }
  if (atom.kind !== "var") throw new Unsupported("root of a function");
  const even = d % 2 === 0 && a % 2 === 0 && b % 2 === 1;
  if (!even || (bottom === 1 && top % 2 === 0)) return power(id, top, bottom);
  return absoluteAtom(monomial(ONE, [id, 1, 1]), top, bottom);
}

/** A primitive polynomial of several terms to a power. */
function restPower(rest: Poly, n: number, d: number, sign: number | null): Poly {
  if (hasAtom(rest, I_ID) || sign !== null) {
    const denested = d === 2 ? denestRoot(rest) : null;
    if (denested !== null) return powPoly(denested, n);
    if (hasAtom(rest, I_ID)) throw new Unsupported("root of a complex number");
    return rootAtom(rest, n, d);
  }
  const exact = exactPolyRoot(rest, d);
  if (exact !== null) return d % 2 === 0 ? absoluteAtom(exact, n, 1) : powPoly(exact, n);
  const opposite = negPoly(rest);
  if (d % 2 === 1 && namePoly(opposite) < namePoly(rest)) {
    return mulPoly(monomial(rat(n % 2 === 0 ? 1 : -1), []), rootAtom(opposite, n, d));
  }
  return rootAtom(rest, n, d);
}

function rootAtom(p: Poly, n: number, d: number): Poly {
  return power(
    atomId(`root(${namePoly(p)})`, () => ({ kind: "root", of: p, positive: false })),
    n,
    d,
  );
}
