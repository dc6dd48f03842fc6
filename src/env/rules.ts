/** The rules of one environment: functions of an explicit, plain-data state. Types only; see define.ts for `rules` itself. */
import type { JsonValue } from "../../protocol/frames.ts";
import type { Box, Dict, MultiBinary, MultiDiscrete, Space, Tuple, ValueOf } from "../../protocol/spaces.ts";
import type { AnyBatchRules, BatchRules } from "./batch-rules.ts";
import type { Rng } from "./rng.ts";

/** What one step gives. `state` may be the same object, changed in place, unless the rules are async. */
export interface Transition<S> {
  readonly state: S;
  /** finite */
  readonly reward: number;
  /** The rules end the episode. Time limits are `maxSteps`, never this. */
  readonly terminated: boolean;
  /** Named parts of the reward, logged apart (accuracy, format, ...). */
  readonly rewards?: Readonly<Record<string, number>>;
}

/** What an async step may watch. */
export interface StepContext {
  /** Aborts when the step is cancelled or its deadline has passed. */
  readonly signal: AbortSignal;
}

/** Pixels, row-major RGB, 8 bits each: width * height * 3 bytes. */
export interface RgbFrame {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Slices of the batch buffer for the array leaves of a space; other leaves are returned by `observe`. */
export type OutOf<S> = S extends Box | MultiDiscrete | MultiBinary
  ? ValueOf<S>
  : S extends Dict<infer F>
    ? { [K in keyof F as OutOf<F[K]> extends never ? never : K]: OutOf<F[K]> }
    : S extends Tuple<infer T>
      ? number extends T["length"] // of unknown length: nothing to walk
        ? unknown[]
        : { [I in keyof T]: OutOf<T[I]> }
      : never;

/** What `observe` returns for the leaves that are not arrays. */
export type ReturnOf<S> = S extends Box | MultiDiscrete | MultiBinary
  ? never
  : S extends Dict<infer F>
    ? { [K in keyof F as ReturnOf<F[K]> extends never ? never : K]: ReturnOf<F[K]> }
    : S extends Tuple<infer T>
      ? number extends T["length"]
        ? unknown[]
        : { [I in keyof T]: ReturnOf<T[I]> | undefined }
      : ValueOf<S>;

/** Arrays are written into `out` (a zeroed slice of the batch buffer, not to be kept); other values are returned. */
export type Observe<S, O> =
  O extends Box<infer D>
    ? (state: S, out: { [K in D]: import("../../protocol/spaces.ts").DTypes[K] }[D]) => void
    : O extends Dict | Tuple
      ? (state: S, out: OutOf<O>) => keyof ReturnOf<O> extends never ? void : ReturnOf<O>
      : (state: S) => ValueOf<O>;

export interface Rules<
  S,
  A extends Space = Space,
  O extends Space = Space,
  I extends Space = Space,
  // What nobody names is whatever the plugin made it: its columns reach the outside through its own functions alone.
  C = unknown,
> {
  readonly action: A;
  readonly observation: O;
  /** Steps after which the runner truncates an episode. Absent: never. */
  readonly maxSteps?: number;
  /** `reset` or `step` may return promises; then `step` must not change `state`. */
  readonly async?: boolean;
  /**
   * Steps and resets of a batch under way at once, at most, where the rules are async. For rules that wait for something scarce, such as a
   * sandbox for each core: rows beyond it wait before their deadline begins to run. Absent, or above the server's own limit: that limit.
   */
  readonly maxConcurrent?: number;
  /** An action that `legal` forbids is an error (BAD_ACTION) instead of whatever `step` makes of it. */
  readonly enforceLegal?: boolean;
  /** The space of `info`'s values. */
  readonly infoSpace?: I;
  reset(rng: Rng, options?: JsonValue): S | Promise<S>;
  /** `action` is a view into the batch for array spaces: not to be kept or changed. */
  step(state: S, action: ValueOf<A>, rng: Rng, ctx: StepContext): Transition<S> | Promise<Transition<S>>;
  observe: Observe<S, O>;
  /** Which actions are legal: one flag for each action (discrete), or for each choice of each component in turn (multiDiscrete). */
  legal?(state: S): ArrayLike<boolean | number>;
  render?(state: S): string | RgbFrame;
  info?(state: S): ValueOf<I>;
  /** The same rules for many states at once: faster, and optional. */
  readonly batch?: BatchRules<S, A, O, I, C>;
  /** Frees what `build` opened. Called once, when no instance is left. */
  close?(): void | Promise<void>;
}

/** Rules whose types are not known: what the registry and the runner hold. */
export interface AnyRules {
  readonly action: Space;
  readonly observation: Space;
  readonly maxSteps?: number;
  readonly async?: boolean;
  readonly maxConcurrent?: number;
  readonly enforceLegal?: boolean;
  readonly infoSpace?: Space;
  reset(rng: Rng, options?: JsonValue): unknown;
  step(state: unknown, action: unknown, rng: Rng, ctx: StepContext): Transition<unknown> | Promise<Transition<unknown>>;
  observe(state: unknown, out?: unknown): unknown;
  legal?(state: unknown): ArrayLike<boolean | number>;
  render?(state: unknown): string | RgbFrame;
  info?(state: unknown): unknown;
  readonly batch?: AnyBatchRules;
  close?(): void | Promise<void>;
}
