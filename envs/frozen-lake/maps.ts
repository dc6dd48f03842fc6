/** The maps of FrozenLake: the two known ones, one's own, and random ones with a path from start to goal. */
import { Rng } from "dojang/env";
import { GymError } from "dojang/protocol";

/** S start, F frozen, H hole, G goal. */
export const MAPS = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
} as const;

/** Maps drawn before giving up: at the default of 0.8 frozen cells nearly every second map has a path. */
const MAX_ATTEMPTS = 1_000;

export interface RandomMapOptions {
  /** Rows and columns. */
  readonly size: number;
  /** Probability that a cell is frozen rather than a hole. */
  readonly frozenProbability: number;
  /** The same seed gives the same map. */
  readonly mapSeed: number;
}

/**
 * A random square map: one uniform draw for each cell in row order, start and goal put in the corners, drawn again until a path exists.
 * @throws {GymError} BAD_PARAM when 1,000 maps had no path.
 */
export function randomMap({ size, frozenProbability, mapSeed }: RandomMapOptions): string[] {
  const rng = new Rng(mapSeed);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const cells: string[] = Array.from({ length: size * size }, () => (rng.uniform() < frozenProbability ? "F" : "H"));
    cells[0] = "S";
    cells[cells.length - 1] = "G";
    const rows = Array.from({ length: size }, (_, y) => cells.slice(y * size, (y + 1) * size).join(""));
    if (hasPath(rows)) return rows;
  }
  throw new GymError("BAD_PARAM", "FrozenLake: random map", {
    expected: "a map with a path from S to G",
    received: { size, frozenProbability },
    hint: "Raise frozenProbability or lower size.",
  });
}

/** Can the goal be reached from a start over neighbouring cells that are no holes? */
export function hasPath(rows: readonly string[]): boolean {
  const seen = new Set<string>();
  const open = rows.flatMap((row, y) => Array.from(row).flatMap((kind, x) => (kind === "S" ? [[y, x] as const] : [])));
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [y, x] = place;
    const kind = rows[y]?.[x];
    if (kind === "G") return true;
    if (kind === undefined || kind === "H" || seen.has(`${y},${x}`)) continue;
    seen.add(`${y},${x}`);
    open.push([y + 1, x], [y - 1, x], [y, x + 1], [y, x - 1]);
  }
  return false;
}

/** @throws {GymError} BAD_PARAM unless the rows are of one length, of known letters, with a start. */
export function checkMap(rows: readonly string[]): readonly string[] {
  const width = rows[0]?.length ?? 0;
  const bad = rows.find((row) => row.length !== width || !/^[SFHG]+$/.test(row));
  if (bad !== undefined)
    throw new GymError("BAD_PARAM", "FrozenLake: param desc", {
      expected: `rows of ${width} letters S, F, H, G`,
      received: bad,
    });
  if (!rows.some((row) => row.includes("S")))
    throw new GymError("BAD_PARAM", "FrozenLake: param desc", {
      expected: "a start cell S in some row",
      received: rows,
    });
  return rows;
}
