/** A trainable function: parameters on the device, a compiled step of gradient descent, compiled functions of the parameters, and its whole state as plain data. */
import type { Rng } from "dojang/env";
import { GymError } from "dojang/protocol";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { jit, np, tree, valueAndGrad, type Tensor, type Tensors } from "./backend.ts";
import { debiasAt, descend, globalNorm, type Moments, type Optimizer } from "./optimizer.ts";
import type { ParamSpec } from "./params.ts";

/** Numbers of the host with their shape. float32 or int32. */
export interface HostTensor {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** Inputs of a compiled function by name. A new shape is compiled anew (0.1 to 1 s): keep shapes fixed. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

export interface ModelOptions<B extends HostTensors> {
  /** Names the model in errors. */
  readonly name: string;
  readonly params: readonly ParamSpec[];
  readonly optimizer: Optimizer;
  /** Parameters that no step changes, by the beginning of their names. Default none. */
  readonly frozen?: readonly string[];
  /**
   * A number to be made small, and others to be reported. Borrows the parameters, consumes the batch.
   * What it must not differentiate (targets, old log-probabilities) comes in with the batch.
   */
  loss(p: Tensors, batch: { readonly [K in keyof B]: Tensor }): { readonly loss: Tensor; readonly metrics?: Tensors };
}

type Step = (params: Tensors, moments: Moments, pace: Tensors, batch: Tensors) => [Tensor, Tensors, Tensors, Tensors];

export class Model<B extends HostTensors = HostTensors> implements Saveable {
  readonly #options: ModelOptions<B>;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #step: Step;
  #params: Tensors;
  #moments: Moments;
  /** Steps taken. */
  #steps = 0;
  /** Names of the numbers that a step reports, in their order; known once the loss was traced. */
  #names: string[] = [];

