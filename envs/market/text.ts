/** Draws a portfolio: the date, its value, and a bar for each asset and for cash. */
import type { PortfolioState } from "./portfolio.ts";

/** Characters of a bar that stands for all wealth. */
const BAR = 40;

export function marketText(
  { row, wealth, weights }: PortfolioState,
  assets: readonly string[],
  dates: readonly string[],
): string {
  const names = [...assets, "cash"];
  const width = Math.max(...names.map((name) => name.length));
  const shares = [...weights, 1 - weights.reduce((sum, share) => sum + share, 0)];
  const bars = shares.map((share, i) => {
    const bar = "#".repeat(Math.max(0, Math.round(share * BAR)));
    return `${names[i]!.padEnd(width)} ${(100 * Math.max(0, share)).toFixed(1).padStart(5)} % ${bar}`.trimEnd();
  });
  return [`${dates[row] ?? ""}: wealth ${wealth.toFixed(4)}`, ...bars].join("\n");
}
