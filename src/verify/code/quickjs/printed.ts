/** Keeps what a box prints, up to a limit for each stream. */
import type { Output } from "../driver.ts";

export class Printed {
  readonly #maxBytes: number;
  readonly #texts = ["", ""];
  readonly #bytes = [0, 0];
  #truncated = false;
  #changed = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @param stream 1 for stdout, 2 for stderr */
  add(stream: number, text: string): void {
    const at = stream === 2 ? 1 : 0;
    const room = this.#maxBytes - this.#bytes[at]!;
    const bytes = Buffer.byteLength(text);
    if (bytes > room && !this.#truncated) this.#truncated = this.#changed = true;
    if (room <= 0) return;
    const kept = bytes <= room ? text : Buffer.from(text).subarray(0, room).toString("utf8");
    this.#texts[at] = `${this.#texts[at]!}${kept}`;
    this.#bytes[at] = this.#maxBytes - room + Math.min(bytes, room);
    this.#changed = true;
  }

  get truncated(): boolean {
    return this.#truncated;
  }

  /** What was printed, where that changed since the last call. */
  take(): Output | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return { stdout: this.#texts[0]!, stderr: this.#texts[1]!, truncated: this.#truncated };
  }
}
