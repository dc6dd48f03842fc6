/** Batch rules: the same environment once more, over columns of N states, for speed. Types only. `checkEnv` proves them equal to the scalar rules. */
import type { BatchOf, Space } from "../../protocol/spaces.ts";
import type { Rng } from "./rng.ts";

/** One step of several instances. Element k of each column is about instance `rows[k]`; the arrays are not to be kept. */
export interface BatchStep<A extends Space = Space> {
  /** Instances, ascending, each once. */
  readonly rows: Uint32Array;
  /** [rows] inside the action space, and legal where the rules enforce that */
  readonly actions: BatchOf<A>;
  /** By instance: draw from rngs[rows[k]] what `step` draws, in the same order. */
  readonly rngs: readonly Rng[];
  /** [rows] to be filled, finite; 0 before */
  readonly rewards: Float64Array;
  /** [rows] 1 where the rules end the episode; 0 before */
  readonly terminated: Uint8Array;
}

/**
 * What a plugin may add to its rules as `batch`. `C` holds the states of N instances, most often one typed array for each field.
 * Each function does for rows what its namesake of the rules does for one state, draw for draw and bit for bit. What a function
 * throws is looked for with the scalar rules, which then decide. Rules that are async, that give named parts of rewards, or whose
 * observation or info has leaves of no fixed size (text, sequence, oneOf) have no batch rules.
 */
export interface BatchRules<S, A extends Space = Space, O extends Space = Space, I extends Space = Space, C = unknown> {
  /** Room for `num` states, before any of them is reset. */
  columns(num: number): C;
  /** columns[row] := state */
  load(columns: C, row: number, state: S): void;
  /** A copy of columns[row], of the very form that the scalar rules use. */
  save(columns: C, row: number): S;
  /** columns[row] := the first state of an episode without options; what it throws it throws before it writes. Absent: the scalar `reset`, loaded. */
  reset?(columns: C, row: number, rng: Rng): void;
  /** Steps the rows. */
  step(columns: C, batch: BatchStep<A>): void;
  /** Element k of `out` := what instance rows[k] shows. Arrays are zeroed before. */
  observe(columns: C, rows: Uint32Array, out: BatchOf<O>): void;
  /** [rows * flags] 1 where an action is legal, else 0. Absent: the scalar `legal`. */
  legal?(columns: C, rows: Uint32Array, out: Uint8Array): void;
  /** Absent: the scalar `info`. */
  info?(columns: C, rows: Uint32Array, out: BatchOf<I>): void;
}

/** Batch rules whose types are not known: what the runner holds. */
export interface AnyBatchRules {
  columns(num: number): unknown;
  load(columns: unknown, row: number, state: unknown): void;
  save(columns: unknown, row: number): unknown;
  reset?(columns: unknown, row: number, rng: Rng): void;
  step(
    columns: unknown,
    batch: { readonly [K in keyof BatchStep]: K extends "actions" ? unknown : BatchStep[K] },
  ): void;
  observe(columns: unknown, rows: Uint32Array, out: unknown): void;
  legal?(columns: unknown, rows: Uint32Array, out: Uint8Array): void;
  info?(columns: unknown, rows: Uint32Array, out: unknown): void;
}
