/** Finds the first stop text in a text that comes in pieces, and holds back what may still become one. */

export class StopTexts {
  readonly #stops: readonly string[];
  readonly #keep: boolean;
  #held = "";

  /** @param keep whether the stop text that was found belongs to what is released */
  constructor(stops: readonly string[], keep: boolean) {
    this.#stops = stops;
    this.#keep = keep;
  }

  /** What may be shown now, and whether a stop text was found: then nothing follows. */
  push(piece: string): { readonly text: string; readonly found: boolean } {
    const all = this.#held + piece;
    const hits = this.#stops.map((stop) => ({ at: all.indexOf(stop), stop })).filter(({ at }) => at >= 0);
    if (hits.length > 0) {
      const first = hits.reduce((a, b) => (b.at < a.at ? b : a));
      this.#held = "";
      return { text: all.slice(0, first.at + (this.#keep ? first.stop.length : 0)), found: true };
    }
    const kept = this.#beginning(all);
    this.#held = all.slice(all.length - kept);
    return { text: all.slice(0, all.length - kept), found: false };
  }

  /** What was held back, when no more comes. */
  rest(): string {
    return this.#held;
  }

  /** Length of the longest end of `text` that a stop text begins with. */
  #beginning(text: string): number {
    const longest = Math.max(0, ...this.#stops.map(({ length }) => length - 1));
    for (let length = Math.min(longest, text.length); length > 0; length--)
      if (this.#stops.some((stop) => stop.length > length && stop.startsWith(text.slice(-length)))) return length;
    return 0;
  }
}
