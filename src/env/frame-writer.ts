/** The working buffers of one frame: rows are written in place, then read out as a `Frame` that aliases them until the next one begins. */
import { allocate, clearRow, outAt, setRow } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import { STATUS, type Frame, type RowError, type Timing } from "../../protocol/frames.ts";
import { explain } from "../../protocol/space-values.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import { maskWidth } from "./built-env.ts";
import { firstRows, zero } from "./rows.ts";
import type { AnyRules } from "./rules.ts";

/** Observations of up to `num` rows with their masks. */
class ObservationRows {
  readonly #rules: AnyRules;
  readonly #space: Space;
  readonly #width: number;
  readonly batch: unknown;
  readonly mask: Uint8Array;
  readonly #outs: unknown[];

  constructor(rules: AnyRules, num: number) {
    this.#rules = rules;
    this.#space = rules.observation;
    this.#width = maskWidth(rules);
    this.batch = allocate(this.#space, num);
    this.mask = new Uint8Array(num * this.#width);
    this.#outs = Array.from({ length: num }, (_, i): unknown => outAt(this.#space, this.batch as never, i));
  }

  zero(): void {
    zero(this.#space, this.batch);
    if (this.#width > 0) this.mask.fill(0);
  }

  /** Asks the rules what `state` looks like and writes it into row `place`. @throws what the plugin throws, or ENV_FAULT */
  write(place: number, state: unknown): void {
    const space = this.#space;
    const value = this.#rules.observe(state, this.#outs[place]);
    if (space.kind === "discrete") {
      const n = value as number;
      if (!Number.isInteger(n) || n < space.start || n >= space.start + space.n) throw badObservation(space, value);
      (this.batch as Int32Array)[place] = n;
    } else if (space.kind !== "box") this.#writeOther(place, value);
    if (this.#width > 0) this.#writeMask(place, state);
  }

  #writeOther(place: number, value: unknown): void {
    const space = this.#space;
    if (space.kind === "dict" || space.kind === "tuple") {
      setReturned(space, this.batch, place, value);
      return;
    }
    if (explain(space, value) !== undefined) throw badObservation(space, value);
    setRow(space, this.batch as never, place, value as never);
  }

  #writeMask(place: number, state: unknown): void {
    const legal = this.#rules.legal?.(state);
    if (legal?.length !== this.#width) {
      throw new GymError("ENV_FAULT", "legal", { expected: `${this.#width} flags`, received: legal });
    }
    for (let i = 0; i < this.#width; i++) this.mask[place * this.#width + i] = legal[i] ? 1 : 0;
  }

  clear(place: number): void {
    clearRow(this.#space, this.batch as never, place);
    if (this.#width > 0) this.mask.fill(0, place * this.#width, (place + 1) * this.#width);
  }

  /** The first `rows` rows, not copied. */
  read(rows: number): { observations: never; mask?: Uint8Array } {
    const observations = firstRows(this.#space, this.batch, rows) as never;
    return this.#width === 0 ? { observations } : { observations, mask: this.mask.subarray(0, rows * this.#width) };
  }
}

const ARRAY_KINDS: ReadonlySet<Space["kind"]> = new Set(["box", "multiDiscrete", "multiBinary"]);

/** Stores the leaves of a dict or tuple that `observe` returned; its array leaves were written in place. */
function setReturned(space: Space, batch: unknown, place: number, value: unknown): void {
  if (space.kind === "dict" || space.kind === "tuple") {
    const parts = space.kind === "dict" ? Object.entries(space.fields) : [...space.items.entries()];
    for (const [name, part] of parts) {
      setReturned(part, (batch as Record<string | number, unknown>)[name], place, (value as Record<string | number, unknown> | undefined)?.[name]); // prettier-ignore
    }
    return;
  }
  if (ARRAY_KINDS.has(space.kind) && value === undefined) return;
  if (explain(space, value) !== undefined) throw badObservation(space, value);
  setRow(space, batch as never, place, value as never);
}

const badObservation = (space: Space, value: unknown): GymError =>
  new GymError("ENV_FAULT", `observe: ${explain(space, value) ?? "outside the observation space"}`);

/** Where the rows of a frame are written. One writer serves one frame at a time. */
export class FrameWriter {
  readonly #num: number;
  readonly #infoSpace: Space | undefined;
  readonly status: Uint8Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly now: ObservationRows;
  readonly #last: ObservationRows;
  readonly #info: unknown;
  readonly #parts = new Map<string, Float64Array>();
  #partsUsed = new Set<string>();
  #finals: number[] = [];
  #ends: { place: number; return: number; length: number }[] = [];
  #starts: { place: number; episode: number; seed: number; options: JsonValue | undefined }[] = [];
  #errors: RowError[] = [];

  constructor(rules: AnyRules, num: number, sameStep: boolean) {
    this.#num = num;
    this.#infoSpace = rules.info ? rules.infoSpace : undefined;
    this.status = new Uint8Array(num);
    this.rewards = new Float64Array(num);
    this.terminated = new Uint8Array(num);
    this.truncated = new Uint8Array(num);
    this.now = new ObservationRows(rules, num);
    this.#last = new ObservationRows(rules, sameStep ? num : 0);
    this.#info = this.#infoSpace === undefined ? undefined : allocate(this.#infoSpace, num);
  }

  /** Empties the buffers for the next frame. */
  begin(): void {
    this.status.fill(0);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.now.zero();
    if (this.#finals.length > 0) this.#last.zero();
    if (this.#partsUsed.size > 0) this.#partsUsed = new Set();
    if (this.#finals.length > 0) this.#finals = [];
    if (this.#ends.length > 0) this.#ends = [];
    if (this.#starts.length > 0) this.#starts = [];
    if (this.#errors.length > 0) this.#errors = [];
  }

  part(place: number, name: string, value: number): void {
    let column = this.#parts.get(name);
    if (!column) this.#parts.set(name, (column = new Float64Array(this.#num).fill(NaN)));
    if (!this.#partsUsed.has(name)) {
      column.fill(NaN);
      this.#partsUsed.add(name);
    }
    column[place] = value;
  }

  info(place: number, value: unknown): void {
    if (this.#infoSpace === undefined) return;
    const reason = explain(this.#infoSpace, value);
    if (reason !== undefined) throw new GymError("ENV_FAULT", `info: ${reason}`);
    setRow(this.#infoSpace, this.#info as never, place, value as never);
  }

  /** Writes `state` as the last observation of the episode in row `place`, ahead of the reset of the same step. */
  final(place: number, state: unknown): void {
    this.#last.write(this.#finals.length, state);
    this.#finals.push(place);
  }

  start(place: number, episode: number, seed: number, options: JsonValue | undefined): void {
    this.#starts.push({ place, episode, seed, options });
  }

  end(place: number, episodeReturn: number, length: number): void {
    this.#ends.push({ place, return: episodeReturn, length });
  }

  /** Row `place` failed: no reward, no flags, no observation. */
  fail(error: RowError): void {
    const place = error.index;
    this.status[place] = error.retryable ? STATUS.retry : STATUS.fault;
    this.rewards[place] = NaN;
    this.terminated[place] = 0;
    this.truncated[place] = 0;
    this.now.clear(place);
    this.#errors.push(error);
  }

  /** The options of the episodes begun in this frame, parallel to `frame.seeds`. */
  startOptions(): (JsonValue | undefined)[] {
    return this.#starts.map((start) => start.options);
  }

  /** The frame of the first `rows` rows. Its arrays alias the buffers. */
  read(rows: number, seq: number, index: Uint32Array | undefined, timing: Timing): Frame {
    const all = rows === this.#num;
    const cut = <T extends Uint8Array | Float64Array>(array: T): T => (all ? array : (array.subarray(0, rows) as T));
    return {
      seq,
      ...(index && { index }),
      status: cut(this.status),
      ...this.now.read(rows),
      rewards: cut(this.rewards),
      ...(this.#partsUsed.size > 0 && { parts: this.#readParts(cut) }),
      terminated: cut(this.terminated),
      truncated: cut(this.truncated),
      ...(this.#finals.length > 0 && { final: { index: Uint32Array.from(this.#finals), ...this.#last.read(this.#finals.length) } }), // prettier-ignore
      ...(this.#ends.length > 0 && { episode: this.#readEnds() }),
      ...(this.#starts.length > 0 && { seeds: this.#readStarts() }),
      ...(this.#infoSpace && { info: firstRows(this.#infoSpace, this.#info, rows) as never }),
      ...(this.#errors.length > 0 && { errors: this.#errors }),
      timing,
    };
  }

  #readParts(cut: (column: Float64Array) => Float64Array): Record<string, Float64Array> {
    const names = [...this.#partsUsed].sort();
    return Object.fromEntries(names.map((name) => [name, cut(this.#parts.get(name) as Float64Array)]));
  }

  #readEnds(): NonNullable<Frame["episode"]> {
    const ends = this.#ends;
    return {
      index: Uint32Array.from(ends, (end) => end.place),
      return: Float64Array.from(ends, (end) => end.return),
      length: Int32Array.from(ends, (end) => end.length),
    };
  }

  #readStarts(): NonNullable<Frame["seeds"]> {
    const starts = this.#starts;
    return {
      index: Uint32Array.from(starts, (start) => start.place),
      episode: Float64Array.from(starts, (start) => start.episode),
      seed: Float64Array.from(starts, (start) => start.seed),
    };
  }
}
