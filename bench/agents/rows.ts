/** Results of cells, one JSON line each: a cell that has a row is done. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { JsonValue } from "dojang/protocol";

/** What came of one cell: its figures, the most important first, then what they were measured with. */
export interface Row extends Readonly<Record<string, JsonValue>> {
  readonly cell: string;
}

/** The last row of each cell, in the order of the file. A line that is cut off, by a kill in mid write, is left out: its cell is not done. */
export function readRows(file: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  if (!existsSync(file)) return rows;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const row = parsed(line);
    if (row === undefined) continue;
    rows.delete(row.cell);
    rows.set(row.cell, row);
  }
  return rows;
}

function parsed(line: string): Row | undefined {
  try {
    return line === "" ? undefined : (JSON.parse(line) as Row);
  } catch {
    return undefined;
  }
}

/** Begins on a line of its own, also after one that was cut off. */
export function appendRow(file: string, row: Row): void {
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const newline = before === "" || before.endsWith("\n") ? "" : "\n";
  appendFileSync(file, `${newline}${JSON.stringify(row)}\n`);
}