  constructor(options: ModelOptions<B>, rng: Rng) {
    this.#options = options;
    const { params, name } = options;
    this.#shapes = new Map(params.map((spec) => [spec.name, spec.shape]));
    if (this.#shapes.size !== params.length) throw new TypeError(`${name}: two parameters of one name`);
    const first = params.map(
      ({ name: param, shape, init }) => [param, upload({ data: init(shape, rng), shape })] as const,
    );
    this.#params = Object.fromEntries(first);
    this.#moments = { m: this.#zeros(), v: this.#zeros() };
    this.#step = this.#compile();
  }

  /** Steps of gradient descent so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step of gradient descent; gives the loss, the norm of the gradient before clipping, and the loss's metrics.
   * @param rate learning rate
   * @throws {GymError} NOT_A_NUMBER naming what is no number, and at which step
   */
  step(batch: B, rate: number): Record<string, number> {
    const t = this.#steps + 1;
    const [debias1, debias2] = debiasAt(this.#options.optimizer, t);
    const pace = { rate: np.array(rate), debias1: np.array(debias1), debias2: np.array(debias2) };
    const [numbers, params, m, v] = this.#step(this.#params, this.#moments, pace, uploadAll(batch));
    this.#params = params;
    this.#moments = { m, v };
    this.#steps = t;
    const found = numbers.dataSync();
    const metrics = Object.fromEntries(this.#names.map((name, i) => [name, found[i] as number]));
    if (!Number.isFinite(metrics["loss"]) || !Number.isFinite(metrics["gradNorm"])) throw this.#diverged(metrics);
    return metrics;
  }

  /**
   * Compiles a function of the parameters. It borrows the parameters and consumes the inputs; its outputs come back as numbers.
   * Compiled once for each set of input shapes.
   */
  compile<I extends HostTensors, K extends string>(
    f: (p: Tensors, inputs: { readonly [N in keyof I]: Tensor }) => Record<K, Tensor>,
  ): (inputs: I) => Record<K, Float32Array> {
    const run = jit((p: Tensors, inputs: Tensors) => {
      const outputs = f(p, inputs as { readonly [N in keyof I]: Tensor });
      release(p);
      return outputs;
    });
    return (inputs) => {
      const outputs = run(tree.ref(this.#params), uploadAll(inputs));
      const host = {} as Record<K, Float32Array>;
      for (const name in outputs) host[name] = outputs[name].dataSync() as Float32Array;
      return host;
    };
  }

  /** Takes the parameters of another model of the same shape, or a share of them: p := (1 - share) p + share q. */
  follow(other: Model<never> | Model, share = 1): void {
    const theirs = (other as Model).#params;
    for (const [name, own] of Object.entries(this.#params)) {
      const target = theirs[name] as Tensor;
      this.#params[name] = share === 1 ? target.ref : own.mul(1 - share).add(target.ref.mul(share));
      if (share === 1) own.dispose();
    }
  }

  /** A copy of one parameter, row-major; empty where there is none of that name. */
  values(name: string): Float32Array {
    const found = this.#params[name];
    return found === undefined ? new Float32Array(0) : download(found);
  }

  /** Copies of all parameters, row-major. */
  weights(): Record<string, HostTensor> {
    return Object.fromEntries(
      Object.entries(this.#params).map(([name, value]) => [
        name,
        { data: download(value), shape: this.#shapes.get(name) as readonly number[] },
      ]),
    );
  }

  /** Takes over parameters of the same name and shape. @returns the names that were taken */
  transfer(weights: Readonly<Record<string, HostTensor>>): string[] {
    const taken = Object.keys(weights).filter((name) => {
      const shape = this.#shapes.get(name);
      return shape !== undefined && shape.join() === weights[name]?.shape.join();
    });
    for (const name of taken) {
      this.#params[name]?.dispose();
      this.#params[name] = upload(weights[name] as HostTensor);
    }
    return taken;
  }

  save(): Plain {
    const copy = (all: Tensors): Plain =>
      Object.fromEntries(Object.entries(all).map(([name, value]) => [name, download(value)]));
    return { params: copy(this.#params), m: copy(this.#moments.m), v: copy(this.#moments.v), steps: this.#steps };
  }

  /** @throws {GymError} BAD_RUN when the saved parameters are those of another net */
  load(state: Plain): void {
    const { params, m, v, steps } = fieldsOf(state);
    const next = [params, m, v].map((saved) => this.#restore(fieldsOf(saved as Plain)));
    this.dispose();
    [this.#params, this.#moments] = [next[0] as Tensors, { m: next[1] as Tensors, v: next[2] as Tensors }];
    this.#steps = steps as number;
  }

  /** Frees the device's memory; the model cannot be used afterwards. */
  dispose(): void {
    for (const all of [this.#params, this.#moments.m, this.#moments.v]) release(all);
  }

  #restore(saved: Readonly<Record<string, Plain>>): Tensors {
    return Object.fromEntries(
      [...this.#shapes].map(([name, shape]) => {
        const data = saved[name];
        if (data instanceof Float32Array && data.length === shape.reduce((product, n) => product * n, 1))
          return [name, upload({ data, shape })];
        throw new GymError("BAD_RUN", `${this.#options.name}: parameter ${name}`, {
          expected: `float32 numbers of shape [${shape.join(", ")}]`,
          received: data instanceof Float32Array ? `${data.length} numbers` : undefined,
          hint: "The checkpoint is of another net: use the same hyperparameters.",
        });
      }),
    );
  }

  #zeros(): Tensors {
    return Object.fromEntries([...this.#shapes].map(([name, shape]) => [name, np.zeros([...shape])]));
  }

  #compile(): Step {
    const { optimizer, loss, frozen = [] } = this.#options;
    const isFrozen = (name: string): boolean => frozen.some((start) => name.startsWith(start));
    const objective = (p: Tensors, batch: Tensors): [Tensor, Tensor] => {
      const { loss: value, metrics = {} } = loss(p, batch as { readonly [K in keyof B]: Tensor });
      release(p);
      this.#names = ["loss", "gradNorm", ...Object.keys(metrics)];
      const others = Object.values(metrics).map((metric) => metric.reshape([1]));
      return [value, others.length === 0 ? np.zeros([0]) : np.concatenate(others)];
    };
    // jax-js types what it is given as trees of any shape; the trees here are those that are named beside each cast.
    return jit((params: Tensors, moments: Moments, pace: Tensors, batch: Tensors) => {
      const [[value, others], gradients] = valueAndGrad(objective, { hasAux: true })(
        tree.ref(params),
        batch,
      ) as unknown as [[Tensor, Tensor], Tensors];
      for (const name of Object.keys(gradients).filter(isFrozen)) gradients[name] = (gradients[name] as Tensor).mul(0);
      const norm = globalNorm(gradients);
      const head = [value.reshape([1]), norm.ref.reshape([1])];
      const numbers = np.concatenate(this.#names.length > 2 ? [...head, others] : head);
      const next = descend(
        optimizer,
        params,
        gradients,
        moments,
        norm,
        pace as unknown as Parameters<typeof descend>[5],
      );
      return [numbers, next.params, next.moments.m, next.moments.v];
    }) as unknown as Step;
  }

  #diverged(metrics: Readonly<Record<string, number>>): GymError {
    const broken = Object.entries(this.weights()).find(([, { data }]) => data.some((value) => !Number.isFinite(value)));
    const first = Object.entries(metrics).find(([, value]) => !Number.isFinite(value));
    return new GymError(
      "NOT_A_NUMBER",
      `${this.#options.name}: step ${this.#steps}: ${broken?.[0] ?? first?.[0] ?? "loss"}`,
      {
        expected: "finite numbers",
        received: first?.[1],
        hint: "Lower the learning rate; the last checkpoint is from before.",
      },
    );
  }
}

const upload = ({ data, shape }: HostTensor): Tensor =>
  // jax-js copies the numbers, and so takes those of shared memory as well; its type names plain memory only.
  np.array(data as Float32Array<ArrayBuffer>).reshape([...shape]);

const uploadAll = (all: HostTensors): Tensors =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, upload(one)]));

const download = (value: Tensor): Float32Array => Float32Array.from(value.ref.dataSync() as Float32Array);

function release(all: Tensors): void {
  for (const name in all) all[name]?.dispose();
}
