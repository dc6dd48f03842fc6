/** What may be recorded of columns that come with a name: how many, and how large. Checked before a frame is taken, so that a frame is recorded whole or refused. */
import { GymError } from "../../protocol/errors.ts";
import { MAX_NAMES, type Named } from "./named-columns.ts";
import type { Taken } from "./taken.ts";

export class NamedLimits {
  readonly #maxRowBytes: number;
  readonly #parts = new Set<string>();

  /** @param maxRowBytes most bytes of extra columns a row */
  constructor(maxRowBytes: number) {
    this.#maxRowBytes = maxRowBytes;
  }

  /** @throws {GymError} LIMIT, or BAD_ACTION for an extra column that does not fit the rows */
  check({ frame, actions, extras }: Taken): void {
    const rows = frame.status.length;
    if (actions === undefined || rows === 0) return;
    if (frame.parts !== undefined) this.#checkParts(frame.parts);
    if (extras !== undefined) this.#checkExtras(extras, rows);
  }

  #checkParts(parts: Named): void {
    for (const name in parts) {
      if (this.#parts.has(name)) continue;
      if (this.#parts.size === MAX_NAMES) throw new GymError("LIMIT", "recording: reward parts", { expected: `at most ${MAX_NAMES} names`, received: name }); // prettier-ignore
      this.#parts.add(name);
    }
  }

  #checkExtras(extras: Named, rows: number): void {
    let [count, bytes] = [0, 0];
    for (const [name, array] of Object.entries(extras)) {
      const fits = Number.isInteger(array.length / rows);
      if (!fits) throw new GymError("BAD_ACTION", `recording: extras.${name}`, { expected: `an array of ${rows} * k elements`, received: array }); // prettier-ignore
      count++;
      bytes += array.byteLength / rows;
    }
    if (count > MAX_NAMES) throw new GymError("LIMIT", "recording: columns sent along", { expected: `at most ${MAX_NAMES}`, received: count }); // prettier-ignore
    if (bytes > this.#maxRowBytes) throw new GymError("LIMIT", "recording: columns sent along", { expected: `at most ${this.#maxRowBytes} bytes a row`, received: bytes }); // prettier-ignore
  }
}
