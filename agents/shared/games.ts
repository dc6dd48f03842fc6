/** Several games in one env: its observations are records with a discrete field `game`. */
import type { BatchOf, Space } from "dojang/protocol";

/** How many games there are; 1 where observations name none. */
export function gamesIn(space: Space): number {
  return fieldOf(space)?.n ?? 1;
}

/** The game of each row of a batch, from 0. Called once a batch. */
export function gameOfRow(space: Space, obs: BatchOf<Space>): (row: number) => number {
  const field = fieldOf(space);
  if (field === undefined) return () => 0;
  // A batch of a dict has a column for each field; that of a discrete one is a typed array.
  const column = (obs as Readonly<Record<string, Int32Array>>)["game"] as Int32Array;
  return (row) => (column[row] as number) - field.start;
}

function fieldOf(space: Space): Extract<Space, { kind: "discrete" }> | undefined {
  const field = space.kind === "dict" ? space.fields["game"] : undefined;
  return field?.kind === "discrete" ? field : undefined;
}
