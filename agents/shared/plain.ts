/** What checkpoints are made of: JSON values and typed arrays. */
import type { NumericArray } from "dojang/protocol";

export type Plain =
  null | boolean | number | string | NumericArray | readonly Plain[] | { readonly [name: string]: Plain };

/** Something whose whole state can be put away and taken back. */
export interface Saveable {
  save(): Plain;
  /** Takes back what `save` gave; what follows is then the same, bit by bit. */
  load(state: Plain): void;
}

/** The saved state of several parts, by name. */
export const saveAll = (parts: Readonly<Record<string, Saveable>>): Plain =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.save()]));

/** @throws {TypeError} when a part has no saved state */
export function loadAll(parts: Readonly<Record<string, Saveable>>, state: Plain): void {
  for (const [name, part] of Object.entries(parts)) {
    const saved = fieldsOf(state)[name];
    if (saved === undefined) throw new TypeError(`checkpoint: no state for "${name}"`);
    part.load(saved);
  }
}

/** A saved record. The shape of a checkpoint is what `save` of the same version wrote; the version is checked where it is read. */
export const fieldsOf = (state: Plain): Readonly<Record<string, Plain>> => state as Readonly<Record<string, Plain>>;
