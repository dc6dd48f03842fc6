/** Frames out of a shared block: what `BlockWriter` wrote, as views of the block. */
import { ARRAYS } from "../../protocol/batch.ts";
import { BYTES } from "../../protocol/bytes.ts";
import type { DType, DTypes, NumericArray, Space } from "../../protocol/spaces.ts";
import type { EncoderSpec } from "./chunk-encoder.ts";
import { ABSENT, aligned, COLUMN_HEAD, WITHOUT_ACTIONS, type FrameNote } from "./frame-block.ts";
import { batchFrom, leavesOf, type ArrayLeaf } from "./leaves.ts";
import type { Taken, TakenFrame } from "./taken.ts";

type Seen = Pick<TakenFrame, "observations" | "mask">;
type OnShared = new (buffer: SharedArrayBuffer, at: number, length: number) => NumericArray;

/** The views are valid until the block is given back. */
export class BlockReader {
  readonly #spec: EncoderSpec;
  readonly #buffer: SharedArrayBuffer;
  readonly #heads: Int32Array;
  #at = 0;

  constructor(spec: EncoderSpec, buffer: SharedArrayBuffer) {
    this.#spec = spec;
    this.#buffer = buffer;
    this.#heads = new Int32Array(buffer);
  }

  *frames(count: number, notes: readonly FrameNote[]): Generator<Taken> {
    let next = 0;
    this.#at = 0;
    for (let number = 0; number < count; number++) {
      const note = notes[next]?.frame === number ? notes[next++] : undefined;
      yield this.#frame(note);
    }
  }

  #frame({ errors, options, restored, parts = [], extras = [] }: Partial<FrameNote> = {}): Taken {
    const stepped = this.#heads[this.#at >> 2] !== WITHOUT_ACTIONS;
    this.#at += COLUMN_HEAD;
    const status = this.#column("uint8");
    const index = this.#take("uint32");
    const [rewards, terminated, truncated] = [this.#column("float64"), this.#column("uint8"), this.#column("uint8")];
    const seen = this.#seen();
    const finalIndex = this.#take("uint32");
    const final = finalIndex && { index: finalIndex, ...this.#seen() };
    const seeds = this.#seeds();
    const actions = stepped ? this.#batch(this.#spec.action) : undefined;
    const named = parts.map((name) => [name, this.#column("float64")] as const);
    const sent = extras.map(([name, dtype]) => [name, this.#column(dtype)] as const);
    return {
      frame: {
        status,
        ...(index && { index }),
        ...seen,
        rewards,
        terminated,
        truncated,
        ...(final && { final }),
        ...(seeds && { seeds }),
        ...(named.length > 0 && { parts: Object.fromEntries(named) }),
        ...(errors && { errors }),
      },
      ...(actions !== undefined && { actions }),
      ...(sent.length > 0 && { extras: Object.fromEntries(sent) }),
      ...(options && { options }),
      ...(restored && { restored }),
    };
  }

  #seeds(): TakenFrame["seeds"] {
    const [index, episode, seed] = [this.#take("uint32"), this.#take("float64"), this.#take("float64")];
    return index && episode && seed && { index, episode, seed };
  }

  #seen(): Seen {
    const { observation, observations: full, maskWidth } = this.#spec;
    const observations = this.#batch(observation) as Seen["observations"]; // the space's own, as it was written
    const mask = full && maskWidth > 0 ? this.#take("uint8") : undefined;
    return { observations, ...(mask && { mask }) };
  }

  #batch(space: Space): unknown {
    const columns = leavesOf(space).map(({ array }) => this.#column((array as ArrayLeaf).dtype)); // blocks hold no other leaves
    return batchFrom(space, columns);
  }

  #column<D extends DType>(dtype: D): DTypes[D] {
    return this.#take(dtype) as DTypes[D]; // the frame has it
  }

  #take<D extends DType>(dtype: D): DTypes[D] | undefined {
    const length = this.#heads[this.#at >> 2] as number;
    const from = this.#at + COLUMN_HEAD;
    this.#at = from + (length === ABSENT ? 0 : aligned(length * BYTES[dtype]));
    if (length === ABSENT) return undefined;
    return new (ARRAYS[dtype] as unknown as OnShared)(this.#buffer, from, length) as DTypes[D]; // the table's type forgets which
  }
}
