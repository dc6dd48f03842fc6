/** Complex numbers as pairs of balls, with the principal branches of roots and logarithms. */
import {
  addB,
  type Ball,
  divB,
  EXACT_ZERO,
  fromInt,
  fromRatio,
  Imprecise,
  mulB,
  negB,
  rootB,
  signB,
  subB,
} from "./ball.ts";
import { atanB, expB, logB, piB, sinCosB } from "./functions.ts";
import type { Rat } from "../rational.ts";

export interface Complex {
  readonly re: Ball;
  readonly im: Ball;
}

export function real(re: Ball): Complex {
  return { re, im: EXACT_ZERO };
}

export function fromRational(c: Rat): Complex {
  return real(fromRatio(c));
}

export const ONE_C = real(fromInt(1n));
export const I_C: Complex = { re: EXACT_ZERO, im: fromInt(1n) };

export function isReal(z: Complex): boolean {
  return z.im.m === 0n && z.im.r === 0n;
}

export function addC(a: Complex, b: Complex): Complex {
  return { re: addB(a.re, b.re), im: addB(a.im, b.im) };
}

export function negC(a: Complex): Complex {
  return { re: negB(a.re), im: negB(a.im) };
}

export function mulC(a: Complex, b: Complex): Complex {
  if (isReal(a) && isReal(b)) return real(mulB(a.re, b.re));
  return { re: subB(mulB(a.re, b.re), mulB(a.im, b.im)), im: addB(mulB(a.re, b.im), mulB(a.im, b.re)) };
}

export function divC(a: Complex, b: Complex): Complex {
  if (isReal(b)) return { re: divB(a.re, b.re), im: isReal(a) ? EXACT_ZERO : divB(a.im, b.re) };
  const size = addB(mulB(b.re, b.re), mulB(b.im, b.im));
  const top = mulC(a, { re: b.re, im: negB(b.im) });
  return { re: divB(top.re, size), im: divB(top.im, size) };
}

export function powC(a: Complex, k: bigint): Complex {
  if (k < 0n) return divC(ONE_C, powC(a, -k));
  let result = ONE_C;
  let square = a;
  for (let rest = k; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mulC(result, square);
    if (rest > 1n) square = mulC(square, square);
  }
  return result;
}

export function expC(a: Complex): Complex {
  const size = expB(a.re);
  if (isReal(a)) return real(size);
  const { sin, cos } = sinCosB(a.im);
  return { re: mulB(size, cos), im: mulB(size, sin) };
}

/** The angle in (-pi, pi]. @throws {Imprecise} near the cut and at zero */
export function argC(a: Complex): Ball {
  const [x, y] = [signB(a.re), signB(a.im)];
  if (x === 1) return y === 0 ? EXACT_ZERO : atanB(divB(a.im, a.re));
  if (x === -1 && y === 0) return piB();
  const half = { ...piB(), e: piB().e - 1 };
  if (y === 1) return subB(half, atanB(divB(a.re, a.im)));
  if (y === -1) return negB(addB(half, atanB(divB(a.re, a.im))));
  throw new Imprecise("angle");
}

export function absC(a: Complex): Ball {
  if (isReal(a)) {
    const sign = signB(a.re);
    if (sign === null) return { m: 0n, r: (a.re.m < 0n ? -a.re.m : a.re.m) + a.re.r, e: a.re.e };
    return sign < 0 ? negB(a.re) : a.re;
  }
  return rootB(addB(mulB(a.re, a.re), mulB(a.im, a.im)), 2);
}

export function logC(a: Complex): Complex {
  if (isReal(a) && signB(a.re) === 1) return real(logB(a.re));
  return { re: logB(absC(a)), im: argC(a) };
}

/** The n-th root: real for a real number where n is odd, else the principal one. */
export function rootC(a: Complex, n: number): Complex {
  if (isReal(a)) {
    const sign = signB(a.re);
    if (sign === 0) return a;
    if (sign === 1) return real(rootB(a.re, n));
    if (sign === -1 && n % 2 === 1) return real(negB(rootB(negB(a.re), n)));
    if (sign === -1 && n === 2) return { re: EXACT_ZERO, im: rootB(negB(a.re), 2) };
    if (sign === null) return around(a, n);
  }
  const log = logC(a);
  const by = fromInt(BigInt(n));
  return expC({ re: divB(log.re, by), im: divB(log.im, by) });
}

/** The root of a number that may be zero: somewhere in a small square around zero. */
function around(a: Complex, n: number): Complex {
  const size = rootB({ m: 0n, r: (a.re.m < 0n ? -a.re.m : a.re.m) + a.re.r, e: a.re.e }, n);
  return n % 2 === 1 ? real(size) : { re: size, im: size };
}

export function sinC(a: Complex): Complex {
  if (isReal(a)) return real(sinCosB(a.re).sin);
  const turned = mulC(I_C, a);
  const difference = addC(expC(turned), negC(expC(negC(turned))));
  return divC(difference, { re: EXACT_ZERO, im: fromInt(2n) });
}

export function cosC(a: Complex): Complex {
  if (isReal(a)) return real(sinCosB(a.re).cos);
  const turned = mulC(I_C, a);
  return divC(addC(expC(turned), expC(negC(turned))), real(fromInt(2n)));
}
