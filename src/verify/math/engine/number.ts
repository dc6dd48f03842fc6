/** Numbers of a hundred digits as the engine prints them, and whether two of them agree: relative, never absolute. */
import { headOf, operandsOf, type Tree } from "./guards.ts";

/** digits * 10^exponent */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

export interface Value {
  readonly re: Decimal;
  readonly im: Decimal;
  /** Some part is a double of which no more than 16 digits are known. */
  readonly rough: boolean;
}

/** A number with so many digits is a rounded double, however it is printed; one with fewer is what it says, one with more was computed. */
const ROUGH_DIGITS = [16, 18] as const;

const ZERO: Decimal = { digits: 0n, exponent: 0 };

/** The number of a tree; undefined where it is none, infinite or undefined itself. */
export function valueOf(tree: Tree): Value | undefined {
  const [re, im] = headOf(tree) === "Complex" ? operandsOf(tree).map(partOf) : [partOf(tree), NONE];
  return re === undefined || im === undefined ? undefined : { re: re.value, im: im.value, rough: re.rough || im.rough };
}

interface Part {
  readonly value: Decimal;
  readonly rough: boolean;
}

const NONE: Part = { value: ZERO, rough: false };

function partOf(tree: Tree): Part | undefined {
  if (headOf(tree) === "Rational") return quotient(tree);
  const value = decimal(typeof tree === "number" ? String(tree) : typeof tree === "object" && "num" in tree ? tree.num : ""); // prettier-ignore
  if (value === undefined) return undefined;
  const digits = value.digits.toString().replace(/^-/, "").replace(/0+$/, "").length;
  const [least, most] = ROUGH_DIGITS;
  return { value, rough: value.exponent < 0 && digits >= least && digits <= most };
}

/** More digits than are ever compared. */
const QUOTIENT_DIGITS = 200;

function quotient(tree: Tree): Part | undefined {
  const [a, b] = operandsOf(tree).map(partOf);
  if (a === undefined || b === undefined || b.value.digits === 0n) return undefined;
  const digits = (a.value.digits * 10n ** BigInt(QUOTIENT_DIGITS)) / b.value.digits;
  return { value: { digits, exponent: a.value.exponent - b.value.exponent - QUOTIENT_DIGITS }, rough: false };
}

/** Most digits, and largest exponent, of a number that is read. */
const MAX_DIGITS = 10_000;
const MAX_EXPONENT = 1_000_000;

function decimal(text: string): Decimal | undefined {
  const found = /^([+-]?)(\d{0,10000})(?:\.(\d{0,10000}))?(?:e([+-]?\d{1,9}))?$/i.exec(text);
  if (found === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = found;
  if (whole + fraction === "" || whole.length + fraction.length > MAX_DIGITS) return undefined;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const digits = BigInt(whole + fraction);
  return { digits: sign === "-" ? -digits : digits, exponent };
}

/** Power of ten of the leading digit; -Infinity for 0. */
const order = ({ digits, exponent }: Decimal): number =>
  digits === 0n ? -Infinity : digits.toString().replace("-", "").length + exponent;

export const orderOf = ({ re, im }: Value): number => Math.max(order(re), order(im));

export const isZero = ({ re, im }: Value): boolean => re.digits === 0n && im.digits === 0n;

/** Leading digits in which two values agree, measured against the larger of the two; Infinity where they are the same. */
export function agreement(a: Value, b: Value): number {
  const scale = Math.max(orderOf(a), orderOf(b));
  const distance = Math.max(order(difference(a.re, b.re)), order(difference(a.im, b.im)));
  return distance === -Infinity ? Infinity : scale - distance;
}

/** Beyond this distance the smaller of two numbers does not change the leading digits of the larger. */
const FAR = 1_000;

function difference(a: Decimal, b: Decimal): Decimal {
  if (a.digits === 0n) return b;
  if (b.digits === 0n) return a;
  const apart = order(a) - order(b);
  if (Math.abs(apart) > FAR) return apart > 0 ? a : b;
  const exponent = Math.min(a.exponent, b.exponent);
  const at = ({ digits, exponent: own }: Decimal): bigint => digits * 10n ** BigInt(own - exponent);
  return { digits: at(a) - at(b), exponent };
}
