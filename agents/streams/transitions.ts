/** The unit of every stream: transitions of N envs as a struct of arrays, and the helpers that take rows out of one. */
import type { EnvSpaces } from "dojang/client";
import { takeRows, type BatchOf, type NumericArray, type RowError, type Space } from "dojang/protocol";

/** Columns by name, `length * k` elements each. */
export type Columns<T extends NumericArray = NumericArray> = Readonly<Record<string, T>>;

/**
 * `length` transitions (s, a, r, s'). Live, one batch is one time step of all instances; operators such as `nStep` and `minibatches`
 * give other groupings. Arrays may be shared between batches: read them, keep them, never write to them.
 */
export interface Transitions<O extends Space = Space, A extends Space = Space> {
  readonly spaces: EnvSpaces<O, A>;
  readonly source: "live" | "recording";
  readonly length: number;
  /** instance the row belongs to */
  readonly env: Uint32Array;
  /** number of the episode within its instance, from 0 */
  readonly episode: Float64Array;
  /** step within the episode, from 0 */
  readonly t: Int32Array;
  readonly obs: BatchOf<O>;
  readonly action: BatchOf<A>;
  readonly reward: Float64Array;
  /** named parts of the reward; NaN where a row has no such part */
  readonly parts?: Columns<Float64Array>;
  /** 1 = the rules ended the episode: no future, do not bootstrap */
  readonly terminated: Uint8Array;
  /** 1 = a limit ended it: the future is V(next) */
  readonly truncated: Uint8Array;
  /** the true successor, also where an autoreset has already begun the next episode */
  readonly next: BatchOf<O>;
  /** legal actions in `obs` and in `next`, [length * width], 1 = legal */
  readonly mask?: Uint8Array;
  readonly nextMask?: Uint8Array;
  /** 1 = nothing before this row belongs to it: hidden states and traces start afresh */
  readonly first: Uint8Array;
  /** the columns `act` returned beside the action */
  readonly extras: Columns;
  /** batches the learner had not settled when this one was taken; 0 unless `maxLag` allows more */
  readonly lag: number;
  /** rows that failed in this step and are left out: a failure is no reward */
  readonly faults: readonly RowError[];
  /** Tells the source that this batch is in use until `work` is done; the source takes no further step before (see `maxLag`). */
  settle(work: Promise<unknown>): void;
}

/** Rows of one column with `rows` rows of equal size. */
export function takeColumn<T extends NumericArray>(column: T, rows: number, index: ArrayLike<number>): T {
  const size = rows === 0 ? 0 : column.length / rows;
  // Array constructors lose their element type through `constructor`; the copy has the column's own.
  const taken = new (column.constructor as new (length: number) => T)(index.length * size);
  for (let j = 0; j < index.length; j++) {
    const from = (index[j] as number) * size;
    for (let k = 0; k < size; k++) taken[j * size + k] = column[from + k] as number;
  }
  return taken;
}

export const mapColumns = <T extends NumericArray>(columns: Columns<T>, change: (column: T) => T): Columns<T> =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, change(column)]));

/** The given rows of a batch, in the order of `index`; `index` may repeat rows. */
export function takeTransitions(batch: Transitions, index: ArrayLike<number>): Transitions {
  const { length, spaces, parts, mask, nextMask } = batch;
  const take = <T extends NumericArray>(column: T): T => takeColumn(column, length, index);
  return {
    ...batch,
    length: index.length,
    env: take(batch.env),
    episode: take(batch.episode),
    t: take(batch.t),
    obs: takeRows(spaces.observation, batch.obs, index),
    action: takeRows(spaces.action, batch.action, index),
    reward: take(batch.reward),
    ...(parts && { parts: mapColumns(parts, take) }),
    terminated: take(batch.terminated),
    truncated: take(batch.truncated),
    next: takeRows(spaces.observation, batch.next, index),
    ...(mask && { mask: take(mask) }),
    ...(nextMask && { nextMask: take(nextMask) }),
    first: take(batch.first),
    extras: mapColumns(batch.extras, take),
  };
}

/** 1 where the episode goes on after row i. */
export const goesOn = (batch: Pick<Transitions, "terminated" | "truncated">, i: number): boolean =>
  batch.terminated[i] === 0 && batch.truncated[i] === 0;
