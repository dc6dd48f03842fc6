/** Maps of GridWorld: the known one, and the check of one's own. */
import { GymError } from "dojang/protocol";

/** The 4 x 3 world of Russell & Norvig: S start, G goal, P pit, # wall, . free. */
export const DEFAULT_MAP: readonly string[] = ["...G", ".#.P", "S..."];

/** @throws {GymError} BAD_PARAM unless the rows are of one length, of known letters, with a start */
export function checkMap(rows: readonly string[]): readonly string[] {
  const width = rows[0]?.length ?? 0;
  const bad = rows.findIndex((row) => row.length !== width || !/^[SGP#.]+$/.test(row));
  if (bad >= 0)
    throw new GymError("BAD_PARAM", `GridWorld-v0: param map[${bad}]`, {
      expected: `${width === 0 ? "one or more" : width} of the characters S, G, P, #, .`,
      received: rows[bad],
    });
  if (!rows.some((row) => row.includes("S")))
    throw new GymError("BAD_PARAM", "GridWorld-v0: param map", {
      expected: "a start cell S in some row",
      received: rows,
    });
  return rows;
}
