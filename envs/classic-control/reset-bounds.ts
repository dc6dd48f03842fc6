/** The reset options of the suite: other bounds for the uniform draws that a state starts from, as Gymnasium's environments take them. */
import type { Rng } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";

/** A bound that a reset may choose. */
export interface Bound {
  /** Taken where none is given. */
  readonly init: number;
  readonly min: number;
  readonly max: number;
}

/** Bounds of one draw, both from the same range. */
export const lowHigh = (low: number, high: number, min: number, max: number): { low: Bound; high: Bound } => ({
  low: { init: low, min, max },
  high: { init: high, min, max },
});

/** Bounds by name. */
type Chosen<N extends string> = Readonly<Record<N, number>>;

/**
 * Reads the bounds that the options of a reset choose; most resets choose none, and cost nothing here.
 * The function that it gives throws {GymError} BAD_OPTIONS for another name, for a value out of its range, or where low > high.
 */
export function boundsReader<N extends string>(
  env: string,
  bounds: Readonly<Record<N, Bound>>,
): (options: JsonValue | undefined) => Chosen<N> {
  const defaults = mapValues(bounds, ({ init }) => init);
  return (options) => (options === undefined || options === null ? defaults : readBounds(env, bounds, options));
}

function readBounds<N extends string>(
  env: string,
  bounds: Readonly<Record<N, Bound>>,
  given: NonNullable<JsonValue>,
): Chosen<N> {
  const names = Object.keys(bounds).join(", ");
  if (!isRecord(given)) throw badOptions(env, `an object of ${names}`, given);
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(bounds, name));
  if (stranger !== undefined) throw badOptions(env, `only ${names}`, stranger);
  const chosen = mapValues(bounds, (bound, name) => readBound(env, name, bound, given[name]));
  const { low = -Infinity, high = Infinity } = chosen as { readonly low?: number; readonly high?: number };
  if (low > high) throw badOptions(env, "low <= high", [low, high]);
  return chosen;
}

function readBound(env: string, name: string, { init, min, max }: Bound, value: JsonValue | undefined): number {
  if (value === undefined) return init;
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw badOptions(`${env}: ${name}`, `a number in ${min}..${max}`, value);
}

// Array.isArray does not tell a readonly list from a record.
const isRecord = (value: JsonValue): value is { readonly [name: string]: JsonValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mapValues = <N extends string, A, B>(items: Readonly<Record<N, A>>, to: (item: A, name: string) => B) =>
  // Object.entries forgets that the names stay the same.
  Object.fromEntries(Object.entries<A>(items).map(([name, item]) => [name, to(item, name)])) as Record<N, B>;

/** One uniform draw in low .. high. */
export const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.uniform();

const badOptions = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_OPTIONS", `${where}: reset options`, { expected, received });
