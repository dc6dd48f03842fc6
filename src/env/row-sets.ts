/** Which instances a request is about: reading and checking masks and indices. */
import { GymError } from "../../protocol/errors.ts";

/** Rows whose mask byte is not 0. @throws {GymError} BAD_OPTIONS when the mask has another length */
export function rowsOfMask(env: string, mask: Uint8Array, num: number): number[] {
  if (!(mask instanceof Uint8Array) || mask.length !== num) {
    throw new GymError("BAD_OPTIONS", `${env}: mask`, { expected: `a Uint8Array of length ${num}`, received: mask });
  }
  const rows: number[] = [];
  for (let row = 0; row < num; row++) if (mask[row] !== 0) rows.push(row);
  return rows;
}

/** @throws {GymError} BAD_OPTIONS unless the rows are instances of the batch in ascending order, each once. */
export function checkRows<T extends ArrayLike<number>>(env: string, rows: T, num: number, where = "index"): T {
  let last = -1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (!(Number.isInteger(row) && row > last && row < num)) {
      throw new GymError("BAD_OPTIONS", `${env}: ${where}[${i}]`, {
        expected: `an instance in ${last + 1}..${num - 1}, ascending`,
        received: row,
      });
    }
    last = row;
  }
  return rows;
}
