/** Observations as rows of float32 numbers: what nets read. */
import { GymError, type BatchOf, type Space } from "dojang/protocol";
import { describeSpace } from "../shared/describe-space.ts";
import type { Fit } from "../shared/fit.ts";

export interface Features {
  /** Numbers a row. */
  readonly size: number;
  /** Where a row holds one such grid: where in the row it begins, its height, width and channels. It is row-major with channels last. */
  readonly grid?: Grid;
  /** Where the grid was cut for a convolution: patches a row and numbers a patch; what is no grid comes after the patches. */
  readonly patches?: Patches;
  /** Writes the rows of a batch from row `from` of `out` on; `out` has `size` numbers a row. */
  write(batch: BatchOf<Space>, rows: number, out: Float32Array, from?: number): void;
}

export interface Grid {
  readonly from: number;
  readonly shape: readonly [height: number, width: number, channels: number];
}

export interface Patches {
  readonly count: number;
  readonly size: number;
  /** Numbers of a row after its patches. */
  readonly beside: number;
}

const isNumeric = (space: Space): boolean => {
  if (space.kind === "dict") return Object.values(space.fields).every(isNumeric);
  if (space.kind === "tuple") return space.items.every(isNumeric);
  return ["box", "discrete", "multiDiscrete", "multiBinary"].includes(space.kind);
};

/** Spaces that nets can read. */
export const numericSpace: Fit = {
  says: "a box, discrete, multiDiscrete or multiBinary space, or a tuple or dict of these",
  fits: (space): space is Space => isNumeric(space),
};

/** Boxes as they are, discrete values one-hot, tuples and dicts one part after the other. @throws {GymError} BAD_PARAM for texts, sequences and oneOf */
export function featuresOf(space: Space, where: string): Features {
  switch (space.kind) {
    case "box":
    case "multiBinary":
      return flat(space);
    case "discrete":
      return oneHot([space.n], [space.start]);
    case "multiDiscrete":
      return oneHot(space.nvec, space.nvec.map(() => 0)); // prettier-ignore
    case "dict":
      return joined(Object.entries(space.fields).map(([name, field]) => [name, featuresOf(field, where)]));
    case "tuple":
      return joined(space.items.map((item, i) => [i, featuresOf(item, where)]));
    default:
      throw new GymError("BAD_PARAM", where, { expected: numericSpace.says, received: describeSpace(space) });
  }
}

function flat(space: Extract<Space, { kind: "box" | "multiBinary" }>): Features {
  const shape = space.kind === "box" ? space.shape : [space.n];
  const size = shape.reduce((product, n) => product * n, 1);
  const [height = 0, width = 0, channels = 0] = shape;
  return {
    size,
    ...(shape.length === 3 &&
      height >= 3 &&
      width >= 3 && { grid: { from: 0, shape: [height, width, channels] as const } }),
    // A box or multiBinary batch is one typed array.
    write: (batch, rows, out, from = 0) => {
      out.set((batch as Float32Array).subarray(0, rows * size), from * size);
    },
  };
}

/** One-hot, one value after the other. */
function oneHot(counts: ArrayLike<number>, starts: ArrayLike<number>): Features {
  const size = Array.from(counts).reduce((sum, n) => sum + n, 0);
  return {
    size,
    write(batch, rows, out, from = 0) {
      const values = batch as Int32Array;
      out.fill(0, from * size, (from + rows) * size);
      for (let row = 0; row < rows; row++)
        for (let k = 0, at = (from + row) * size; k < counts.length; at += counts[k++] as number)
          out[at + (values[row * counts.length + k] as number) - (starts[k] as number)] = 1;
    },
  };
}

function joined(parts: readonly (readonly [key: string | number, features: Features])[]): Features {
  const size = parts.reduce((sum, [, part]) => sum + part.size, 0);
  const grid = onlyGrid(parts.map(([, part]) => part));
  return {
    size,
    ...(grid && { grid }),
    write(batch, rows, out, from = 0) {
      let at = 0;
      for (const [key, part] of parts) {
        const own = new Float32Array(rows * part.size);
        part.write((batch as Readonly<Record<string | number, BatchOf<Space>>>)[key] as BatchOf<Space>, rows, own);
        for (let row = 0; row < rows; row++)
          out.set(own.subarray(row * part.size, (row + 1) * part.size), (from + row) * size + at);
        at += part.size;
      }
    },
  };
}

/** The grid among parts that follow one another; undefined where there is none, or several. */
function onlyGrid(parts: readonly Features[]): Grid | undefined {
  let from = 0;
  const grids = parts.flatMap(({ grid, size }) => {
    from += size;
    return grid === undefined ? [] : [{ ...grid, from: from - size + grid.from }];
  });
  return grids.length === 1 ? grids[0] : undefined;
}
