/** Numbers the values of a finite space 0 .. size-1 (mixed radix, the first part varies slowest), so that tables can be indexed by them. */
import { GymError, type BatchOf, type Space } from "dojang/protocol";

/** States that a table may have at most; a table of doubles over six actions then takes 800 MB. */
export const MAX_STATES = 2 ** 24;

export interface StateIndex {
  /** Number of values. */
  readonly size: number;
  /** The number of each row. May return the batch itself. */
  of(batch: BatchOf<Space>): Int32Array;
}

/** @throws {GymError} BAD_PARAM when the space is not finite or has more than MAX_STATES values */
export function stateIndex(space: Space, where = "observation space"): StateIndex {
  const parts = digits(space, where);
  const size = parts.reduce((product, part) => product * part.radix, 1);
  if (size > MAX_STATES) {
    throw new GymError("BAD_PARAM", where, { expected: `at most ${MAX_STATES} values`, received: size });
  }
  if (space.kind === "discrete" && space.start === 0) return { size, of: (batch) => batch as Int32Array };
  return { size, of: (batch) => number(parts, batch) };
}

/** One digit of the number: where it stands in a batch, and how many values it has. */
interface Digit {
  readonly radix: number;
  readonly start: number;
  /** Its column: elements `offset`, `offset + stride`, ... */
  readonly offset: number;
  readonly stride: number;
  column(batch: unknown): Int32Array | Uint8Array;
}

function digits(space: Space, where: string): Digit[] {
  const column = (batch: unknown): Int32Array => batch as Int32Array;
  switch (space.kind) {
    case "discrete":
      return [{ radix: space.n, start: space.start, offset: 0, stride: 1, column }];
    case "multiDiscrete":
      return space.nvec.map((radix, offset) => ({ radix, start: 0, offset, stride: space.nvec.length, column }));
    case "multiBinary":
      return Array.from({ length: space.n }, (_, offset) => ({ radix: 2, start: 0, offset, stride: space.n, column }));
    case "dict":
      return Object.entries(space.fields).flatMap(([name, field]) => inside(field, name, where));
    case "tuple":
      return space.items.flatMap((item, i) => inside(item, i, where));
    default:
      throw new GymError("BAD_PARAM", where, { expected: "a finite space", received: space.kind });
  }
}

const inside = (space: Space, name: string | number, where: string): Digit[] =>
  digits(space, `${where}[${name}]`).map((digit) => ({
    ...digit,
    column: (batch) => digit.column((batch as Readonly<Record<string | number, unknown>>)[name]),
  }));

function number(parts: readonly Digit[], batch: BatchOf<Space>): Int32Array {
  const [head] = parts;
  const rows = head === undefined ? 0 : head.column(batch).length / head.stride;
  const index = new Int32Array(rows);
  for (const { radix, start, offset, stride, column } of parts) {
    const values = column(batch);
    for (let i = 0; i < rows; i++) {
      index[i] = (index[i] as number) * radix + (values[i * stride + offset] as number) - start;
    }
  }
  return index;
}
