/** A Prometheus histogram that costs a few nanoseconds an observation: plain numbers, made into prom-client's form when somebody reads them. */
import { Histogram, type Registry } from "prom-client";

/** Upper bounds in seconds: 10 us to 30 s, three a decade. */
const BOUNDS = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];
const MICROS = Float64Array.from(BOUNDS, (bound) => bound * 1e6);

type Reading = Awaited<ReturnType<Histogram["get"]>>;

export class Tally extends Histogram {
  readonly #counts = new Float64Array(BOUNDS.length + 1);
  readonly #name: string;
  #sum = 0;

  constructor(name: string, help: string, registry: Registry) {
    super({ name, help, buckets: BOUNDS, registers: [registry] });
    this.#name = name;
  }

  /** @param micros microseconds; negative ones, from a clock that jumped, count as 0 */
  add(micros: number): void {
    let at = 0;
    while (at < MICROS.length && micros > (MICROS[at] as number)) at++;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#sum += Math.max(0, micros);
  }

  override async get(): Promise<Reading> {
    const values: Reading["values"] = [];
    let total = 0;
    for (const [i, count] of this.#counts.entries()) {
      total += count;
      values.push({ metricName: `${this.#name}_bucket`, labels: { le: BOUNDS[i] ?? "+Inf" }, value: total });
    }
    values.push({ metricName: `${this.#name}_sum`, labels: {}, value: this.#sum / 1e6 });
    values.push({ metricName: `${this.#name}_count`, labels: {}, value: total });
    return { ...(await super.get()), values };
  }

  /** What prom-client's registry calls for the text form, though its types do not say so. */
  getForPromString(): Promise<Reading> {
    return this.get();
  }
}
