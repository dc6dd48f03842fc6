/** Learning curves: one metric over env steps, of one run or of several seeds together. */
import type { MetricsLine } from "./read-run.ts";
import { estimate } from "./statistics.ts";

export interface Point {
  /** env steps */
  readonly x: number;
  readonly y: number;
}

export interface Curve {
  readonly label: string;
  /** seeds in it */
  readonly n: number;
  readonly points: readonly Point[];
  /** Ends of the t interval at each point; absent for a single seed. */
  readonly band?: readonly { readonly low: number; readonly high: number }[];
}

/** Points of a curve of several seeds. */
const GRID = 200;

/** The values of a metric, in the order of steps. Lines without it are left out. */
export const pointsOf = (lines: readonly MetricsLine[], metric: string): Point[] =>
  lines.flatMap((line) => {
    const [x, y] = [line["step"], line[metric]];
    return typeof x === "number" && typeof y === "number" ? [{ x, y }] : [];
  });

/** Each value the mean of the last `window` ones up to it. @param window integer >= 1 */
export const smoothed = (points: readonly Point[], window: number): Point[] =>
  points.map(({ x }, i) => {
    const from = points.slice(Math.max(0, i - window + 1), i + 1);
    return { x, y: from.reduce((sum, { y }) => sum + y, 0) / from.length };
  });

/**
 * The curve of several seeds: their mean with its t interval, from where the last begins to where the first ends, at equal distances
 * and on straight lines between their points.
 * @param seeds the points of each, at least one point in each
 */
export function curveOf(label: string, seeds: readonly (readonly Point[])[]): Curve {
  const [only] = seeds as readonly [readonly Point[]];
  if (seeds.length === 1) return { label, n: 1, points: only };
  const from = Math.max(...seeds.map((points) => (points[0] as Point).x));
  const to = Math.min(...seeds.map((points) => (points.at(-1) as Point).x));
  if (to < from) return { label, n: seeds.length, points: [], band: [] };
  const count = to === from ? 1 : GRID;
  const at = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / Math.max(1, count - 1));
  const estimates = at.map((x) => estimate(seeds.map((points) => valueAt(points, x))));
  return {
    label,
    n: seeds.length,
    points: estimates.map(({ mean }, i) => ({ x: at[i] as number, y: mean })),
    band: estimates.map(({ mean, margin = 0 }) => ({ low: mean - margin, high: mean + margin })),
  };
}

/** On the straight line between the two points around x, which lies within them. */
function valueAt(points: readonly Point[], x: number): number {
  const right = points.findIndex((point) => point.x >= x);
  const after = points[right] as Point;
  const before = points[right - 1];
  if (before === undefined || after.x === before.x) return after.y;
  return before.y + ((after.y - before.y) * (x - before.x)) / (after.x - before.x);
}
