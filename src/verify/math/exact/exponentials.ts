/** exp of a sum as a product of powers, and with it sin, cos, sinh and cosh; general powers a ** b. */
import { atomId, atomOf, E_ID, I_ID, type Mono, PI_ID } from "./atoms.ts";
import { logF } from "./logarithms.ts";
import { keyOf, onlyTerm, power, UNIT } from "./poly.ts";
import { addF, asRational, divF, fromPoly, fromRat, mulF, ONE_F, powF, type RatFun, subF } from "./ratfun.ts";
import { type Rat, rat } from "./rational.ts";
import { rationalPower } from "./roots.ts";
import { reduceMono, unity } from "./reduce.ts";
import { TooLarge, Unsupported } from "./work.ts";

/** Numerator and denominator as small numbers. @throws {TooLarge} */
export function smallFraction(c: Rat): readonly [number, number] {
  const limit = 1n << 26n;
  if (c.n > limit || c.n < -limit || c.d > limit) throw new TooLarge("power");
  return [Number(c.n), Number(c.d)];
}

/** exp(f): one factor for each term of f. @throws {Unsupported} when f is no polynomial */
export function expF(f: RatFun): RatFun {
  if (f.d !== UNIT) throw new Unsupported("exponential of a quotient");
  let product: RatFun = ONE_F;
  for (const { c, m } of f.n.values()) product = mulF(product, expTerm(c, m));
  return product;
}

function expTerm(c: Rat, m: Mono): RatFun {
  const [n, d] = smallFraction(c);
  if (m.length === 0) return fromPoly(power(E_ID, n, d));
  if (isTurn(m)) return fromPoly(unity(n, d));
  const only = m.length === 3 && m[1] === 1 && m[2] === 1 ? atomOf(m[0]!) : null;
  if (only?.kind === "log") return rationalPower(fromPoly(only.of!), n, d, only.positive ? 1 : null);
  const id = atomId(`exp(${keyOf(m)})`, () => ({ kind: "exp", exponent: m, positive: !m.some(isImaginary) }));
  return fromPoly(power(id, n, d));
}

function isImaginary(value: number, k: number): boolean {
  return k % 3 === 0 && (value === I_ID || atomOf(value).kind === "unity");
}

/** Whether the monomial is i * pi. */
function isTurn(m: Mono): boolean {
  return m.length === 6 && m[0] === PI_ID && m[1] === 1 && m[2] === 1 && m[3] === I_ID && m[4] === 1 && m[5] === 1;
}

const I_F = fromPoly(reduceMono(rat(1), [I_ID, 1, 1]));

export function sinF(f: RatFun): RatFun {
  const up = expF(mulF(f, I_F));
  const down = expF(mulF(mulF(f, I_F), fromRat(rat(-1))));
  return divF(subF(up, down), mulF(fromRat(rat(2)), I_F));
}

export function cosF(f: RatFun): RatFun {
  const up = expF(mulF(f, I_F));
  const down = expF(mulF(mulF(f, I_F), fromRat(rat(-1))));
  return mulF(addF(up, down), fromRat(rat(1, 2)));
}

/** (exp(f) + sign * exp(-f)) / 2. */
export function hyperbolic(f: RatFun, sign: 1 | -1): RatFun {
  const down = expF(mulF(f, fromRat(rat(-1))));
  return mulF(addF(expF(f), mulF(down, fromRat(rat(sign)))), fromRat(rat(1, 2)));
}

/**
 * base ** exponent. `sign` of the base where it is a known real number, else null.
 * @throws {Unsupported} where no canonical form is known; {Malformed} for 0 ** 0 and 0 ** -1
 */
export function powerF(base: RatFun, exponent: RatFun, sign: number | null): RatFun {
  const rational = asRational(exponent);
  if (rational !== null) {
    if (rational.d === 1n) return powF(base, rational.n);
    const [n, d] = smallFraction(rational);
    return rationalPower(base, n, d, sign);
  }
  const term = base.d === UNIT ? onlyTerm(base.n) : null;
  if (term !== null && term.c.n === 1n && term.c.d === 1n && keyOf(term.m) === `${E_ID},1,1`) return expF(exponent);
  const value = asRational(base);
  if (value?.n === 1n && value.d === 1n) return ONE_F;
  if (value !== null && value.n <= 0n) throw new Unsupported("power of a number that is not positive");
  return expF(mulF(exponent, logF(base, sign)));
}
