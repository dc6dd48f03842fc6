/** Measures one cell in a process of its own: loading and compiling are part of what a user waits for. */
import { answerParent } from "../wire/processes.ts";
import type { Cell } from "./cells.ts";
import { rateCell } from "./rate-cell.ts";
import { trainCell } from "./train-cell.ts";

const answers = {
  measure: ({ cell, folder }: { readonly cell: Cell; readonly folder: string }) =>
    cell.rate === true ? rateCell(cell) : trainCell(cell, folder),
};

export type CellAnswers = typeof answers;

answerParent(answers);
