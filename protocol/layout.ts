/** The columns of a space: which there are, in which order, and what each holds. */
import { dtypeOf } from "./batch.ts";
import { BYTES } from "./bytes.ts";
import type { DType, Space } from "./spaces.ts";

/** One column of bytes. */
export interface Leaf {
  /** Where its values stand: field names joined by dots; `[i]` item i of a tuple, `[]` the elements of a sequence, `(i)` option i of a oneOf. "" is the space itself. */
  readonly path: string;
  /** array: rows of `shape` elements; text: u32 offsets [rows + 1] then UTF-8 bytes; offsets: where each row's elements of a sequence begin, u32 [rows + 1];
   *  tag: the option chosen, u8 [rows]. */
  readonly kind: "array" | "text" | "offsets" | "tag";
  /** Little-endian element type. */
  readonly dtype: DType | "utf8";
  /** Of one row; [] is one element. */
  readonly shape: readonly number[];
}

/** The columns of a space in wire order. */
export const layout = (space: Space): Leaf[] => leaves(space, "");

/** Bytes of one row in the columns whose rows all have the same size; elements of sequences, texts and offsets are not counted. */
export function fixedBytes(space: Space): number {
  const fixed = layout(space).filter(({ kind, path }) => kind === "array" && !path.includes("[]"));
  return fixed.reduce((sum, { dtype, shape }) => sum + shape.reduce((a, b) => a * b, 1) * BYTES[dtype as DType], 0);
}

function leaves(space: Space, path: string): Leaf[] {
  switch (space.kind) {
    case "discrete":
      return [{ path, kind: "array", dtype: "int32", shape: [] }];
    case "box":
      return [{ path, kind: "array", dtype: space.dtype, shape: space.shape }];
    case "multiDiscrete":
      return [{ path, kind: "array", dtype: dtypeOf(space), shape: [space.nvec.length] }];
    case "multiBinary":
      return [{ path, kind: "array", dtype: dtypeOf(space), shape: [space.n] }];
    case "text":
      return [{ path, kind: "text", dtype: "utf8", shape: [] }];
    case "dict":
      return Object.entries(space.fields).flatMap(([name, field]) =>
        leaves(field, path === "" ? name : `${path}.${name}`),
      );
    case "tuple":
      return space.items.flatMap((item, i) => leaves(item, `${path}[${i}]`));
    case "oneOf": {
      const options = space.options.flatMap((option, i) => leaves(option, `${path}(${i})`));
      return [{ path, kind: "tag", dtype: "uint8", shape: [] }, ...options];
    }
    case "sequence":
      return [{ path, kind: "offsets", dtype: "uint32", shape: [] }, ...leaves(space.element, `${path}[]`)];
  }
}
