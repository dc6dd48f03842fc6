/** Builds a batch from rows that lie in several batches. */
import { allocate, copyRow, type BatchOf, type NumericArray, type Space } from "dojang/protocol";
import type { Columns, Transitions } from "./transitions.ts";

/** One row of a batch. */
export interface Place {
  readonly batch: Transitions;
  readonly row: number;
}

/** Rows of one batch column, chosen from several batches. */
export function gatherRows(
  space: Space,
  places: readonly Place[],
  column: (batch: Transitions) => BatchOf<Space>,
): BatchOf<Space> {
  const rows = allocate(space, places.length);
  for (const [j, { batch, row }] of places.entries()) copyRow(space, column(batch), row, rows, j);
  return rows;
}

/** The same for a column of numbers, `size` elements a row as in its own batch. */
export function gatherColumn<T extends NumericArray>(places: readonly Place[], column: (batch: Transitions) => T): T {
  const head = places[0];
  if (head === undefined) throw new RangeError("gatherColumn: expected at least one row, got none");
  const model = column(head.batch);
  const size = model.length / head.batch.length;
  // Array constructors lose their element type through `constructor`; the copy has the column's own.
  const taken = new (model.constructor as new (length: number) => T)(places.length * size);
  for (const [j, { batch, row }] of places.entries()) {
    const from = column(batch);
    for (let k = 0; k < size; k++) taken[j * size + k] = from[row * size + k] as number;
  }
  return taken;
}

/** A batch of the given rows. Named parts of the reward are kept where all batches have them. */
export function gather(places: readonly Place[]): Transitions {
  const { batch: head } = places[0] as Place;
  const { observation, action } = head.spaces;
  const column = <T extends NumericArray>(of: (batch: Transitions) => T): T => gatherColumn(places, of);
  return {
    ...head,
    length: places.length,
    env: column((batch) => batch.env),
    episode: column((batch) => batch.episode),
    t: column((batch) => batch.t),
    obs: gatherRows(observation, places, (batch) => batch.obs),
    action: gatherRows(action, places, (batch) => batch.action),
    reward: column((batch) => batch.reward),
    ...(head.parts && { parts: gatherColumns(places, (batch) => batch.parts ?? {}) }),
    terminated: column((batch) => batch.terminated),
    truncated: column((batch) => batch.truncated),
    next: gatherRows(observation, places, (batch) => batch.next),
    ...(head.mask && { mask: column((batch) => batch.mask as Uint8Array) }),
    ...(head.nextMask && { nextMask: column((batch) => batch.nextMask as Uint8Array) }),
    first: column((batch) => batch.first),
    extras: gatherColumns(places, (batch) => batch.extras),
  };
}

function gatherColumns<T extends NumericArray>(
  places: readonly Place[],
  columns: (batch: Transitions) => Columns<T>,
): Columns<T> {
  const batches = new Set(places.map((place) => place.batch));
  const [head, ...rest] = [...batches];
  const names = Object.keys(head ? columns(head) : {}).filter((name) =>
    rest.every((batch) => Object.hasOwn(columns(batch), name)),
  );
  return Object.fromEntries(names.map((name) => [name, gatherColumn(places, (batch) => columns(batch)[name] as T)]));
}
