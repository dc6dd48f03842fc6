/** Compares numbers with what stands beside them: units, currency, percent signs, bases, a tolerance for decimals. */
import type { Node } from "./ast.ts";
import type { MathOptions } from "../options.ts";
import { infiniteSign } from "./infinite.ts";
import { absRat } from "./absolute.ts";
import { foldRational } from "./fold.ts";
import { compareRat, HALF, mulRat, powRat, type Rat, rat } from "./rational.ts";
import { compareScalars, type Verdict } from "./scalar.ts";
import { signOfNode } from "./sign.ts";
import { conversion, DEGREE, sameDimensions, type Unit } from "./units.ts";

export type Settings = Required<MathOptions>;

interface Quantity {
  readonly value: Node;
  readonly unit: Unit | null;
  readonly percent: boolean;
}

/** Compares two expressions, each with or without a unit. */
export function compareQuantities(gold: Node, answer: Node, settings: Settings): Verdict {
  const [g, a] = [quantity(gold), quantity(answer)];
  if (g.unit !== null && a.unit !== null && settings.units !== "ignore") return compareMeasures(g, a, settings);
  if (g.percent !== a.percent) return comparePercent(g, a, settings);
  if (settings.units === "ignore" || (g.unit === null && a.unit === null)) return numbers(g.value, a.value, settings);
  return compareWithOneUnit(g, a, settings);
}

function compareMeasures(g: Quantity, a: Quantity, settings: Settings): Verdict {
  if (!sameDimensions(g.unit!, a.unit!)) return { equal: false, rule: "units" };
  const factor = conversion(a.unit!, g.unit!);
  return named("units", numbers(g.value, times(a.value, factor), settings));
}

function compareWithOneUnit(g: Quantity, a: Quantity, settings: Settings): Verdict {
  if (settings.units === "require") return { equal: false, rule: "units" };
  const unit = (g.unit ?? a.unit)!;
  if (unit.dims.size === 0) {
    const scaled = (q: Quantity): Node => (q.unit === null ? q.value : times(q.value, unit.scale));
    return named("units", numbers(scaled(g), scaled(a), settings));
  }
  const bare = numbers(g.value, a.value, settings);
  if (bare.equal === true || unit !== DEGREE) return named("units", bare);
  // An angle in degrees is also the number of radians.
  const radians = (q: Quantity): Node => (q.unit === null ? q.value : { k: "qty", a: q.value, unit: DEGREE });
  return named("units", either(bare, numbers(radians(g), radians(a), settings)));
}

function comparePercent(g: Quantity, a: Quantity, settings: Settings): Verdict {
  if ((g.unit ?? a.unit) !== null && settings.units !== "ignore") return { equal: false, rule: "units" };
  const hundredth = (q: Quantity): Node => (q.percent ? times(q.value, rat(1, 100)) : q.value);
  const asNumber = (): Verdict => numbers(g.value, a.value, settings);
  const asValue = (): Verdict => numbers(hundredth(g), hundredth(a), settings);
  if (settings.percent === "number") return named("percent", asNumber());
  if (settings.percent === "value") return named("percent", asValue());
  return named("percent", either(asValue(), asNumber()));
}

function either(first: Verdict, second: Verdict): Verdict {
  if (first.equal === true || second.equal === true) return first.equal === true ? first : second;
  return first.equal === null ? first : second;
}

function named(rule: string, verdict: Verdict): Verdict {
  return verdict.equal === null ? verdict : { equal: verdict.equal, rule };
}

function times(node: Node, by: Rat): Node {
  return { k: "mul", args: [node, { k: "num", v: by, places: null }] };
}

