/** Portfolio: share out wealth over assets day by day, at a cost for trading. Source: Jiang, Xu & Liang, A Deep Reinforcement Learning Framework for the Financial Portfolio Management Problem (2017). */
import { box, defineEnv, dict, discrete, int, real, rules } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { cellErrors } from "../shared/csv.ts";
import { dataFileParams, readDataFile } from "../shared/data-file.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { marketPixels } from "./pixels.ts";
import { sharesOf, tradeDay, type PortfolioState } from "./portfolio.ts";
import { readPrices, shippedPrices } from "./prices.ts";
import { marketText } from "./text.ts";

export { sharesOf, tradeDay, type PortfolioState } from "./portfolio.ts";
export { readPrices, shippedPrices, type Prices } from "./prices.ts";

const ID = "Portfolio-v0";

export default defineEnv({
  id: ID,
  version: "1",
  description: "Share out wealth over assets day by day, at a cost for trading.",
  params: {
    window: int(10, { min: 1, max: 250, doc: "Past returns of each asset that are observed." }),
    steps: int(60, { min: 1, max: 100_000, doc: "Days in an episode." }),
    fee: real(0.001, { min: 0, max: 0.1, doc: "Share of the traded value that is lost." }),
    from: real(0, { min: 0, max: 1, doc: "Where the played part of the table begins, as a share of its rows." }),
    to: real(1, { min: 0, max: 1, doc: "Where it ends; keep a part that training does not see." }),
    renderMode,
    ...dataFileParams,
  },
  build({ window, steps, fee, from, to, renderMode, file, folder }, host) {
    const text = file === "" ? shippedPrices() : readDataFile({ file, folder }, ID, host);
    const table = readPrices(text, cellErrors(ID, host, file));
    const { assets, dates, prices } = table;
    const n = assets.length;
    const returns = logReturns(prices, n);
    const { first, last } = startRows(Math.floor(from * dates.length), Math.floor(to * dates.length), window, steps);
    const size = (window + 1) * n;
    return rules({
      action: box([n], 0, 1),
      // Rows of log returns, the oldest first, then the current shares.
      observation: box(
        [window + 1, n],
        Array.from({ length: size }, (_, i) => (i < window * n ? -Infinity : 0)),
        Array.from({ length: size }, (_, i) => (i < window * n ? Infinity : 1)),
      ),
      maxSteps: steps,
      infoSpace: dict({ wealth: box([], 0, Infinity, "float64"), row: discrete(dates.length) }),
      reset: (rng, options): PortfolioState => ({
        row: readStart(options, first, last) ?? first + rng.int(last - first + 1),
        wealth: 1,
        weights: new Float64Array(n),
      }),
      step(state, action) {
        const rewards = tradeDay(state, sharesOf(action), prices, fee);
        return { state, reward: rewards.growth + rewards.cost, terminated: false, rewards: { ...rewards } };
      },
      observe({ row, weights }, out) {
        out.set(returns.subarray((row - window + 1) * n, (row + 1) * n));
        out.set(weights, window * n);
      },
      info: ({ wealth, row }) => ({ wealth: Float64Array.of(wealth), row }),
      render: renderIn(renderMode, {
        text: (state) => marketText(state, assets, dates),
        rgb: (state) => marketPixels(table, window, state),
      }),
    });
  },
});

/** returns[row * assets + asset]: log of a row's price over that of the row before it; 0 in the first row. */
const logReturns = (prices: Float64Array, assets: number): Float64Array =>
  prices.map((price, i) => (i < assets ? 0 : Math.log(price / prices[i - assets]!)));

/** The rows that an episode may start in: `window` returns are known there, and `steps` days follow within the part. */
function startRows(begin: number, end: number, window: number, steps: number): { first: number; last: number } {
  const first = begin + window;
  const last = end - 1 - steps;
  if (first <= last) return { first, last };
  throw new GymError("BAD_PARAM", `${ID}: params window, steps, from, to`, {
    expected: `at least ${window + steps + 1} rows between from and to`,
    received: Math.max(0, end - begin),
    hint: "Shorten window or steps, or widen the part.",
  });
}

/** @throws {GymError} BAD_OPTIONS for options other than `{start: row}` with a row that an episode may start in */
function readStart(options: JsonValue | undefined, first: number, last: number): number | undefined {
  if (options === undefined || options === null) return undefined;
  const { start, ...others } = options as Readonly<Record<string, JsonValue>>;
  if (Object.keys(others).length === 0 && Number.isInteger(start) && Number(start) >= first && Number(start) <= last)
    return Number(start);
  throw new GymError("BAD_OPTIONS", `${ID}: reset options`, {
    expected: `{"start": row} with a row in ${first}..${last}`,
    received: options,
  });
}
