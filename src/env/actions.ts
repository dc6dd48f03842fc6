/** Reading actions: is row i inside the action space, and legal where the rules enforce it? */
import { getRow } from "../../protocol/batch.ts";
import { explain } from "../../protocol/space-values.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { AnyRules } from "./rules.ts";

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
