/** Draws grids of characters. */

/** A map with the agent's cell in brackets, under a line that names the last action. @param names the name of each action; no line is written while `lastAction` is -1 */
export function gridText(rows: readonly string[], at: number, lastAction: number, names: readonly string[]): string {
  const columns = rows[0]?.length ?? 0;
  const lines = rows.map((row, y) =>
    Array.from(row, (cell, x) => (y * columns + x === at ? `[${cell}]` : ` ${cell} `)).join(""),
  );
  const name = names[lastAction];
  return [...(name === undefined ? [] : [`(${name})`]), ...lines].join("\n");
}

/** Lines of signs, one for each cell. */
export const signs = (rows: number, columns: number, signAt: (row: number, column: number) => string): string =>
  Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (__, x) => signAt(y, x)).join("")).join("\n");
