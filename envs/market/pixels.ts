/** Draws a portfolio: how the prices came to where they are, and a bar for each asset and for cash. Nothing of the days to come. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour, type Point } from "../shared/painter.ts";
import type { PortfolioState } from "./portfolio.ts";
import type { Prices } from "./prices.ts";

const WIDTH = 480;
const HEIGHT = 320;
const MARGIN = 16;
/** Pixels from above: the chart's middle, its half height, and the foot of the bars. */
const CHART = { middle: 100, half: 60 };
const BARS = { foot: 296, height: 96 };

const PAPER: Colour = [250, 250, 250];
const INK: Colour = [50, 54, 62];
const CASH: Colour = [170, 175, 180];
const COLOURS: readonly Colour[] = [[60, 120, 220], [225, 150, 40], [70, 160, 90], [190, 70, 80], [140, 90, 190], [60, 165, 175]]; // prettier-ignore
const colourOf = (asset: number): Colour => COLOURS[asset % COLOURS.length] ?? INK;

/** @param window days before today that the chart shows */
export function marketPixels(table: Prices, window: number, state: PortfolioState): RgbFrame {
  const painter = new Painter(WIDTH, HEIGHT, PAPER);
  const { row, wealth, weights } = state;
  painter.text(MARGIN, 12, `${table.dates[row] ?? ""}: wealth ${wealth.toFixed(4)}`, INK);
  drawPrices(painter, table, Math.max(0, row - window), row);
  const shares = [...weights, 1 - weights.reduce((sum, share) => sum + share, 0)];
  drawBars(painter, shares, [...table.assets, "cash"]);
  return painter.frame();
}

/** A line for each asset: the log of its price over today's, up to the largest change of all. */
function drawPrices(painter: Painter, { assets, prices }: Prices, first: number, last: number): void {
  const change = (row: number, i: number): number =>
    Math.log(prices[row * assets.length + i]! / prices[last * assets.length + i]!);
  const rows = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const most = rows.reduce((high, row) => assets.reduce((top, _, i) => Math.max(top, Math.abs(change(row, i))), high), 1e-9); // prettier-ignore
  const place = (row: number, i: number): Point => [
    MARGIN + ((WIDTH - 2 * MARGIN) * (row - first)) / Math.max(1, last - first),
    CHART.middle - (CHART.half * change(row, i)) / most,
  ];
  assets.forEach((_, i) => {
    for (const row of rows.slice(1)) painter.line(place(row - 1, i), place(row, i), 2, colourOf(i));
  });
}

function drawBars(painter: Painter, shares: readonly number[], names: readonly string[]): void {
  const step = (WIDTH - 2 * MARGIN) / shares.length;
  shares.forEach((share, i) => {
    const left = MARGIN + i * step;
    const height = BARS.height * Math.max(0, share);
    painter.rect(left, BARS.foot - height, Math.max(1, 0.8 * step), height, i < names.length - 1 ? colourOf(i) : CASH);
    const letters = Math.floor(step / 6);
    if (letters >= 2) painter.text(left, BARS.foot + 6, names[i]!.slice(0, letters), INK, 1);
  });
  painter.rect(MARGIN, BARS.foot, WIDTH - 2 * MARGIN, 1, INK);
}
