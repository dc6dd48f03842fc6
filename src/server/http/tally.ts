/** A Prometheus histogram that costs a few nanoseconds an observation: plain numbers, made into prom-client's form when somebody reads them. */
import { Histogram, type Registry } from "prom-client";

/** Upper bounds in seconds: 10 us to 30 s, three a decade. */
const BOUNDS = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
const MICROS = Float64Array.from(BOUNDS, (bound) => bound * 1e6);

export class Tally extends Histogram {
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  readonly #name: string;
  readonly #help: string;
  #sum = 0;

  constructor(name: string, help: string, registry: Registry) {
    super({ name, help, buckets: BOUNDS, registers: [registry] });
    this.#name = name;
    this.#help = help;
  }

  /** @param micros microseconds; negative ones, from a clock that jumped, count as 0 */
  add(micros: number): void {
    let at = 0;
    while (at < MICROS.length && micros > (MICROS[at] as number)) at++;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += Math.max(0, micros);
  }

  /** What prom-client's registry and its own `get` read, though its types do not name it. */
  getForPromString(): Promise<object> {
    const values: object[] = [];
    const put = (suffix: string, value: number, labels = {}): void => {
      values.push({ metricName: `${this.#name}_${suffix}`, labels, sharedLabels: {}, value });
    };
    let total = 0;
    for (const [i, count] of this.#counts.entries()) {
      total += count;
      put("bucket", total, { le: BOUNDS[i] ?? "+Inf" });
    }
    put("sum", this.#sum / 1e6);
    put("count", total);
    return Promise.resolve({ name: this.#name, help: this.#help, type: "histogram", values, aggregator: "sum" });
  }
}
