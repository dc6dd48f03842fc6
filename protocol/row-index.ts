/** Row numbers and extra columns as bytes. */
import { ARRAYS } from "./batch.ts";
import { arrayOf, BYTES, bytesOf } from "./bytes.ts";
import { GymError, type ErrorCode } from "./errors.ts";
import type { ExtraColumn } from "./messages.ts";
import type { DType, NumericArray } from "./spaces.ts";

/** Row numbers as little-endian u32. */
export const encodeIndex = (index: ArrayLike<number>): Uint8Array =>
  bytesOf(index instanceof Uint32Array ? index : Uint32Array.from(index));

/** Reads row numbers and checks that they ascend and lie below `rows`. @throws {GymError} `code` */
export function decodeIndex(
  bytes: Uint8Array,
  rows: number,
  where: string,
  code: ErrorCode = "BAD_MESSAGE",
): Uint32Array {
  if (bytes.length % 4 !== 0)
    throw new GymError(code, where, { expected: "a multiple of 4 bytes", received: bytes.length });
  const index = arrayOf("uint32", bytes);
  for (let i = 0; i < index.length; i++) {
    const row = index[i] as number;
    if (row < rows && (i === 0 || row > (index[i - 1] as number))) continue;
    throw new GymError(code, where, { expected: `ascending row numbers below ${rows}`, received: row });
  }
  return index;
}

/** Columns that an agent sends along, each with its element type. */
export const encodeExtras = (extras: Readonly<Record<string, NumericArray>>): Record<string, ExtraColumn> =>
  Object.fromEntries(
    Object.entries(extras).map(([name, array]) => [name, { dtype: dtypeOfArray(array, name), data: bytesOf(array) }]),
  );

/** Reads them back; each must hold a whole number of elements for each of `rows` rows. @throws {GymError} `code` */
export function decodeExtras(
  extras: Readonly<Record<string, ExtraColumn>>,
  rows: number,
  where: string,
  code: ErrorCode = "BAD_MESSAGE",
): Record<string, NumericArray> {
  const read = ([name, { dtype, data }]: [string, ExtraColumn]): [string, NumericArray] => {
    const each = rows * BYTES[dtype];
    if (data.length === 0 || data.length % each !== 0) {
      const expected = `a positive multiple of ${each} bytes`;
      throw new GymError(code, `${where}.${name}`, { expected, received: data.length });
    }
    return [name, arrayOf(dtype, data)];
  };
  return Object.fromEntries(Object.entries(extras).map(read));
}

function dtypeOfArray(array: NumericArray, name: string): DType {
  const found = (Object.keys(ARRAYS) as DType[]).find((dtype) => array instanceof ARRAYS[dtype]);
  if (found === undefined) throw new TypeError(`extras.${name}: expected an array of an element type of boxes`);
  return found;
}
