/** Fifty-digit arithmetic for the labels: what an item is worth, computed without the verifier. */
import { Decimal } from "decimal.js";

export const Digits = Decimal.clone({ precision: 60, toExpNeg: -9e15, toExpPos: 9e15 });
export type Digits = Decimal;

export const PI = Digits.acos(-1);

export const digits = (value: number | string | bigint): Decimal => new Digits(value.toString());

/** The value at 40 digits: two values with one key agree to 40 digits. What is below 1e-45 is 0 unless it is meant to be tiny. */
export function digitsKey(value: Decimal, tiny = false): string {
  if (!tiny && value.abs().lt("1e-45")) return "0";
  return value.toSignificantDigits(40).toExponential();
}

export const factorial = (n: number): bigint => (n < 2 ? 1n : BigInt(n) * factorial(n - 1));

export const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));
