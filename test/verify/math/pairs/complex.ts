/** Complex arithmetic at 60 digits, for the evaluation of texts. */
import type { Decimal } from "decimal.js";
import { Digits, PI, digits } from "./digits.ts";

export interface Complex {
  readonly re: Decimal;
  readonly im: Decimal;
}

export const real = (value: number | string | bigint | Decimal): Complex => ({
  re: new Digits(value.toString()),
  im: digits(0),
});
export const I: Complex = { re: digits(0), im: digits(1) };

export const add = (a: Complex, b: Complex): Complex => ({ re: a.re.add(b.re), im: a.im.add(b.im) });
export const negate = (a: Complex): Complex => ({ re: a.re.neg(), im: a.im.neg() });
export const multiply = (a: Complex, b: Complex): Complex => ({
  re: a.re.mul(b.re).sub(a.im.mul(b.im)),
  im: a.re.mul(b.im).add(a.im.mul(b.re)),
});

export function divide(a: Complex, b: Complex): Complex {
  const size = b.re.mul(b.re).add(b.im.mul(b.im));
  const top = multiply(a, { re: b.re, im: b.im.neg() });
  return { re: top.re.div(size), im: top.im.div(size) };
}

/** Real functions only: an imaginary part is a mistake of the generator. */
export function onReal(name: string, of: Complex, apply: (value: Decimal) => Decimal): Complex {
  if (!of.im.abs().lt("1e-45"))
    throw new Error(`${name}: expected a real argument, got ${of.re.toString()} + ${of.im.toString()}i`);
  return real(apply(of.re));
}

/** Powers with whole exponents for any base, others for positive ones. */
export function power(base: Complex, exponent: Complex): Complex {
  if (exponent.re.isInteger() && exponent.re.abs().lt(1000)) {
    let product = real(1);
    for (let i = 0; i < exponent.re.abs().toNumber(); i++) product = multiply(product, base);
    return exponent.re.isNegative() ? divide(real(1), product) : product;
  }
  return onReal("power", base, (value) => value.pow(exponent.re));
}

export const FUNCTIONS: Readonly<Record<string, (value: Decimal) => Decimal>> = {
  sqrt: (value) => value.sqrt(),
  ln: (value) => value.ln(),
  exp: (value) => value.exp(),
  sin: (value) => Digits.sin(value),
  cos: (value) => Digits.cos(value),
};

export const toRadians = (degrees: Complex): Complex => multiply(degrees, real(PI.div(180)));
