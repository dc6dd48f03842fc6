/** Running mean and variance of rows of numbers, a batch at a time (Chan, Golub & LeVeque, 1979). */
import { fieldsOf, type Plain, type Saveable } from "./plain.ts";

/** Mean 0 and variance 1 count as so many rows seen before: a few rows that are all alike say little about the variance. */
const PRIOR = 1;

export class RunningMoments implements Saveable {
  #count = 0;
  #mean: Float64Array;
  #variance: Float64Array;

  /** @param size numbers a row */
  constructor(size: number) {
    this.#mean = new Float64Array(size);
    this.#variance = new Float64Array(size).fill(1);
  }

  /** Rows seen. */
  get count(): number {
    return this.#count;
  }
  /** [size] */
  get mean(): Readonly<Float64Array> {
    return this.#mean;
  }
  /** [size] of the population */
  get variance(): Readonly<Float64Array> {
    return this.#variance;
  }

  /** Takes in `rows` rows, row-major. */
  see(data: ArrayLike<number>, rows: number): void {
    if (rows === 0) return;
    const size = this.#mean.length;
    const before = PRIOR + this.#count;
    const total = before + rows;
    for (let k = 0; k < size; k++) {
      const [mean, variance] = momentsOf(data, rows, size, k);
      const gap = mean - (this.#mean[k] as number);
      const squares = (this.#variance[k] as number) * before + variance * rows;
      this.#variance[k] = (squares + (gap * gap * before * rows) / total) / total;
      (this.#mean[k] as number) += (gap * rows) / total;
    }
    this.#count += rows;
  }

  save(): Plain {
    return { count: this.#count, mean: this.#mean.slice(), variance: this.#variance.slice() };
  }

  load(state: Plain): void {
    const { count, mean, variance } = fieldsOf(state);
    this.#count = count as number;
    this.#mean = (mean as Float64Array).slice();
    this.#variance = (variance as Float64Array).slice();
  }
}

/** Mean and population variance of column `k`, in two passes. */
function momentsOf(data: ArrayLike<number>, rows: number, size: number, k: number): readonly [number, number] {
  let mean = 0;
  for (let i = k; i < rows * size; i += size) mean += (data[i] as number) / rows;
  let variance = 0;
  for (let i = k; i < rows * size; i += size) variance += ((data[i] as number) - mean) ** 2 / rows;
  return [mean, variance];
}
