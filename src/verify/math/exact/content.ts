/** A polynomial as content * monomial * rest, so that roots and logarithms of proportional ones meet. */
import { type Atom, atomOf, type Mono } from "./atoms.ts";
import { absInt, gcd } from "./integers.ts";
import { mulMono, mulPoly, onlyTerm, type Poly, powMono, scalePoly, UNIT, monomial } from "./poly.ts";
import { divRat, ONE, type Rat, rat } from "./rational.ts";

export interface Content {
  /** Rational factor; negative only when the polynomial is a single negative term. */
  readonly content: Rat;
  readonly m: Mono;
  /** UNIT when nothing is left. */
  readonly rest: Poly;
}

export function contentOf(p: Poly): Content {
  const term = onlyTerm(p);
  if (term !== null) return { content: term.c, m: term.m, rest: UNIT };
  let top = 0n;
  let bottom = 1n;
  for (const { c } of p.values()) {
    top = gcd(top, absInt(c.n));
    bottom = (bottom * c.d) / gcd(bottom, c.d);
  }
  const content = rat(top, bottom);
  const m = commonMono(p);
  const rest = scalePoly(m.length === 0 ? p : mulPoly(p, monomial(ONE, powMono(m, -1, 1))), divRat(ONE, content));
  return { content, m, rest };
}

/** The largest monomial of plain atoms that divides every term. */
function commonMono(p: Poly): Mono {
  let common: Mono | null = null;
  for (const { m } of p.values()) {
    const plain = plainPart(m);
    common = common === null ? plain : meet(common, plain);
    if (common.length === 0) return common;
  }
  return common ?? [];
}

function isPlain(atom: Atom): boolean {
  return atom.kind === "var" || atom.kind === "pi" || atom.kind === "exp" || atom.kind === "log";
}

function plainPart(m: Mono): Mono {
  const out: number[] = [];
  for (let k = 0; k < m.length; k += 3) if (isPlain(atomOf(m[k]!))) out.push(m[k]!, m[k + 1]!, m[k + 2]!);
  return out;
}

/** Each atom to the lower of its two powers; an atom that one side lacks has power 0 there. */
function meet(a: Mono, b: Mono): Mono {
  const powers = (m: Mono, id: number): number => {
    for (let k = 0; k < m.length; k += 3) if (m[k] === id) return m[k + 1]! / m[k + 2]!;
    return 0;
  };
  const out: number[] = [];
  for (const [m, other] of [[a, b] as const, [b, a] as const]) {
    for (let k = 0; k < m.length; k += 3) {
      const here = m[k + 1]! / m[k + 2]!;
      const there = powers(other, m[k]!);
      const lower = here < there || (here === there && m === a);
      if (lower && (there !== 0 || here < 0)) out.push(m[k]!, m[k + 1]!, m[k + 2]!);
    }
  }
  return sortMono(out);
}

function sortMono(m: readonly number[]): Mono {
  let sorted: Mono = [];
  for (let k = 0; k < m.length; k += 3) sorted = mulMono(sorted, [m[k]!, m[k + 1]!, m[k + 2]!]);
  return sorted;
}
