/** Factorials and binomials of expressions: (n + 2)! = (n + 2)(n + 1) n!, n over 2 = n (n - 1) / 2. */
import { asConstant, constant, subPoly, UNIT } from "./poly.ts";
import { addF, asRational, divF, fromPoly, fromRat, mulF, ONE_F, type RatFun, subF } from "./ratfun.ts";
import { factorial } from "./integers.ts";
import { floorRat, rat } from "./rational.ts";

/** Longest product that takes the place of a shifted factorial or of a binomial. */
const MOST_FACTORS = 30;

/** f! over the factorial of f without its whole constant term; null where that is no short product. */
export function factorialF(f: RatFun, opaque: (rest: RatFun) => RatFun): RatFun | null {
  if (f.d !== UNIT || asConstant(f.n) !== null) return null;
  const shift = floorRat(f.n.get("")?.c ?? rat(0));
  if (shift > MOST_FACTORS || shift < -MOST_FACTORS) return null;
  const rest = fromPoly(subPoly(f.n, constant(rat(shift))));
  let product = opaque(rest);
  for (let k = 1n; k <= shift; k++) product = mulF(product, addF(rest, fromRat(rat(k))));
  for (let k = 0n; k > shift; k--) product = divF(product, addF(rest, fromRat(rat(k))));
  return product;
}

/** n over k: a product where k or n - k is a small whole number, else a quotient of factorials. */
export function binomialF(n: RatFun, k: RatFun, opaque: (of: RatFun) => RatFun): RatFun | null {
  const small = smallWhole(k) ?? smallWhole(subF(n, k));
  if (small !== null) {
    let product = fromRat(rat(1n, factorial(BigInt(small))));
    for (let j = 0; j < small; j++) product = mulF(product, subF(n, fromRat(rat(j))));
    return small === 0 ? ONE_F : product;
  }
  const [all, chosen, left] = [n, k, subF(n, k)].map((f) => factorialF(f, opaque));
  return all && chosen && left ? divF(all, mulF(chosen, left)) : null;
}

function smallWhole(f: RatFun): number | null {
  const value = asRational(f);
  return value !== null && value.d === 1n && value.n >= 0n && value.n <= BigInt(MOST_FACTORS) ? Number(value.n) : null;
}
