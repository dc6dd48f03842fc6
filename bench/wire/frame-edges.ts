/** Follows the bytes of one direction of a WebSocket connection: the HTTP head, then frames (RFC 6455, section 5.2). */

export class FrameEdges {
  /** The last bytes of the HTTP head, until it has ended. */
  #head: string | undefined = "";
  /** Bytes of the frame header that have come, at most 14. */
  #header: number[] = [];
  /** Bytes of the payload that have not. */
  #left = 0;

  /** True when the bytes so far end within a frame. */
  get inside(): boolean {
    return this.#header.length > 0;
  }

  pass(bytes: Uint8Array): void {
    let at = this.#head === undefined ? 0 : this.#passHead(bytes);
    while (at < bytes.length) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, bytes.length - at);
        this.#left -= passed;
        at += passed;
      } else {
        this.#header.push(bytes[at++] as number);
        if (this.#header.length < this.#headerLength()) continue;
        this.#left = this.#payloadLength();
      }
      if (this.#left === 0) this.#header = [];
    }
  }

  /** Where the frames begin in `bytes`. */
  #passHead(bytes: Uint8Array): number {
    const END = "\r\n\r\n";
    for (let at = 0; at < bytes.length; at++) {
      this.#head = (this.#head ?? "").slice(-3) + String.fromCharCode(bytes[at] as number);
      if (this.#head !== END) continue;
      this.#head = undefined;
      return at + 1;
    }
    return bytes.length;
  }

  #headerLength(): number {
    const [, second = 0] = this.#header;
    const size = second & 0x7f;
    return 2 + (size === 126 ? 2 : size === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
  }

  #payloadLength(): number {
    const size = (this.#header[1] as number) & 0x7f;
    if (size < 126) return size;
    const width = size === 126 ? 2 : 8;
    return this.#header.slice(2, 2 + width).reduce((value, byte) => value * 256 + byte, 0);
  }
}
