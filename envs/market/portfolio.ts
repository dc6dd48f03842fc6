/** What a day does to a portfolio: trading costs, then the change of prices. */

export interface PortfolioState {
  /** Index of the last row whose prices are known. */
  row: number;
  /** Value of the portfolio, 1 at the start. */
  wealth: number;
  /** Share of wealth in each asset after the last change of prices; the rest is cash. */
  weights: Float64Array;
}

export interface Day {
  /** Log of what trading left, at most 0. */
  readonly cost: number;
  /** Log of what the change of prices made of that. */
  readonly growth: number;
}

/** Shares from any numbers of 0 or more: scaled down where their sum exceeds 1, else the rest is cash. */
export function sharesOf(action: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(action);
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum > 1 ? shares.map((share) => share / sum) : shares;
}

/**
 * Trades to the wanted shares at the prices of the state's row, then moves to the next row. Changes the state in place.
 * @param prices prices[row * assets + asset]
 * @param fee share of the traded value that is lost
 */
export function tradeDay(state: PortfolioState, wanted: Float64Array, prices: Float64Array, fee: number): Day {
  const here = state.row * wanted.length;
  const ratios = wanted.map((_, i) => prices[here + wanted.length + i]! / prices[here + i]!);
  const traded = wanted.reduce((sum, share, i) => sum + Math.abs(share - state.weights[i]!), 0);
  const cash = Math.max(0, 1 - wanted.reduce((sum, share) => sum + share, 0));
  // A sum of what is held, never 1 plus returns: that could round to 0 or below.
  const growth = wanted.reduce((sum, share, i) => sum + share * ratios[i]!, cash);
  const kept = 1 - fee * traded;
  state.weights = wanted.map((share, i) => Math.min(1, (share * ratios[i]!) / growth));
  state.row++;
  state.wealth *= kept * growth;
  return { cost: Math.log(kept), growth: Math.log(growth) };
}
