/** Typed arrays <-> little-endian bytes, without a copy wherever the machine and the alignment allow. */
import { ARRAYS } from "./batch.ts";
import type { DTypes, DType, NumericArray } from "./spaces.ts";

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Bytes of one element. */
export const BYTES: { readonly [D in DType]: number } = {
  float32: 4,
  float64: 8,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
};

/** Arrays of so few bytes live within V8's heap until somebody asks for their buffer, which costs more than to copy them. */
const SMALL = 64;
const SCRATCH = new ArrayBuffer(SMALL);
const SCRATCH_BYTES = new Uint8Array(SCRATCH);
const SCRATCH_ARRAYS = Object.fromEntries(
  Object.entries(ARRAYS).map(([dtype, array]) => [dtype, new (array as unknown as ViewOf)(SCRATCH)]), // the table's type knows lengths only
) as Readonly<Record<DType, NumericArray>>;
const SCRATCH_OF = new Map(Object.values(SCRATCH_ARRAYS).map((array) => [array.constructor, array]));
type ViewOf = new (buffer: ArrayBuffer) => NumericArray;

/** The little-endian bytes of an array: a view on little-endian machines where it is not small, so do not change the array before they are used. */
export function bytesOf(array: NumericArray): Uint8Array {
  const scratch = array.byteLength <= SMALL && LITTLE_ENDIAN ? SCRATCH_OF.get(array.constructor) : undefined;
  if (scratch !== undefined) {
    scratch.set(array); // bit by bit, NaN too
    return SCRATCH_BYTES.slice(0, array.byteLength);
  }
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return LITTLE_ENDIAN ? bytes : swapped(bytes, array.BYTES_PER_ELEMENT);
}

/** Little-endian bytes as an array: a view where they are aligned, else a copy. Their length must be a multiple of the element's. */
export function arrayOf<D extends DType>(dtype: D, bytes: Uint8Array): DTypes[D] {
  const width = BYTES[dtype];
  if (bytes.length <= SMALL && bytes.byteOffset % width !== 0 && LITTLE_ENDIAN) {
    SCRATCH_BYTES.set(bytes);
    return SCRATCH_ARRAYS[dtype].slice(0, bytes.length / width) as DTypes[D]; // the table's type forgets which
  }
  const little = LITTLE_ENDIAN ? bytes : swapped(bytes, width);
  // `new`, not `slice`: the slice of a Node Buffer is a view at the same offset.
  const { buffer, byteOffset, length } = little.byteOffset % width === 0 ? little : new Uint8Array(little);
  const make = ARRAYS[dtype] as unknown as new (b: ArrayBufferLike, at: number, n: number) => DTypes[D]; // the table's type forgets which
  return new make(buffer, byteOffset, length / width);
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += width) {
    for (let k = 0; k < width; k++) out[i + k] = bytes[i + width - 1 - k] as number;
  }
  return out;
}
