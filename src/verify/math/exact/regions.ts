/** Sets of real numbers as unions of intervals: merged and ordered, so that equal sets look alike. */
import type { Node } from "./ast.ts";
import { foldRational } from "./fold.ts";
import { infiniteSign } from "./infinite.ts";
import { compareRat } from "./rational.ts";
import { compareScalars } from "./scalar.ts";
import { signOfNode } from "./sign.ts";
import { spend, Unsupported } from "./work.ts";

export interface Interval {
  readonly low: Node;
  readonly high: Node;
  /** Whether the ends belong to it. */
  readonly lowIn: boolean;
  readonly highIn: boolean;
}

export type Region = readonly Interval[];

export const INFINITY: Node = { k: "const", name: "inf" };
export const MINUS_INFINITY: Node = { k: "neg", a: INFINITY };
export const REALS: Region = [{ low: MINUS_INFINITY, high: INFINITY, lowIn: false, highIn: false }];

/** -1, 0 or 1 as a lies below, at or above b. @throws {Unsupported} when the order is not known */
export function compareEnds(a: Node, b: Node): number {
  spend(5);
  const [x, y] = [infiniteSign(a), infiniteSign(b)];
  if (x !== 0 || y !== 0) return Math.sign(x - y);
  const [p, q] = [foldRational(a), foldRational(b)];
  if (p !== null && q !== null) return compareRat(p, q);
  if (compareScalars(a, b).equal === true) return 0;
  const sign = signOfNode({ k: "add", args: [a, { k: "neg", a: b }] });
  if (sign === null) throw new Unsupported("the order of two ends");
  return sign;
}

export function pointRegion(node: Node): Region {
  return [{ low: node, high: node, lowIn: true, highIn: true }];
}

function isEmpty({ low, high, lowIn, highIn }: Interval): boolean {
  const order = compareEnds(low, high);
  return order > 0 || (order === 0 && !(lowIn && highIn));
}

/** Sorted, without empty intervals, neighbours that touch merged. */
export function normalRegion(region: Region): Region {
  const sorted = region.filter((interval) => !isEmpty(interval)).sort(byLow);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last === undefined || apart(last, next)) merged.push(next);
    else merged[merged.length - 1] = joined(last, next);
  }
  return merged;
}

function byLow(a: Interval, b: Interval): number {
  const order = compareEnds(a.low, b.low);
  return order !== 0 ? order : Number(b.lowIn) - Number(a.lowIn);
}

function apart(a: Interval, b: Interval): boolean {
  const order = compareEnds(a.high, b.low);
  return order < 0 || (order === 0 && !a.highIn && !b.lowIn);
}

function joined(a: Interval, b: Interval): Interval {
  const order = compareEnds(a.high, b.high);
  if (order > 0) return a;
  return { ...a, high: b.high, highIn: order === 0 ? a.highIn || b.highIn : b.highIn };
}

export function unionOf(a: Region, b: Region): Region {
  return normalRegion([...a, ...b]);
}

export function intersectionOf(a: Region, b: Region): Region {
  return normalRegion(a.flatMap((x) => b.map((y) => meet(x, y))));
}

function meet(a: Interval, b: Interval): Interval {
  const [low, high] = [compareEnds(a.low, b.low), compareEnds(a.high, b.high)];
  return {
    low: low >= 0 ? a.low : b.low,
    lowIn: low === 0 ? a.lowIn && b.lowIn : low > 0 ? a.lowIn : b.lowIn,
    high: high <= 0 ? a.high : b.high,
    highIn: high === 0 ? a.highIn && b.highIn : high < 0 ? a.highIn : b.highIn,
  };
}

/** The real numbers that do not lie in the region. */
export function complementOf(region: Region): Region {
  let rest: Region = REALS;
  for (const { low, high, lowIn, highIn } of normalRegion(region)) {
    const below: Interval = { low: MINUS_INFINITY, high: low, lowIn: false, highIn: !lowIn };
    const above: Interval = { low: high, high: INFINITY, lowIn: !highIn, highIn: false };
    rest = intersectionOf(rest, [below, above]);
  }
  return rest;
}

/** Interval by interval. @returns null where two ends cannot be compared */
export function equalRegions(a: Region, b: Region): boolean | null {
  if (a.length !== b.length) return false;
  let known: boolean | null = true;
  for (const [k, x] of a.entries()) {
    const y = b[k]!;
    if (x.lowIn !== y.lowIn || x.highIn !== y.highIn) return false;
    for (const [p, q] of [
      [x.low, y.low],
      [x.high, y.high],
    ] as const) {
      const [s, t] = [infiniteSign(p), infiniteSign(q)];
      const equal = s !== 0 || t !== 0 ? s === t : compareScalars(p, q).equal;
      if (equal === false) return false;
      if (equal === null) known = null;
    }
  }
  return known;
}