/** Takes the unit or percent sign off, through a minus sign and through sums of like measures. */
function quantity(node: Node): Quantity {
  if (node.k === "percent") return { value: node.a, unit: null, percent: true };
  if (node.k === "qty") return { value: node.a, unit: node.unit, percent: false };
  if (node.k === "neg") {
    const inner = quantity(node.a);
    return { ...inner, value: { k: "neg", a: inner.value } };
  }
  if (node.k === "mul") return product(node.args) ?? { value: node, unit: null, percent: false };
  if (node.k === "div" && node.a.k === "qty")
    return { value: { ...node, a: node.a.a }, unit: node.a.unit, percent: false };
  return { value: node, unit: null, percent: false };
}

/** "5 ft 6 in" is a sum of like measures; "2 * 3 cm" and "\frac{1}{2}\%" have one unit or sign for the product. */
function product(args: readonly Node[]): Quantity | null {
  const parts = args.map(quantity);
  const measured = parts.filter(({ unit }) => unit !== null);
  const first = measured[0]?.unit;
  if (parts.filter(({ percent }) => percent).length === 1 && measured.length === 0) {
    return { value: { k: "mul", args: parts.map(({ value }) => value) }, unit: null, percent: true };
  }
  if (first === undefined || first === null) return null;
  if (measured.length === 1)
    return { value: { k: "mul", args: parts.map(({ value }) => value) }, unit: first, percent: false };
  if (measured.length !== parts.length || !parts.every(({ unit }) => sameDimensions(unit!, first))) return null;
  return {
    value: { k: "add", args: parts.map(({ value, unit }) => times(value, conversion(unit!, first))) },
    unit: first,
    percent: false,
  };
}

function numbers(gold: Node, answer: Node, settings: Settings): Verdict {
  if ((gold.k === "base" || answer.k === "base") && settings.bases === "same") {
    const same = gold.k === "base" && answer.k === "base" && gold.base === answer.base;
    if (!same) return { equal: false, rule: "base" };
    return named("base", compareScalars(gold, answer));
  }
  const infinite = [infiniteSign(gold), infiniteSign(answer)];
  if (infinite[0] !== 0 || infinite[1] !== 0) return { equal: infinite[0] === infinite[1], rule: "infinity" };
  const exact = compareScalars(gold, answer);
  if (exact.equal === true || (settings.tolerance === 0 && !settings.roundToGold)) return exact;
  return near(gold, answer, settings) ? { equal: true, rule: "tolerance" } : exact;
}

/** Digits after the point of a number written as a decimal, else null. */
function placesOf(node: Node): number | null {
  return node.k === "num" ? node.places : node.k === "neg" ? placesOf(node.a) : null;
}

/** Whether a decimal lies within the tolerance, or the answer rounds to the gold's decimal. */
function near(gold: Node, answer: Node, { tolerance, roundToGold }: Settings): boolean {
  const places = placesOf(gold);
  const limits: Node[] = [];
  if (tolerance > 0 && (places !== null || placesOf(answer) !== null))
    limits.push(times(absNode(gold), exactly(tolerance)));
  if (roundToGold && places !== null) limits.push(number(mulRat(HALF, powRat(rat(10), BigInt(-places)))));
  const gap = absNode({ k: "add", args: [gold, { k: "neg", a: answer }] });
  return limits.some((limit) => within(gap, limit));
}

function within(gap: Node, limit: Node): boolean {
  const [g, l] = [foldRational(gap), foldRational(limit)];
  if (g !== null && l !== null) return compareRat(absRat(g), l) <= 0;
  const sign = signOfNode({ k: "add", args: [limit, { k: "neg", a: gap }] });
  return sign !== null && sign >= 0;
}

function absNode(a: Node): Node {
  return { k: "fn", name: "abs", args: [a] };
}

function number(v: Rat): Node {
  return { k: "num", v, places: null };
}

/** A double as the decimal that it prints as. */
function exactly(value: number): Rat {
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  const places = digits.includes(".") ? digits.length - digits.indexOf(".") - 1 : 0;
  return mulRat(rat(BigInt(digits.replace(".", ""))), powRat(rat(10), BigInt(Number(exponent) - places)));
}
