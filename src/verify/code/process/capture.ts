/** What a box prints: kept up to a cap, read and dropped beyond it, so that printing much blocks nobody. */
import type { Readable } from "node:stream";

export class Capture {
  readonly #cap: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  /** Something did not fit. */
  truncated = false;

  /** @param cap bytes kept @param full called at each chunk beyond them */
  constructor(stream: Readable, cap: number, full: () => void) {
    this.#cap = cap;
    stream.on("data", (bytes: Buffer) => {
      this.#keep(bytes);
      if (this.truncated) full();
    });
  }

  #keep(bytes: Buffer): void {
    const room = this.#cap - this.#kept;
    if (bytes.length > room) this.truncated = true;
    if (room <= 0) return;
    this.#chunks.push(bytes.subarray(0, room));
    this.#kept += Math.min(bytes.length, room);
  }

  text(): string {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]?.toString() ?? "";
  }
}
