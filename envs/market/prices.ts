/** A table of prices: one row a day, one column an asset. */
import { readFileSync } from "node:fs";
import { readCsv, readNumber, type CellError } from "../shared/csv.ts";

export interface Prices {
  /** Names of the assets. */
  readonly assets: readonly string[];
  /** The first cell of each row. */
  readonly dates: readonly string[];
  /** prices[row * assets + asset], positive */
  readonly prices: Float64Array;
}

/** Synthetic prices of four assets, made by scripts/make-market-data.ts. */
export const shippedPrices = (): string => readFileSync(new URL("prices.csv", import.meta.url), "utf8");

/** Prices beyond these would make returns that a float32 cannot hold. */
const RANGE = { min: 1e-9, max: 1e12 };

/**
 * @param text a header of `date` and the names of the assets, then a row a day, oldest first
 * @throws {GymError} BAD_PARAM, with row and column, for no asset, no two rows, or a cell that is no price
 */
export function readPrices(text: string, fail: CellError): Prices {
  const { header, rows } = readCsv(text, fail);
  const assets = header.slice(1);
  if (assets.length === 0) return fail(1, 2, "the name of an asset after the column of dates");
  const nameless = assets.findIndex((name, i) => name === "" || assets.indexOf(name) !== i);
  if (nameless >= 0) return fail(1, nameless + 2, "a name that no other asset has", assets[nameless]);
  if (rows.length < 2) return fail(rows.length + 2, 1, "at least two rows of prices");
  const prices = rows.flatMap((row, y) => row.slice(1).map((cell, x) => readPrice(cell, y + 2, x + 2, fail)));
  return { assets, dates: rows.map(([date = ""]) => date), prices: Float64Array.from(prices) };
}

function readPrice(cell: string, row: number, column: number, fail: CellError): number {
  const price = readNumber(cell);
  if (price !== undefined && price >= RANGE.min && price <= RANGE.max) return price;
  return fail(row, column, `a price in ${RANGE.min}..${RANGE.max}`, cell);
}
