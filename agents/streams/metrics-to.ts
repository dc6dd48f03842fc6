/** Writes a learner's metrics to a sink (a run folder, a socket, an array) as they pass. */
import { tap, type MonoTypeOperatorFunction } from "rxjs";

export interface MetricsSink {
  write(metrics: Readonly<Record<string, number>>): void;
}

export interface MetricsToOptions {
  /** Writes every so many metrics, each number the mean over those since the last writing. Default 1: each as it is. */
  readonly every?: number;
}

type Numbers = Readonly<Record<string, number>>;

/** Passes every value on unchanged. What is left over at the end is written, too. */
export function metricsTo(sink: MetricsSink, { every = 1 }: MetricsToOptions = {}): MonoTypeOperatorFunction<Numbers> {
  return (source) => {
    const mean = new Means();
    let count = 0;
    const write = (): void => {
      count = 0;
      sink.write(mean.take());
    };
    return source.pipe(
      tap({
        next: (metrics) => {
          mean.add(metrics);
          if (++count >= every) write();
        },
        complete: () => {
          if (count > 0) write();
        },
      }),
    );
  };
}

/** Means of numbers by name. */
export class Means {
  #sums: Record<string, [sum: number, count: number]> = {};

  add(numbers: Numbers): void {
    for (const name in numbers) {
      const sum = (this.#sums[name] ??= [0, 0]);
      sum[0] += numbers[name] as number;
      sum[1]++;
    }
  }

  /** The means, and an empty start. */
  take(): Record<string, number> {
    const means = Object.fromEntries(Object.entries(this.#sums).map(([name, [sum, count]]) => [name, sum / count]));
    this.#sums = {};
    return means;
  }

  save(): Record<string, readonly number[]> {
    return Object.fromEntries(Object.entries(this.#sums).map(([name, [sum, count]]) => [name, [sum, count]]));
  }

  load(state: Readonly<Record<string, readonly number[]>>): void {
    this.#sums = Object.fromEntries(
      Object.entries(state).map(([name, [sum, count]]) => [name, [sum as number, count as number]]),
    );
  }
}
