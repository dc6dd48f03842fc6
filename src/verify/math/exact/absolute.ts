/** Absolute values: of rational, complex and irrational numbers, and |P| as an atom for polynomials P. */
import { atomId, atomOf, I_ID, type Mono } from "./atoms.ts";
import { contentOf } from "./content.ts";
import { absInt } from "./integers.ts";
import { monomial, mulPoly, namePoly, negPoly, type Poly, power, UNIT } from "./poly.ts";
import { asRational, fromRat, mulF, negF, quotient, type RatFun } from "./ratfun.ts";
import { ONE, type Rat } from "./rational.ts";
import { rationalPower } from "./roots.ts";
import { Unsupported } from "./work.ts";

export function absRat(c: Rat): Rat {
  return { n: absInt(c.n), d: c.d };
}

/** |f|; `sign` is that of f where it is a known real number. */
export function absF(f: RatFun, sign: number | null): RatFun {
  const value = asRational(f);
  if (value !== null) return fromRat(absRat(value));
  if (sign !== null) return sign < 0 ? negF(f) : f;
  if (isComplex(f)) return rationalPower(mulF(f, conjugate(f)), 1, 2, 1);
  return quotient(absPoly(f.n), absPoly(f.d));
}

/** |P| to the power n / d, as an atom of its own. */
export function absoluteAtom(p: Poly, n: number, d: number): Poly {
  const opposite = negPoly(p);
  // Of p and -p the one whose name comes first stands for both; "1/1[...]" comes after "-1/1[...]".
  const of = namePoly(p) > namePoly(opposite) ? p : opposite;
  const id = atomId(`|${namePoly(of)}|`, () => ({ kind: "abs", of, positive: true }));
  return power(id, n, d);
}

/** The absolute value of a polynomial: of each factor that is seen, and of the rest as one atom. */
export function absPoly(p: Poly): Poly {
  if (p === UNIT) return p;
  const { content, m, rest } = contentOf(p);
  let product = monomial(absRat(content), []);
  for (let k = 0; k < m.length; k += 3) product = mulPoly(product, absAtom([m[k]!, m[k + 1]!, m[k + 2]!]));
  return rest === UNIT ? product : mulPoly(product, absoluteAtom(rest, 1, 1));
}

/** |atom ** (n / d)|: even powers stay, odd ones leave one absolute value. */
function absAtom(m: readonly [number, number, number]): Poly {
  const [id, n, d] = m;
  const atom = atomOf(id);
  if (atom.kind === "unity" || (atom.kind === "exp" && !atom.positive)) throw new Unsupported("complex absolute value");
  if (atom.kind === "i") return UNIT;
  if (atom.positive || atom.kind === "abs" || (n % 2 === 0 && d % 2 === 1)) return power(id, n, d);
  return absoluteAtom(monomial(ONE, [id, 1, 1]), n, d);
}

function isComplex(f: RatFun): boolean {
  return hasAtom(f.n, I_ID) || hasAtom(f.d, I_ID);
}

export function hasAtom(p: Poly, id: number): boolean {
  for (const { m } of p.values()) for (let k = 0; k < m.length; k += 3) if (m[k] === id) return true;
  return false;
}

/** The complex conjugate where every atom but i is real. @throws {Unsupported} */
export function conjugate(f: RatFun): RatFun {
  return quotient(conjugatePoly(f.n), conjugatePoly(f.d));
}

function conjugatePoly(p: Poly): Poly {
  const flipped = new Map(p);
  for (const [key, { c, m }] of p) {
    if (turns(m)) flipped.set(key, { c: { n: -c.n, d: c.d }, m });
  }
  return flipped;
}

function turns(m: Mono): boolean {
  let turned = false;
  for (let k = 0; k < m.length; k += 3) {
    const atom = atomOf(m[k]!);
    if (atom.kind === "i") turned = true;
    else if (atom.kind !== "var" && atom.kind !== "pi" && atom.kind !== "base" && !atom.positive) {
      throw new Unsupported("conjugate");
    }
  }
  return turned;
}
