/** Trigonometric and hyperbolic functions by exponentials, their inverses at values of special angles. */
import { cosF, hyperbolic, sinF } from "./exponentials.ts";
import { asConstant, power, UNIT } from "./poly.ts";
import { PI_ID } from "./atoms.ts";
import { asRational, divF, equalF, fromPoly, fromRat, mulF, negF, ONE_F, type RatFun, subF } from "./ratfun.ts";
import { rat } from "./rational.ts";

/** The function in canonical form, or null where none is known. */
export function trigonometricF(name: string, a: RatFun): RatFun | null {
  if (name.startsWith("arc")) return inverseF(name, a);
  if (a.d !== UNIT) return null;
  switch (name) {
    case "sin":
      return sinF(a);
    case "cos":
      return cosF(a);
    case "tan":
      return divF(sinF(a), cosF(a));
    case "cot":
      return divF(cosF(a), sinF(a));
    case "sec":
      return divF(ONE_F, cosF(a));
    case "csc":
      return divF(ONE_F, sinF(a));
    case "sinh":
      return hyperbolic(a, -1);
    case "cosh":
      return hyperbolic(a, 1);
    case "tanh":
      return divF(hyperbolic(a, -1), hyperbolic(a, 1));
    case "coth":
      return divF(hyperbolic(a, 1), hyperbolic(a, -1));
    case "sech":
      return divF(ONE_F, hyperbolic(a, 1));
    case "csch":
      return divF(ONE_F, hyperbolic(a, -1));
    default:
      return null;
  }
}

const PI_F = fromPoly(power(PI_ID, 1));
/** Angles whose functions are square roots: multiples of pi / 12. */
const TWELFTHS = [0, 2, 3, 4, 6, 1, 5, 8, 9, 10, 12, 7, 11];

function angle(twelfths: number): RatFun {
  return mulF(PI_F, fromRat(rat(twelfths, 12)));
}

function inverseF(name: string, a: RatFun): RatFun | null {
  if (name === "arcsin")
    return search(
      a,
      sinF,
      TWELFTHS.filter((k) => k <= 6),
    );
  if (name === "arccos") return acos(a);
  if (name === "arctan")
    return search(
      a,
      (t) => divF(sinF(t), cosF(t)),
      TWELFTHS.filter((k) => k < 6),
    );
  if (name === "arcsec") return a.n.size === 0 ? null : acos(divF(ONE_F, a));
  if (name === "arccsc") return a.n.size === 0 ? null : inverseF("arcsin", divF(ONE_F, a));
  if (name !== "arccot") return null;
  const tangent = inverseF("arctan", a);
  return tangent === null ? null : subF(angle(6), tangent);
}

function acos(a: RatFun): RatFun | null {
  const sine = inverseF("arcsin", a);
  return sine === null ? null : subF(angle(6), sine);
}

/** The angle in (-pi/2, pi/2] of which `fn` is `a`, among the special ones. */
function search(a: RatFun, fn: (t: RatFun) => RatFun, candidates: readonly number[]): RatFun | null {
  if (asRational(a) === null && asConstant(a.d) === null) return null;
  const opposite = negF(a);
  for (const k of candidates) {
    const value = fn(angle(k));
    if (equalF(value, a)) return angle(k);
    if (equalF(value, opposite)) return angle(-k);
  }
  return null;
}
