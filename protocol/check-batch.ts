/** Is a batch of actions of the right shape? Checked where it enters: by the client before it is sent, by the runner in process. */
import { ARRAYS, dtypeOf, elementsOf } from "./batch.ts";
import { GymError } from "./errors.ts";
import type { Space } from "./spaces.ts";

/** @throws {GymError} BAD_ACTION unless `batch` is a struct of arrays of `space` with `rows` rows. Values are not looked at. */
export function checkBatch(space: Space, batch: unknown, rows: number, where: string): void {
  switch (space.kind) {
    case "dict":
    case "tuple":
      checkParts(space.kind === "dict" ? space.fields : space.items, batch, rows, where);
      return;
    case "text":
    case "oneOf":
    case "sequence":
      if (!Array.isArray(batch) || batch.length !== rows) throw bad(where, `an array of length ${rows}`, batch);
      return;
    default: {
      const array = ARRAYS[dtypeOf(space)];
      const length = rows * elementsOf(space);
      if (!(batch instanceof array) || batch.length !== length)
        throw bad(where, `${array.name} of length ${length}`, batch);
    }
  }
}

function checkParts(
  parts: Readonly<Record<string, Space>> | readonly Space[],
  batch: unknown,
  rows: number,
  where: string,
): void {
  const entries = Object.entries<Space>(parts);
  if (typeof batch !== "object" || batch === null) {
    throw bad(where, `columns ${entries.map(([name]) => name).join(", ")}`, batch);
  }
  const columns = batch as Readonly<Record<string, unknown>>;
  for (const [name, part] of entries) checkBatch(part, columns[name], rows, `${where}.${name}`);
}

const bad = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_ACTION", where, { expected, received });
