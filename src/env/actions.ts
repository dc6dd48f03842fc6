/** Reading actions: is row i inside the action space, and legal where the rules enforce it? */
import { elementsOf, getAny } from "../../protocol/batch.ts";
import { boundAt } from "../../protocol/make-space.ts";
import { GymError } from "../../protocol/errors.ts";
import { explain } from "../../protocol/space-values.ts";
import type { NumericArray, Space } from "../../protocol/spaces.ts";
import { maskWidth } from "./built-env.ts";
import type { AnyRules } from "./rules.ts";

/** Smallest and largest element of an action, one of each for every element. */
interface Bounds {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Reads one row of actions: the value, or undefined with the reason in `why`. */
export class ActionReader {
  readonly #rules: AnyRules;
  readonly #space: Space;
  readonly #discrete: boolean;
  readonly #enforced: boolean;
  /** Of one array; undefined where a value is no single array. */
  readonly #bounds: Bounds | undefined;
  readonly #low: number;
  readonly #high: number;
  why = "";

  constructor(rules: AnyRules) {
    const space = rules.action;
    this.#rules = rules;
    this.#space = space;
    this.#discrete = space.kind === "discrete";
    this.#enforced = rules.enforceLegal === true && rules.legal !== undefined;
    this.#bounds = boundsOf(space);
    this.#low = space.kind === "discrete" ? space.start : 0;
    this.#high = space.kind === "discrete" ? space.start + space.n - 1 : 0;
  }

  /** Is legality enforced, so that `read` needs the state? */
  get looksAtState(): boolean {
    return this.#enforced;
  }

  /** Are all of the first `rows` actions inside the space, as far as that can be told without the states? */
  takesAll(actions: unknown, rows: number): boolean {
    if (this.#enforced) return false;
    if (this.#discrete) return areBetween(actions as Int32Array, rows, this.#low, this.#high);
    if (this.#bounds !== undefined) return areInside(actions as NumericArray, rows, this.#bounds);
    for (let place = 0; place < rows; place++) if (this.read(actions, place, undefined) === undefined) return false;
    return true;
  }

  /** The action in row `place`, or undefined when it lies outside the space or is illegal where legality is enforced. Arrays are views of the batch.
   *  @throws what `legal` throws, where legality is enforced */
  read(actions: unknown, place: number, state: unknown): unknown {
    if (!this.#discrete) return this.#readOther(actions, place, state);
    const action = (actions as Int32Array)[place] as number;
    if (action >= this.#low && action <= this.#high && !this.#enforced) return action;
    return this.#judge(action, explain(this.#space, action), state);
  }

  #readOther(actions: unknown, place: number, state: unknown): unknown {
    const action = getAny(this.#space, actions, place);
    const inside = this.#bounds !== undefined && isInside(action as NumericArray, this.#bounds);
    return this.#judge(action, inside ? undefined : explain(this.#space, action), state);
  }

  /** @param outside why the action lies outside the space, if it does */
  #judge(action: unknown, outside: string | undefined, state: unknown): unknown {
    const reason = outside ?? (this.#enforced ? this.#illegal(action, state) : undefined);
    if (reason === undefined) return action;
    this.why = reason;
    return undefined;
  }

  #illegal(action: unknown, state: unknown): string | undefined {
    const mask = this.#mask(state);
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

  #mask(state: unknown): ArrayLike<boolean | number> {
    const mask = this.#rules.legal?.(state);
    const width = maskWidth(this.#rules);
    if (mask?.length === width) return mask;
    throw new GymError("ENV_FAULT", "legal", { expected: `${width} flags`, received: mask });
  }
}

function boundsOf(space: Space): Bounds | undefined {
  switch (space.kind) {
    case "box": {
      const size = elementsOf(space);
      const spread = (bound: typeof space.low): Float64Array =>
        Float64Array.from({ length: size }, (_, i) => boundAt(bound, i));
      return { low: spread(space.low), high: spread(space.high) };
    }
    case "multiDiscrete":
      return { low: new Float64Array(space.nvec.length), high: Float64Array.from(space.nvec, (n) => n - 1) };
    case "multiBinary":
      return { low: new Float64Array(space.n), high: new Float64Array(space.n).fill(1) };
    default:
      return undefined;
  }
}

function isInside(action: NumericArray, { low, high }: Bounds): boolean {
  for (let i = 0; i < action.length; i++) {
    const element = action[i] as number;
    // Written so that NaN fails it.
    if (!(element >= (low[i] as number) && element <= (high[i] as number))) return false;
  }
  return true;
}

function areBetween(actions: Int32Array, rows: number, low: number, high: number): boolean {
  for (let place = 0; place < rows; place++) if (!(actions[place]! >= low && actions[place]! <= high)) return false;
  return true;
}

function areInside(actions: NumericArray, rows: number, { low, high }: Bounds): boolean {
  const size = low.length;
  for (let place = 0, at = 0; place < rows; place++)
    for (let i = 0; i < size; i++, at++) if (!(actions[at]! >= low[i]! && actions[at]! <= high[i]!)) return false;
  return true;
}
