/** Families of polynomials, rational functions, equations and inequalities. */
import { digits, digitsKey } from "./digits.ts";
import { family } from "./pair.ts";
import type { Draws } from "./draws.ts";
import { ratio, writeRatio } from "./writings.ts";

/** Product of linear factors a x + b y + c, plus a constant. */
interface Product {
  readonly factors: readonly Linear[];
  readonly plus: number;
  readonly names: readonly [string, string];
}

type Linear = readonly [a: number, b: number, c: number];

const NAMES = [
  ["x", "y"],
  ["a", "b"],
  ["n", "m"],
  ["t", "s"],
] as const;
const POINTS = [
  [2, 7],
  [-3, 11],
  [5, -13],
  [17, 19],
] as const;

const linear = (draws: Draws, both: boolean): Linear => [
  draws.nonZero(-5, 5),
  both ? draws.int(-4, 4) : 0,
  draws.int(-9, 9),
];
const at = ([a, b, c]: Linear, x: number, y: number): number => a * x + b * y + c;

/** Coefficients by "i,j" of x^i y^j. */
type Terms = ReadonlyMap<string, number>;

function multiply(left: Terms, right: Terms): Terms {
  const product = new Map<string, number>();
  for (const [l, by] of left)
    for (const [r, and] of right) {
      const [i = 0, j = 0] = l.split(",").map(Number);
      const [k = 0, m = 0] = r.split(",").map(Number);
      const power = `${String(i + k)},${String(j + m)}`;
      product.set(power, (product.get(power) ?? 0) + by * and);
    }
  return product;
}

const termsOf = ([a, b, c]: Linear): Terms =>
  new Map([
    ["1,0", a],
    ["0,1", b],
    ["0,0", c],
  ]);

function expand({ factors, plus }: Product): Terms {
  const product = factors.map(termsOf).reduce(multiply);
  return new Map(product).set("0,0", (product.get("0,0") ?? 0) + plus);
}

const power = (name: string, to: number): string =>
  to === 0 ? "" : to === 1 ? name : `${name}^${to > 9 ? `{${String(to)}}` : String(to)}`;

export function writeTerms(terms: Terms, [x, y]: readonly [string, string], draws: Draws, star = false): string {
  const written: string[] = [];
  for (const [key, by] of draws.shuffle([...terms])) {
    if (by === 0) continue;
    const [i = 0, j = 0] = key.split(",").map(Number);
    const letters = draws.shuffle([power(x, i), power(y, j)].filter((part) => part !== ""));
    const size = Math.abs(by) === 1 && letters.length > 0 ? "" : String(Math.abs(by));
    const body = [size, ...letters].filter((part) => part !== "").join(star ? "*" : "");
    written.push(written.length === 0 ? (by < 0 ? `-${body}` : body) : by < 0 ? `- ${body}` : `+ ${body}`);
  }
  return written.length === 0 ? "0" : written.join(" ");
}

const writeFactors = ({ factors, names }: Product, draws: Draws): string =>
  factors.map((factor) => `(${writeTerms(termsOf(factor), names, draws)})`).join(draws.pick(["", "\\cdot ", " "]));

function nudge(item: Product, draws: Draws): Product {
  return draws.chance(1, 4) ? { ...item, plus: item.plus + draws.pick([-1, 1, 2]) } : nudgeFactor(item, draws);
}

function nudgeFactor(item: Product, draws: Draws): Product {
  const changed = draws.int(0, item.factors.length - 1);
  const to = draws.int(0, 2);
  const by = draws.pick([-1, 1, 2]);
  const nudged = ([a, b, c]: Linear): Linear => [to === 0 ? a + by : a, to === 1 ? b + by : b, to === 2 ? c + by : c];
  return { ...item, factors: item.factors.map((factor, i) => (i === changed ? nudged(factor) : factor)) };
}

const valueAt = ({ factors, plus }: Product, x: number, y: number): number =>
  factors.reduce((value, factor) => value * at(factor, x, y), 1) + plus;

export const polynomials = family<Product>({
  name: "polynomial",
  item: (draws) => {
    const both = draws.chance(1, 2);
    return {
      factors: Array.from({ length: draws.int(1, 3) }, () => linear(draws, both)),
      plus: draws.chance(1, 2) ? 0 : draws.nonZero(-9, 9),
      names: draws.pick(NAMES),
    };
  },
  write(item, draws) {
    if (draws.chance(1, 2)) return writeTerms(expand(item), item.names, draws, draws.chance(1, 4));
    const tail = item.plus === 0 ? "" : item.plus < 0 ? ` - ${String(-item.plus)}` : ` + ${String(item.plus)}`;
    return writeFactors(item, draws) + tail;
  },
  miss: nudge,
  key: (item) => POINTS.map(([x, y]) => digitsKey(digits(valueAt(item, x, y)))).join(" "),
});

interface Fraction {
  readonly top: Product;
  readonly below: Product;
}

