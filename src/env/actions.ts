/** Reading actions: is the batch of the right shape, and is row i inside the action space? */
import { getRow } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import { explain } from "../../protocol/space-values.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { AnyRules } from "./rules.ts";

/** Elements of one value of an array-valued space. */
function elements(space: Space): number {
  if (space.kind === "box") return space.shape.reduce((product, side) => product * side, 1);
  if (space.kind === "multiDiscrete") return space.nvec.length;
  if (space.kind === "multiBinary") return space.n;
  return 1;
}

const ARRAY_NAMES = { float32: "Float32Array", float64: "Float64Array", int8: "Int8Array", uint8: "Uint8Array", int16: "Int16Array", uint16: "Uint16Array", int32: "Int32Array", uint32: "Uint32Array" } as const; // prettier-ignore

/** The typed array that holds a batch of an array-valued or discrete space; undefined for spaces held as JS arrays. */
function arrayName(space: Space): string | undefined {
  if (space.kind === "discrete" || space.kind === "multiDiscrete") return "Int32Array";
  if (space.kind === "multiBinary") return "Uint8Array";
  return space.kind === "box" ? ARRAY_NAMES[space.dtype] : undefined;
}

/** @throws {GymError} BAD_ACTION unless `batch` is a struct of arrays of `space` with `rows` rows. */
export function checkBatch(space: Space, batch: unknown, rows: number, where: string): void {
  if (space.kind === "dict" || space.kind === "tuple") {
    const parts: [string, Space][] =
      space.kind === "dict" ? Object.entries(space.fields) : space.items.map((item, i) => [String(i), item]);
    if (typeof batch !== "object" || batch === null) {
      throw new GymError("BAD_ACTION", where, {
        expected: `a ${space.kind} of ${parts.length} columns`,
        received: batch,
      });
    }
    for (const [name, part] of parts) {
      checkBatch(part, (batch as Readonly<Record<string, unknown>>)[name], rows, `${where}.${name}`);
    }
    return;
  }
  const name = arrayName(space);
  const length = rows * elements(space);
  const fits =
    name === undefined
      ? Array.isArray(batch) && batch.length === length
      : Object.prototype.toString.call(batch) === `[object ${name}]` && (batch as Int32Array).length === length;
  if (!fits)
    throw new GymError("BAD_ACTION", where, { expected: `${name ?? "an array"} of length ${length}`, received: batch });
}

/** Makes the reader of one row of actions: the value, or undefined with the reason in `why()`. */
export class ActionReader {
  readonly #rules: AnyRules;
  readonly #space: Space;
  readonly #low: number;
  readonly #high: number;
  why = "";

  constructor(rules: AnyRules) {
    this.#rules = rules;
    this.#space = rules.action;
    this.#low = this.#space.kind === "discrete" ? this.#space.start : 0;
    this.#high = this.#space.kind === "discrete" ? this.#space.start + this.#space.n : 0;
  }

  /** The action in row `place`, or undefined when it lies outside the space or is illegal where legality is enforced. */
  read(actions: unknown, place: number, state: unknown): unknown {
    if (this.#space.kind === "discrete") return this.#readDiscrete((actions as Int32Array)[place] as number, state);
    const action: unknown = getRow(this.#space, actions as never, place);
    const reason = explain(this.#space, action) ?? this.#illegal(action, state);
    if (reason === undefined) return action;
    this.why = reason;
    return undefined;
  }

  #readDiscrete(action: number, state: unknown): number | undefined {
    if (action < this.#low || action >= this.#high) {
      this.why = `expected an integer in ${this.#low}..${this.#high - 1}, got ${action}`;
      return undefined;
    }
    const reason = this.#rules.enforceLegal ? this.#illegal(action, state) : undefined;
    if (reason === undefined) return action;
    this.why = reason;
    return undefined;
  }

  #illegal(action: unknown, state: unknown): string | undefined {
    if (!this.#rules.enforceLegal || !this.#rules.legal) return undefined;
    const mask = this.#rules.legal(state);
    if (this.#space.kind === "discrete") {
      const choice = (action as number) - this.#low;
      return mask[choice] ? undefined : `action ${action as number} is not legal in this state; see the mask`;
    }
    if (this.#space.kind !== "multiDiscrete") return undefined;
    let offset = 0;
    for (const [i, n] of this.#space.nvec.entries()) {
      const choice = (action as Int32Array)[i] as number;
      if (!mask[offset + choice]) return `choice ${choice} of component ${i} is not legal in this state; see the mask`;
      offset += n;
    }
    return undefined;
  }
}
