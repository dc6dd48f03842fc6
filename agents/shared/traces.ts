/** Eligibility traces e(s, a) of one instance, kept as a short list: entries below the floor are forgotten. */
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

/** accumulating: e += 1 at a visit. replacing: e = 1, and 0 for the state's other actions (Singh & Sutton, 1996). */
export type TraceKind = "accumulating" | "replacing";

/** Traces smaller than this change nothing worth the time. */
export const TRACE_FLOOR = 1e-4;

export class Traces {
  #entries: { s: number; a: number; e: number }[] = [];

  clear(): void {
    this.#entries.length = 0;
  }

  visit(s: number, a: number, kind: TraceKind): void {
    if (kind === "replacing") this.#entries = this.#entries.filter((entry) => entry.s !== s);
    const entry = this.#entries.find((one) => one.s === s && one.a === a);
    if (entry) entry.e += 1;
    else this.#entries.push({ s, a, e: 1 });
  }

  forEach(use: (s: number, a: number, e: number) => void): void {
    for (const { s, a, e } of this.#entries) use(s, a, e);
  }

  /** e *= by */
  fade(by: number): void {
    for (const entry of this.#entries) entry.e *= by;
    this.#entries = this.#entries.filter((entry) => entry.e >= TRACE_FLOOR);
  }

  save(): Plain {
    return {
      s: Float64Array.from(this.#entries, (entry) => entry.s),
      a: Float64Array.from(this.#entries, (entry) => entry.a),
      e: Float64Array.from(this.#entries, (entry) => entry.e),
    };
  }

  static load(state: Plain): Traces {
    const { s, a, e } = fieldsOf(state) as Record<"s" | "a" | "e", Float64Array>;
    const traces = new Traces();
    traces.#entries = Array.from(s, (state, i) => ({ s: state, a: a[i] as number, e: e[i] as number }));
    return traces;
  }
}

/** The traces of all instances. */
export class TraceBook implements Saveable {
  readonly #traces = new Map<number, Traces>();

  of(env: number): Traces {
    const traces = this.#traces.get(env) ?? new Traces();
    this.#traces.set(env, traces);
    return traces;
  }

  save(): Plain {
    return Object.fromEntries([...this.#traces].map(([env, traces]) => [env, traces.save()]));
  }

  load(state: Plain): void {
    this.#traces.clear();
    for (const [env, saved] of Object.entries(fieldsOf(state))) this.#traces.set(Number(env), Traces.load(saved));
  }
}