export const rationalFunctions = family<Fraction>({
  name: "rational function",
  item(draws) {
    const names = draws.pick(NAMES);
    const both = draws.chance(1, 3);
    const product = (length: number): Product => ({
      factors: Array.from({ length }, () => linear(draws, both)),
      plus: 0,
      names,
    });
    return { top: product(draws.int(1, 2)), below: product(draws.int(1, 2)) };
  },
  write({ top, below }, draws) {
    const grown = draws.chance(1, 4) ? linear(draws, false) : undefined;
    const [over, under] = [top, below].map((part) => {
      const product = grown ? { ...part, factors: [...part.factors, grown] } : part;
      return draws.chance(1, 2) ? writeTerms(expand(product), product.names, draws) : writeFactors(product, draws);
    });
    return draws.pick([
      `\\frac{${over ?? ""}}{${under ?? ""}}`,
      `(${over ?? ""})/(${under ?? ""})`,
      `\\dfrac{${over ?? ""}}{${under ?? ""}}`,
    ]);
  },
  miss({ top, below }, draws) {
    if (draws.chance(1, 3)) return { top: below, below: top };
    return draws.chance(1, 2) ? { top: nudgeFactor(top, draws), below } : { top, below: nudgeFactor(below, draws) };
  },
  key: ({ top, below }) =>
    POINTS.map(([x, y]) => {
      const under = valueAt(below, x, y);
      return under === 0 ? "pole" : digitsKey(digits(valueAt(top, x, y)).div(under));
    }).join(" "),
});

/** a x + b y + c = 0. */
export const equations = family<Linear>({
  name: "equation",
  item: (draws) => [draws.nonZero(-6, 6), draws.nonZero(-6, 6), draws.int(-12, 12)],
  write([a, b, c], draws) {
    const k = draws.pick([1, 1, -1, 2, 3, -2]);
    const names = ["x", "y"] as const;
    const text = (p: number, q: number, r: number): string =>
      writeTerms(
        new Map([
          ["1,0", p],
          ["0,1", q],
          ["0,0", r],
        ]),
        names,
        draws,
      );
    const slope = ratio(-a, b);
    const rest = ratio(-c, b);
    const tail =
      rest.n === 0 ? "" : `${rest.n < 0 ? " - " : " + "}${writeRatio({ n: Math.abs(rest.n), d: rest.d }, draws)}`;
    return draws
      .pick([
        `${text(k * a, k * b, k * c)} = 0`,
        `${text(k * a, k * b, 0)} = ${String(-k * c)}`,
        `y = ${writeRatio(slope, draws)}x${tail}`,
        `${text(k * a, 0, 0)} = ${text(0, -k * b, -k * c)}`,
        `0 = ${text(k * a, k * b, k * c)}`,
      ])
      .replace(/\/(\d+)x/, "/$1*x");
  },
  miss: ([a, b, c], draws) =>
    draws.pick<Linear>([
      [a, -b, c],
      [a + 1 === 0 ? 2 : a + 1, b, c],
      [a, b, c + 1],
      [b, a, c],
      [a, b, -c],
    ]),
  key: ([a, b, c]) => [digits(b).div(a), digits(c).div(a)].map((part) => digitsKey(part)).join(" "),
});

interface Inequality {
  readonly low?: number;
  readonly high?: number;
  readonly lowIn: boolean;
  readonly highIn: boolean;
  readonly name: string;
}

export const inequalities = family<Inequality>({
  name: "inequality",
  item(draws) {
    const low = draws.int(-20, 20);
    const name = draws.pick(["x", "x", "a", "t"]);
    const flags = { lowIn: draws.chance(1, 2), highIn: draws.chance(1, 2), name };
    const which = draws.int(0, 2);
    return { ...flags, ...(which !== 0 && { low }), ...(which !== 1 && { high: low + draws.int(1, 15) }) };
  },
  write({ low, high, lowIn, highIn, name }, draws) {
    const less = (within: boolean): string =>
      within ? draws.pick(["\\le", "\\leq", "<=", "≤", "\\leqslant"]) : draws.pick(["<", "\\lt"]);
    const more = (within: boolean): string =>
      within ? draws.pick(["\\ge", "\\geq", ">=", "≥"]) : draws.pick([">", "\\gt"]);
    if (low === undefined)
      return draws.pick([`${name} ${less(highIn)} ${String(high)}`, `${String(high)} ${more(highIn)} ${name}`]);
    if (high === undefined)
      return draws.pick([`${name} ${more(lowIn)} ${String(low)}`, `${String(low)} ${less(lowIn)} ${name}`]);
    return draws.pick([
      `${String(low)} ${less(lowIn)} ${name} ${less(highIn)} ${String(high)}`,
      `${String(high)} ${more(highIn)} ${name} ${more(lowIn)} ${String(low)}`,
      `${name} ${more(lowIn)} ${String(low)} \\text{ and } ${name} ${less(highIn)} ${String(high)}`,
    ]);
  },
  miss: (item, draws) =>
    draws.pick<Inequality>([
      { ...item, lowIn: !item.lowIn, highIn: !item.highIn },
      item.low === undefined
        ? { low: item.high ?? 0, lowIn: item.highIn, highIn: item.highIn, name: item.name }
        : { ...item, low: item.low - 1 },
      item.high === undefined
        ? { high: item.low ?? 0, lowIn: item.lowIn, highIn: item.lowIn, name: item.name }
        : { ...item, high: item.high + 1 },
    ]),
  key: ({ low, high, lowIn, highIn, name }) =>
    [
      name,
      low === undefined ? "" : `${lowIn ? "[" : "("}${digitsKey(digits(low))}`,
      high === undefined ? "" : `${digitsKey(digits(high))}${highIn ? "]" : ")"}`,
    ].join(" "),
});
