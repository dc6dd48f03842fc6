/** A table of logged transitions: how often an action in a state led where, and what it paid on average. */
import { readFileSync } from "node:fs";
import { readCsv, readNumber, type CellError } from "../shared/csv.ts";

/** One row of the table. */
export interface LoggedOutcome {
  readonly state: number;
  readonly action: number;
  readonly next: number;
  /** How often it was seen, from 1 on. */
  readonly count: number;
  /** Mean of what it paid. */
  readonly reward: number;
  readonly terminated: boolean;
}

export interface LogTable {
  readonly outcomes: readonly LoggedOutcome[];
  /** How often episodes began in a state. */
  readonly starts: readonly { readonly state: number; readonly count: number }[];
}

const HEADER = ["state", "action", "next", "count", "reward", "terminated"];

/** States and actions are numbered from 0 and must stay below these; a table is kept for all pairs. */
export const LOG_LIMITS = { states: 100_000, actions: 1_000, pairs: 1_000_000, count: 1e12, reward: 1e9 } as const;

/** A made-up log of a machine that wears out, made by scripts/make-logged-data.ts. */
export const shippedLog = (): string => readFileSync(new URL("log.csv", import.meta.url), "utf8");

/**
 * @param text the header `state,action,next,count,reward,terminated`; a row for each outcome; and rows that begin with
 *   `start` and have only `next` and `count` besides: how many episodes began there
 * @throws {GymError} BAD_PARAM with row and column
 */
export function readLog(text: string, fail: CellError): LogTable {
  const { header, rows } = readCsv(text, fail);
  HEADER.forEach((name, i) => header[i] === name || fail(1, i + 1, `the name ${name}`, header[i] ?? ""));
  if (header.length > HEADER.length) fail(1, HEADER.length + 1, `no more than ${HEADER.length} columns`);
  const outcomes: LoggedOutcome[] = [];
  const starts: { state: number; count: number }[] = [];
  rows.forEach((row, i) => {
    const cells = new Cells(row, i + 2, fail);
    if (row[0] === "start") starts.push(readStart(cells));
    else outcomes.push(readOutcome(cells));
  });
  if (starts.length === 0)
    fail(rows.length + 2, 1, "a row that begins with start, for the states that episodes begin in");
  return { outcomes, starts };
}

function readStart(cells: Cells): { state: number; count: number } {
  for (const column of [1, 4, 5]) cells.empty(column);
  return { state: cells.integer(2, 0, LOG_LIMITS.states - 1), count: cells.integer(3, 1, LOG_LIMITS.count) };
}

const readOutcome = (cells: Cells): LoggedOutcome => ({
  state: cells.integer(0, 0, LOG_LIMITS.states - 1),
  action: cells.integer(1, 0, LOG_LIMITS.actions - 1),
  next: cells.integer(2, 0, LOG_LIMITS.states - 1),
  count: cells.integer(3, 1, LOG_LIMITS.count),
  reward: cells.real(4, LOG_LIMITS.reward),
  terminated: cells.integer(5, 0, 1) === 1,
});

/** The cells of one row. */
class Cells {
  readonly #cells: readonly string[];
  readonly #row: number;
  readonly #fail: CellError;

  constructor(cells: readonly string[], row: number, fail: CellError) {
    this.#cells = cells;
    this.#row = row;
    this.#fail = fail;
  }

  integer(column: number, min: number, max: number): number {
    const cell = this.#cells[column] ?? "";
    const value = /^[0-9]{1,16}$/.test(cell) ? Number(cell) : NaN;
    if (value >= min && value <= max) return value;
    return this.#fail(this.#row, column + 1, `an integer in ${min}..${max}`, cell);
  }

  real(column: number, most: number): number {
    const cell = this.#cells[column] ?? "";
    const value = readNumber(cell);
    if (value !== undefined && Math.abs(value) <= most) return value;
    return this.#fail(this.#row, column + 1, `a number in ${-most}..${most}`, cell);
  }

  empty(column: number): void {
    const cell = this.#cells[column] ?? "";
    if (cell !== "") this.#fail(this.#row, column + 1, "nothing in a row of starts", cell);
  }
}
