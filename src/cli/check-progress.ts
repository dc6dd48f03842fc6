/** How far a check is, in memory that two threads share: what a thread that loops without end began with last can still be read. */

/** Bytes of the name of what is being played. */
const NAME_BYTES = 256;

const encoder = new TextEncoder();

export class Progress {
  readonly memory: SharedArrayBuffer;
  /** [changes, bytes of the name] */
  readonly #counts: Int32Array;
  readonly #name: Uint8Array;

  /** @param memory of the one that was made first; absent: a new one */
  constructor(memory = new SharedArrayBuffer(8 + NAME_BYTES)) {
    this.memory = memory;
    this.#counts = new Int32Array(memory, 0, 2);
    this.#name = new Uint8Array(memory, 8);
  }

  begins(what: string): void {
    Atomics.store(this.#counts, 1, encoder.encodeInto(what, this.#name).written);
    this.beat();
  }

  beat(): void {
    Atomics.add(this.#counts, 0, 1);
  }

  get changes(): number {
    return Atomics.load(this.#counts, 0);
  }

  /** Empty before anything began. */
  get playing(): string {
    return new TextDecoder().decode(this.#name.slice(0, Atomics.load(this.#counts, 1)));
  }
}
