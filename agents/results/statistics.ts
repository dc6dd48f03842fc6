/** Mean of a few numbers (seeds) and how sure it is: Student's t interval. */

/** Share of such intervals that hold the true mean. */
export const CONFIDENCE = 0.95;

export interface Estimate {
  readonly n: number;
  readonly mean: number;
  /** Half the width of the t interval, with CONFIDENCE; absent for a single number. */
  readonly margin?: number;
}

/** @param values at least one; taken for independent and nearly normal */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  const mean = values.reduce((sum, one) => sum + one, 0) / n;
  if (n < 2) return { n, mean };
  const variance = values.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / (n - 1);
  return { n, mean, margin: tQuantile(CONFIDENCE, n - 1) * Math.sqrt(variance / n) };
}

/** The t for which |T| <= t with probability `share`. @param df degrees of freedom, integer >= 1 */
export function tQuantile(share: number, df: number): number {
  let [low, high] = [0, 1];
  while (withinT(high, df) < share) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (withinT(middle, df) < share) low = middle;
    else high = middle;
  }
  return high;
}

/** P(|T| <= t), the finite sums of Abramowitz & Stegun (1964), 26.7.3 and 26.7.4. */
function withinT(t: number, df: number): number {
  const angle = Math.atan(t / Math.sqrt(df));
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const odd = df % 2 === 1;
  let term = odd ? cos : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= (cos * cos * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum;
}
