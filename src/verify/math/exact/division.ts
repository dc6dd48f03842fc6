/** Exact division of polynomials: (x^2 - 1) / (x + 1) is x - 1; null where it does not come out even. */
import { atomOf, type Mono } from "./atoms.ts";
import { monomial, mulMono, mulPoly, NIL, addPoly, type Poly, powMono, subPoly, type Term } from "./poly.ts";
import { divRat } from "./rational.ts";

/** Longest division that is tried. */
const MOST_STEPS = 60;

/** n / d when that is a polynomial with powers that are whole and not negative, else null. */
export function divideExactly(n: Poly, d: Poly): Poly | null {
  if (!plain(n) || !plain(d)) return null;
  const lead = leading(d);
  let rest = n;
  let result: Poly = NIL;
  for (let step = 0; step < MOST_STEPS && rest.size > 0; step++) {
    const top = leading(rest);
    const m = mulMono(top.m, powMono(lead.m, -1, 1));
    if (!nonNegative(m)) return null;
    const part = monomial(divRat(top.c, lead.c), m);
    result = addPoly(result, part);
    rest = subPoly(rest, mulPoly(part, d));
  }
  return rest.size === 0 ? result : null;
}

/** Only atoms without relations, to whole powers >= 0: the order of terms is then kept by multiplication. */
export function plain(p: Poly): boolean {
  for (const { m } of p.values()) {
    for (let k = 0; k < m.length; k += 3) {
      const { kind } = atomOf(m[k]!);
      const relation = kind === "i" || kind === "base" || kind === "unity" || kind === "root" || kind === "abs";
      if (relation || m[k + 1]! < 0 || m[k + 2] !== 1) return false;
    }
  }
  return true;
}

function nonNegative(m: Mono): boolean {
  for (let k = 1; k < m.length; k += 3) if (m[k]! < 0) return false;
  return true;
}

/** The term that is largest in the lexicographic order of powers by atom id. */
export function leading(p: Poly): Term {
  let best: Term | null = null;
  for (const term of p.values()) if (best === null || larger(term.m, best.m)) best = term;
  return best!;
}

function larger(a: Mono, b: Mono): boolean {
  for (let k = 0; ; k += 3) {
    if (k >= a.length) return false;
    if (k >= b.length) return true;
    if (a[k] !== b[k]) return a[k]! < b[k]!;
    if (a[k + 1] !== b[k + 1]) return a[k + 1]! > b[k + 1]!;
  }
}
