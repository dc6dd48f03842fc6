/** Logarithms over the logarithms of primes: ln 12 = 2 ln 2 + ln 3, ln(e^x) = x, ln(1/x) = -ln x. */
import { type Atom, atomId, atomOf, I_ID, type Mono, PI_ID } from "./atoms.ts";
import { absInt, factor } from "./integers.ts";
import { absoluteAtom } from "./absolute.ts";
import { addPoly, monomial, namePoly, NIL, type Poly, power, scalePoly, UNIT } from "./poly.ts";
import { contentOf } from "./content.ts";
import { asRational, fromPoly, type RatFun, subF } from "./ratfun.ts";
import { ONE, type Rat, rat } from "./rational.ts";
import { Malformed, Unsupported } from "./work.ts";

/** ln f; `sign` is that of f where it is a known real number. @throws {Malformed} ln 0 */
export function logF(f: RatFun, sign: number | null): RatFun {
  const value = asRational(f);
  if (value !== null) return fromPoly(logRational(value));
  if (f.d !== UNIT && sign === null) return subF(fromPoly(logPoly(f.n)), fromPoly(logPoly(f.d)));
  if (f.d !== UNIT) throw new Unsupported("logarithm of a quotient of irrational numbers");
  if (sign !== null && sign < 0) throw new Unsupported("logarithm of a negative number");
  return fromPoly(logPoly(f.n));
}

function logRational(value: Rat): Poly {
  if (value.n === 0n) throw new Malformed("logarithm of zero");
  let sum: Poly = NIL;
  for (const [p, times] of factor(absInt(value.n))) sum = addPoly(sum, scalePoly(logPrime(p), rat(times)));
  for (const [p, times] of factor(value.d)) sum = addPoly(sum, scalePoly(logPrime(p), rat(-times)));
  if (value.n > 0n) return sum;
  return addPoly(sum, monomial(ONE, [PI_ID, 1, 1, I_ID, 1, 1]));
}

function logPrime(p: bigint): Poly {
  return logAtom({ kind: "log", of: monomial(rat(p), []), positive: true });
}

function logAtom(atom: Omit<Atom, "id" | "name">): Poly {
  return power(
    atomId(`ln(${namePoly(atom.of!)})`, () => atom),
    1,
  );
}

/** ln of content * monomial * rest, term by term. */
function logPoly(p: Poly): Poly {
  const { content, m, rest } = contentOf(p);
  if (content.n < 0n) return logAtom({ kind: "log", of: p, positive: false });
  let sum = addPoly(logRational(content), logMono(m));
  if (rest !== UNIT) sum = addPoly(sum, logAtom({ kind: "log", of: rest, positive: false }));
  return sum;
}

function logMono(m: Mono): Poly {
  let sum: Poly = NIL;
  for (let k = 0; k < m.length; k += 3) {
    const [id, n, d] = [m[k]!, m[k + 1]!, m[k + 2]!];
    sum = addPoly(sum, scalePoly(logOfAtom(id, n, d), rat(n, d)));
  }
  return sum;
}

/** ln of one atom; an even power of something that may be negative is a power of its absolute value. */
function logOfAtom(id: number, n: number, d: number): Poly {
  const atom = atomOf(id);
  if (atom.kind === "base") return logPrime(atom.base!);
  if (atom.kind === "exp" && atom.positive) return monomial(ONE, atom.exponent!);
  if (atom.kind === "i" || atom.kind === "unity" || (atom.kind === "exp" && !atom.positive)) {
    throw new Unsupported("logarithm of a complex number");
  }
  if (atom.kind === "root") return logPoly(atom.of!);
  if (atom.kind === "fn") throw new Unsupported("logarithm of a function");
  const itself = monomial(ONE, [id, 1, 1]);
  if (atom.positive || atom.kind === "abs" || d !== 1 || n % 2 !== 0) {
    return logAtom({ kind: "log", of: itself, positive: atom.kind === "pi" });
  }
  return logAtom({ kind: "log", of: absoluteAtom(itself, 1, 1), positive: false });
}
