/** Sparse polynomials with rational coefficients over the atoms; powers are rational, and negative for free atoms. */
import { atomOf, type Mono } from "./atoms.ts";
import { reduceMono } from "./reduce.ts";
import { addRat, mulRat, negRat, ONE, type Rat } from "./rational.ts";
import { spend, TooLarge } from "./work.ts";

export interface Term {
  readonly c: Rat;
  readonly m: Mono;
}

/** Terms by the key of their monomial; no coefficient is 0; the zero polynomial is empty. */
export type Poly = ReadonlyMap<string, Term>;

/** More terms than this are never held. */
const MOST_TERMS = 1500;

export const NIL: Poly = new Map();
export const UNIT: Poly = new Map([["", { c: ONE, m: [] }]]);

export function keyOf(m: Mono): string {
  return m.length === 0 ? "" : m.join();
}

export function constant(c: Rat): Poly {
  return c.n === 0n ? NIL : new Map([["", { c, m: [] }]]);
}

export function monomial(c: Rat, m: Mono): Poly {
  return c.n === 0n ? NIL : new Map([[keyOf(m), { c, m }]]);
}

/** One atom to a rational power, reduced. */
export function power(id: number, n: number, d = 1): Poly {
  return n === 0 ? UNIT : reduceMono(ONE, [id, n, d]);
}

/** Adds c * m into `into` (a map under construction). */
function addTerm(into: Map<string, Term>, c: Rat, m: Mono, key: string): void {
  const there = into.get(key);
  if (there === undefined) {
    into.set(key, { c, m });
    if (into.size > MOST_TERMS) throw new TooLarge("terms");
    return;
  }
  const sum = addRat(there.c, c);
  if (sum.n === 0n) into.delete(key);
  else into.set(key, { c: sum, m });
}

export function addPoly(a: Poly, b: Poly): Poly {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  spend(b.size);
  const sum = new Map(a);
  for (const [key, { c, m }] of b) addTerm(sum, c, m, key);
  return sum;
}

export function scalePoly(a: Poly, by: Rat): Poly {
  if (by.n === 0n) return NIL;
  if (by.n === 1n && by.d === 1n) return a;
  const scaled = new Map<string, Term>();
  for (const [key, { c, m }] of a) scaled.set(key, { c: mulRat(c, by), m });
  return scaled;
}

export function negPoly(a: Poly): Poly {
  const negated = new Map<string, Term>();
  for (const [key, { c, m }] of a) negated.set(key, { c: negRat(c), m });
  return negated;
}

export function subPoly(a: Poly, b: Poly): Poly {
  return addPoly(a, negPoly(b));
}

export function mulPoly(a: Poly, b: Poly): Poly {
  if (a.size === 0 || b.size === 0) return NIL;
  const [plainA, plainB] = [asConstant(a), asConstant(b)];
  if (plainA !== null) return scalePoly(b, plainA);
  if (plainB !== null) return scalePoly(a, plainB);
  spend(4 * a.size * b.size);
  const product = new Map<string, Term>();
  for (const s of a.values()) for (const t of b.values()) addProduct(product, s, t);
  return product;
}

function addProduct(into: Map<string, Term>, s: Term, t: Term): void {
  const c = mulRat(s.c, t.c);
  const m = mulMono(s.m, t.m);
  if (!needsReduction(m)) return addTerm(into, c, m, keyOf(m));
  for (const [key, term] of reduceMono(c, m)) addTerm(into, term.c, term.m, key);
}

function needsReduction(m: Mono): boolean {
  for (let k = 0; k < m.length; k += 3) {
    const { kind } = atomOf(m[k]!);
    if (kind !== "var" && kind !== "pi" && kind !== "exp" && kind !== "log" && kind !== "fn") return true;
  }
  return false;
}

/** Product of two monomials; relations are not applied. */
export function mulMono(a: Mono, b: Mono): Mono {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i]! < b[j]!)) {
      out.push(a[i]!, a[i + 1]!, a[i + 2]!);
      i += 3;
    } else if (i >= a.length || b[j]! < a[i]!) {
      out.push(b[j]!, b[j + 1]!, b[j + 2]!);
      j += 3;
    } else {
      const [n, d] = addFractions(a[i + 1]!, a[i + 2]!, b[j + 1]!, b[j + 2]!);
      if (n !== 0) out.push(a[i]!, n, d);
      i += 3;
      j += 3;
    }
  }
  return out;
}

/** m to the power n / d; relations are not applied. */
export function powMono(m: Mono, n: number, d: number): Mono {
  const out: number[] = [];
  for (let k = 0; k < m.length; k += 3) {
    const [top, bottom] = fraction(m[k + 1]! * n, m[k + 2]! * d);
    if (top !== 0) out.push(m[k]!, top, bottom);
  }
  return out;
}

export function addFractions(an: number, ad: number, bn: number, bd: number): readonly [number, number] {
  return ad === 1 && bd === 1 ? fraction(an + bn, 1) : fraction(an * bd + bn * ad, ad * bd);
}

/** Largest numerator or denominator of a power: far inside the safe integers, so that one product of two is exact. */
const LARGEST_POWER = 2 ** 26;

/** n / d in lowest terms, d > 0. @throws {TooLarge} */
export function fraction(n: number, d: number): readonly [number, number] {
  if (d !== 1) {
    let [x, y] = [Math.abs(n), Math.abs(d)];
    while (y !== 0) [x, y] = [y, x % y];
    n /= d < 0 ? -x : x;
    d /= d < 0 ? -x : x;
  }
  if (Math.abs(n) > LARGEST_POWER || d > LARGEST_POWER) throw new TooLarge("power");
  return [n, d];
}

/** The value of a polynomial without atoms, else null. */
export function asConstant(a: Poly): Rat | null {
  if (a.size === 0) return { n: 0n, d: 1n };
  return a.size === 1 ? (a.get("")?.c ?? null) : null;
}

/** The only term of a polynomial with one term, else null. */
export function onlyTerm(a: Poly): Term | null {
  if (a.size !== 1) return null;
  for (const term of a.values()) return term;
  return null;
}

/** A whole power >= 0 by squaring. @throws {TooLarge} */
export function powPoly(a: Poly, k: number): Poly {
  let result = UNIT;
  let square = a;
  for (let rest = k; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = mulPoly(result, square);
    if (rest > 1) square = mulPoly(square, square);
  }
  return result;
}

export function equalPoly(a: Poly, b: Poly): boolean {
  if (a.size !== b.size) return false;
  for (const [key, { c }] of a) {
    const other = b.get(key)?.c;
    if (other?.n !== c.n || other.d !== c.d) return false;
  }
  return true;
}

/** A name that equal polynomials share within one decision. */
export function namePoly(a: Poly): string {
  const keys = [...a.keys()].sort();
  return keys.map((key) => `${String(a.get(key)!.c.n)}/${String(a.get(key)!.c.d)}[${key}]`).join("+");
}
