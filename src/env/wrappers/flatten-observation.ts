/** flattenObservation: any observation of fixed size as one vector of real numbers. */
import { elementsOf } from "../../../protocol/batch.ts";
import { box, boundAt, DTYPE_RANGE } from "../../../protocol/make-space.ts";
import type { Box, Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { erased } from "./plumbing.ts";
import { transformObservation } from "./transform-observation.ts";

type Real = "float32" | "float64";

/** Bounds of the elements, and how a value is written from element `at` on into zeros. */
interface Flat {
  readonly low: readonly number[];
  readonly high: readonly number[];
  write(value: unknown, out: Float32Array | Float64Array, at: number): void;
}

/** Parts follow each other in the order of the space: boxes row by row, discrete values (and each component of a multiDiscrete) as one-hots, bits as they are.
 *  Integers beyond 2^24 need dtype "float64" to stay exact. @throws {TypeError} for text, sequence and oneOf, which have no fixed size */
export function flattenObservation<S, A extends Space, O extends Space, I extends Space, D extends Real = "float32">(
  rules: Rules<S, A, O, I>,
  options: { readonly dtype?: D } = {},
): Rules<S, A, Box<D>, I> {
  const { dtype = "float32" } = options;
  if (dtype !== "float32" && dtype !== "float64")
    throw new TypeError(`flattenObservation: dtype: expected float32 or float64, got ${String(dtype)}`);
  const { low, high, write } = flat(erased(rules).observation, "observation");
  const within = (bound: number): number => (Math.abs(bound) > DTYPE_RANGE[dtype].max ? Math.sign(bound) * Infinity : bound); // prettier-ignore
  const space = box([low.length], low.map(within), high.map(within), dtype);
  const observe = (value: unknown, out: Float32Array | Float64Array): void => write(value, out, 0);
  return transformObservation(rules as Rules<S, A, Space, I>, space, observe as never) as never; // of the type above
}

function flat(space: Space, path: string): Flat {
  switch (space.kind) {
    case "box": {
      const bounds = (bound: Box["low"]): number[] =>
        Array.from({ length: elementsOf(space) }, (_, i) => boundAt(bound, i));
      const write: Flat["write"] = (value, out, at) => out.set(value as ArrayLike<number>, at);
      return { low: bounds(space.low), high: bounds(space.high), write };
    }
    case "multiBinary":
      return flags(space.n, (value, out, at) => out.set(value as Uint8Array, at));
    case "discrete":
      return flags(space.n, (value, out, at) => void (out[at + (value as number) - space.start] = 1));
    case "multiDiscrete":
      return oneHots(space.nvec);
    case "dict":
      return inTurn(Object.entries(space.fields).map(([name, field]) => [name, flat(field, `${path}.${name}`)]));
    case "tuple":
      return inTurn(space.items.map((item, i) => [i, flat(item, `${path}[${i}]`)]));
    default:
      throw new TypeError(`flattenObservation: ${path}: expected a space of fixed size, got ${space.kind}. Use transformObservation to say what becomes of it.`); // prettier-ignore
  }
}

const flags = (n: number, write: Flat["write"]): Flat => ({
  low: new Array<number>(n).fill(0),
  high: new Array<number>(n).fill(1),
  write,
});

const oneHots = (nvec: readonly number[]): Flat =>
  flags(
    nvec.reduce((sum, n) => sum + n, 0),
    (value, out, at) => {
      let start = at;
      nvec.forEach((n, i) => {
        out[start + ((value as Int32Array)[i] as number)] = 1;
        start += n;
      });
    },
  );

function inTurn(parts: readonly (readonly [name: string | number, part: Flat])[]): Flat {
  return {
    low: parts.flatMap(([, { low }]) => low),
    high: parts.flatMap(([, { high }]) => high),
    write(value, out, at) {
      let start = at;
      for (const [name, { low, write }] of parts) {
        write((value as Readonly<Record<string | number, unknown>>)[name], out, start);
        start += low.length;
      }
    },
  };
}
