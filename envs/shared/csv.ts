/** Reads tables of plain comma-separated values, and says in which row and column something is wrong. */
import { GymError } from "dojang/protocol";

/** Most rows and columns of a table. */
export const CSV_LIMITS = { rows: 1_000_000, columns: 200 } as const;

export interface Csv {
  /** Names of the columns. */
  readonly header: readonly string[];
  /** Cells without blanks around them; each row has as many as the header. */
  readonly rows: readonly (readonly string[])[];
}

/** Throws the error of one cell. Rows count from 1 for the header, as an editor shows them; columns from 1. */
export type CellError = (row: number, column: number, expected: string, received?: string) => never;

/** Errors name the place and what was expected; the file's name and what stood there go to the operator's log alone, as they may be private. */
export const cellErrors =
  (where: string, host: { log(message: string): void }, file = ""): CellError =>
  (row, column, expected, received) => {
    const place = `${where}: CSV row ${row}, column ${column}`;
    if (received !== undefined)
      host.log(
        `${place}${file === "" ? "" : ` of ${file}`}: expected ${expected}, got ${JSON.stringify(received.slice(0, 80))}`,
      );
    throw new GymError("BAD_PARAM", place, { expected, hint: "The operator's log shows what stands there." });
  };

/**
 * Cells are cut at commas: quotes are refused, empty lines at the end are skipped.
 * @throws {GymError} BAD_PARAM for no header, another number of cells, a quote, or too many rows or columns
 */
export function readCsv(text: string, fail: CellError): Csv {
  const lines = text
    .replace(/^\uFEFF/, "")
    .trimEnd()
    .split(/\r?\n/);
  if (lines.length > CSV_LIMITS.rows) return fail(CSV_LIMITS.rows + 1, 1, `at most ${CSV_LIMITS.rows} rows`);
  const [header = [], ...rows] = lines.map((line, i) => {
    const quote = line.indexOf('"');
    if (quote >= 0) return fail(i + 1, line.slice(0, quote).split(",").length, "a cell without quotes", line);
    return line.split(",").map((cell) => cell.trim());
  });
  if (header.length > CSV_LIMITS.columns)
    return fail(1, CSV_LIMITS.columns + 1, `at most ${CSV_LIMITS.columns} columns`);
  rows.forEach((row, i) => {
    const { length } = row;
    if (length === header.length) return;
    fail(i + 2, Math.min(length, header.length) + 1, `${header.length} cells as in the header`, `${length} cells`);
  });
  return { header, rows };
}

/** A decimal number, such as 12, -0.5 or 1e-3; undefined for all else. */
export function readNumber(cell: string): number | undefined {
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(cell)) return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}
