/** Numbers with mean 0 and deviation 1: advantages of a minibatch, where games differ each game by itself. */

/** @param group which group a value belongs to, 0 .. groups - 1; each group is normalised by itself */
export function normalized(values: Float64Array, groups: number, group: (i: number) => number): Float64Array {
  const [count, mean, squares] = [0, 0, 0].map(() => new Float64Array(groups)) as [Float64Array, Float64Array, Float64Array]; // prettier-ignore
  values.forEach((x, i) => {
    const g = group(i);
    count[g]!++;
    mean[g]! += x;
  });
  for (let g = 0; g < groups; g++) mean[g]! /= Math.max(1, count[g]!);
  values.forEach((x, i) => (squares[group(i)]! += (x - mean[group(i)]!) ** 2));
  const deviation = squares.map((sum, g) => Math.sqrt(sum / Math.max(1, count[g]! - 1)));
  return values.map((x, i) => (x - mean[group(i)]!) / (deviation[group(i)]! + 1e-8));
}
