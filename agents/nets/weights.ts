/** Parameters on the host, where they change, with copies on the device, where they are used. */
import { GymError } from "dojang/protocol";
import { fieldsOf, type Plain } from "../shared/plain.ts";
import type { Tensors } from "./backend.ts";
import { release, upload, type HostTensor } from "./host-tensor.ts";
import { sizeOf, type ParamSpec } from "./params.ts";

/** Numbers by the name of the parameter they belong to, row-major. */
export type ByName = Readonly<Record<string, Float32Array>>;

export const copiesOf = (all: ByName): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.slice()]));

export class Weights {
  /** Names the model in errors. */
  readonly #owner: string;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  #values: ByName;
  /** Of all, while none has changed since the last use. */
  #device: Tensors | undefined;

  /** Keeps `values`, an array for each of `specs`. */
  constructor(owner: string, specs: readonly Pick<ParamSpec, "name" | "shape">[], values: ByName) {
    this.#owner = owner;
    this.#shapes = new Map(specs.map(({ name, shape }) => [name, shape]));
    this.#values = values;
  }

  /** Who writes to one says so by `changed`. */
  get values(): ByName {
    return this.#values;
  }

  get shapes(): Record<string, readonly number[]> {
    return Object.fromEntries(this.#shapes);
  }

  changed(): void {
    if (this.#device) release(this.#device);
    this.#device = undefined;
  }

  /** Copies on the device, for the caller to consume; `prefix` goes before their names. */
  lend(prefix = ""): Tensors {
    this.#device ??= Object.fromEntries([...this.#shapes.keys()].map((name) => [name, upload(this.tensor(name))]));
    const lent: Tensors = {};
    for (const name in this.#device) lent[prefix + name] = (this.#device[name] as Tensors[string]).ref;
    return lent;
  }

  /** p := (1 - share) p + share q, for each that is in `others`. */
  follow(others: ByName, share: number): void {
    for (const [name, own] of Object.entries(this.#values)) {
      const other = others[name];
      if (other === undefined) continue;
      if (share === 1) own.set(other);
      else
        for (let i = 0; i < own.length; i++) own[i] = (1 - share) * (own[i] as number) + share * (other[i] as number);
    }
    this.changed();
  }

  tensor(name: string): HostTensor {
    return { data: this.#values[name] as Float32Array, shape: this.#shapes.get(name) as readonly number[] };
  }

  /** Has it one of that name and shape? */
  fits(name: string, shape: readonly number[]): boolean {
    return this.#shapes.get(name)?.join() === shape.join();
  }

  load(state: Plain): void {
    this.#values = this.restored(state);
    this.changed();
  }

  /** Copies of saved numbers, an array for each parameter. @throws {GymError} BAD_RUN when they are those of another net */
  restored(state: Plain): ByName {
    const saved = fieldsOf(state);
    return Object.fromEntries(
      [...this.#shapes].map(([name, shape]) => {
        const data = saved[name];
        if (data instanceof Float32Array && data.length === sizeOf(shape)) return [name, data.slice()];
        throw new GymError("BAD_RUN", `${this.#owner}: parameter ${name}`, {
          expected: `float32 numbers of shape [${shape.join(", ")}]`,
          received: data instanceof Float32Array ? `${data.length} numbers` : undefined,
          hint: "The checkpoint is of another net: use the same hyperparameters.",
        });
      }),
    );
  }
}
