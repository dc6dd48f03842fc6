/** The named parts of rewards as columns: NaN where a row has no such part, and no column that no row of the frame has. */
import { GymError } from "../../protocol/errors.ts";

/** Most names over the life of a batch: parts are columns on the wire and in recordings, not free-form notes. */
export const MAX_PARTS = 64;

interface Part {
  readonly column: Float64Array;
  used: boolean;
}

export class PartColumns {
  readonly #num: number;
  readonly #parts = new Map<string, Part>();
  #used: string[] = [];

  constructor(num: number) {
    this.#num = num;
  }

  begin(): void {
    if (this.#used.length === 0) return;
    for (const name of this.#used) (this.#parts.get(name) as Part).used = false;
    this.#used = [];
  }

  /** @throws {GymError} ENV_FAULT beyond MAX_PARTS names */
  write(place: number, parts: Readonly<Record<string, number>>): void {
    for (const name of Object.keys(parts)) this.#column(name)[place] = parts[name] as number;
  }

  #column(name: string): Float64Array {
    let part = this.#parts.get(name);
    if (part === undefined) {
      if (this.#parts.size === MAX_PARTS)
        throw new GymError("ENV_FAULT", "step: rewards", { expected: `at most ${MAX_PARTS} names`, received: name });
      this.#parts.set(name, (part = { column: new Float64Array(this.#num), used: false }));
    }
    if (!part.used) {
      part.used = true;
      part.column.fill(NaN);
      this.#used.push(name);
    }
    return part.column;
  }

  /** Row `place` has no parts. */
  clear(place: number): void {
    for (const name of this.#used) (this.#parts.get(name) as Part).column[place] = NaN;
  }

  /** The columns in use, by name in alphabetical order; undefined when there are none. They alias the buffers. */
  read(rows: number): Record<string, Float64Array> | undefined {
    if (this.#used.length === 0) return undefined;
    const columns: Record<string, Float64Array> = {};
    for (const name of this.#used.sort()) columns[name] = (this.#parts.get(name) as Part).column.subarray(0, rows);
    return columns;
  }
}
