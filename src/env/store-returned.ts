/** Puts what `observe` (or `info`) returned into a row of a batch, after asking whether it lies in the space. */
import { setAny } from "../../protocol/batch.ts";
import { GymError } from "../../protocol/errors.ts";
import { explain } from "../../protocol/space-values.ts";
import type { Discrete, Space } from "../../protocol/spaces.ts";
import { copyValue } from "./copy-value.ts";
import { isArraySpace } from "./rows.ts";

/** Stores `value` as row `place`. @throws {GymError} ENV_FAULT when it lies outside the space */
export type Store = (place: number, value: unknown) => void;

type Parts = Readonly<Record<string | number, unknown>>;

/** A store for `batch`, made once so that no space is walked for each row. Arrays of boxes and the like may have been written in place, into
 *  the batch itself: then there is nothing to store. */
export function makeStore(space: Space, batch: unknown, where = "observe"): Store {
  switch (space.kind) {
    case "discrete":
      return storeDiscrete(space, batch as Int32Array, where);
    case "dict":
      return storeParts(Object.entries(space.fields), batch as Parts, where);
    case "tuple":
      return storeParts([...space.items.entries()], batch as Parts, where);
    default: {
      const mayBeWritten = isArraySpace(space);
      return (place, value) => {
        if (mayBeWritten && (typeof value !== "object" || value === null)) return;
        if (explain(space, value) !== undefined) throw outside(space, value, where);
        // A list that belongs to the state changes with it; the frame's must not.
        setAny(space, batch, place, mayBeWritten ? value : copyValue(space, value));
      };
    }
  }
}

function storeDiscrete(space: Discrete, column: Int32Array, where: string): Store {
  const low = space.start;
  const high = space.start + space.n - 1;
  return (place, value) => {
    const n = value as number;
    // Number.isInteger is false for all that is no number.
    if (!(Number.isInteger(n) && n >= low && n <= high)) throw outside(space, value, where);
    column[place] = n;
  };
}

function storeParts(
  parts: readonly (readonly [name: string | number, part: Space])[],
  columns: Parts,
  where: string,
): Store {
  const stores = parts.map(([name, part]) => ({ name, store: makeStore(part, columns[name], `${where}.${name}`) }));
  return (place, value) => {
    const given = value as Parts | null | undefined;
    for (const { name, store } of stores) store(place, given?.[name]);
  };
}

const outside = (space: Space, value: unknown, where: string): GymError =>
  new GymError("ENV_FAULT", `${where}: ${explain(space, value) ?? "outside the space"}`);
