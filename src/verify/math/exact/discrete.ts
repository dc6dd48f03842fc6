/** Functions of whole and rational numbers with rational values: factorials, binomials, gcd, floor, max and the like. */
import { binomial, factorial, gcd } from "./integers.ts";
import { compareRat, divRat, floorRat, isWhole, mulRat, negRat, type Rat, rat, subRat } from "./rational.ts";
import { Malformed, TooLarge } from "./work.ts";

/** The value, or null when the function is not one of these or not defined there in this way. */
export function discreteValue(name: string, args: readonly Rat[]): Rat | null {
  const [a, b] = args;
  if (a === undefined) return null;
  switch (name) {
    case "factorial":
      return isWhole(a) && a.n >= 0n ? rat(factorial(a.n)) : null;
    case "binom":
      if (b === undefined || !isWhole(a) || !isWhole(b) || a.n < 0n) return null;
      return rat(binomial(a.n, b.n));
    case "abs":
      return a.n < 0n ? negRat(a) : a;
    case "sgn":
      return rat(a.n < 0n ? -1 : a.n > 0n ? 1 : 0);
    case "floor":
      return rat(floorRat(a));
    case "ceil":
      return rat(-floorRat(negRat(a)));
    case "gcd":
    case "lcm":
      return args.every(isWhole) ? rat(args.map(({ n }) => n).reduce(name === "gcd" ? gcd : lcm)) : null;
    case "mod":
      return b !== undefined && b.n > 0n ? subRat(a, mulRat(b, rat(floorRat(divRat(a, b))))) : null;
    case "min":
      return args.reduce((x, y) => (compareRat(x, y) <= 0 ? x : y));
    case "max":
      return args.reduce((x, y) => (compareRat(x, y) >= 0 ? x : y));
    default:
      return null;
  }
}

function lcm(a: bigint, b: bigint): bigint {
  if (a === 0n || b === 0n) return 0n;
  const product = (a / gcd(a, b)) * b;
  return product < 0n ? -product : product;
}

/** The value of a numeral in a base. @throws {Malformed} for a digit that the base does not have */
export function baseValue(digits: string, base: number): bigint {
  if (digits.length > 1000) throw new TooLarge("digits");
  let value = 0n;
  for (const digit of digits) {
    const worth = parseInt(digit, 36);
    if (!(worth < base)) throw new Malformed(`digit ${digit} in base ${base}`);
    value = value * BigInt(base) + BigInt(worth);
  }
  return value;
}
