/** A trainable function: parameters, a compiled gradient, steps of descent, compiled functions of the parameters, and its whole state as plain data. */
import type { Rng } from "dojang/env";
import { GymError } from "dojang/protocol";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { jit, np, valueAndGrad, type Tensor, type Tensors } from "./backend.ts";
import { download, downloadTo, release, uploadAll, type HostTensor, type HostTensors } from "./host-tensor.ts";
import { withOneInstance } from "./one-instance.ts";
import { descend, globalNorm, type Moments, type Optimizer } from "./optimizer.ts";
import { sizeOf, type ParamSpec } from "./params.ts";
import { copiesOf, Weights, type ByName } from "./weights.ts";

export type { HostTensor, HostTensors } from "./host-tensor.ts";

export interface ModelOptions<B extends HostTensors> {
  /** Names the model in errors. */
  readonly name: string;
  readonly params: readonly ParamSpec[];
  readonly optimizer: Optimizer;
  /** Parameters that no step changes, by the beginning of their names. Default none. */
  readonly frozen?: readonly string[];
  /**
   * Parameters that others trail, by the beginning of their names. The trailing ones are called `target.` and the name; they begin as copies, no
   * gradient moves them, and after each step they are (1 - share) of what they were and `share` of the new parameters (Lillicrap et al., 2016).
   */
  readonly targets?: { readonly of: readonly string[]; readonly share: number };
  /**
   * A number to be made small, and others to be reported. Borrows the parameters, consumes the batch.
   * What it must not differentiate (targets, old log-probabilities) comes in with the batch.
   */
  loss(p: Tensors, batch: { readonly [K in keyof B]: Tensor }): { readonly loss: Tensor; readonly metrics?: Tensors };
}

/** A gradient and what was found on the way to it: the loss, the gradient's norm, the loss's own metrics. */
export interface Slope {
  readonly metrics: Readonly<Record<string, number>>;
  /** By parameter, row-major. */
  readonly gradients: ByName;
}

type Gradient = (free: Tensors, held: Tensors, batch: Tensors) => [numbers: Tensor, gradients: Tensors];

const TARGET = "target.";

const startsWithOne = (name: string, starts: readonly string[] = []): boolean =>
  starts.some((start) => name.startsWith(start));

/** The parameters that trail others, under the names of those they trail; borrowed. */
export const targetsIn = (p: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(p).flatMap(([name, value]) => (name.startsWith(TARGET) ? [[name.slice(TARGET.length), value]] : [])),
  );

export class Model<B extends HostTensors = HostTensors> implements Saveable {
  readonly #options: ModelOptions<B>;
  readonly #weights: Weights;
  /** Under the names of what they trail. */
  readonly #targets: Weights;
  readonly #gradient: Gradient;
  #moments: Moments;
  /** Memory for the gradients of one step after the other. */
  readonly #gradients: ByName;
  /** Shapes of those whose gradients leave the device transposed. */
  readonly #turned: ReadonlyMap<string, readonly [rows: number, columns: number]>;
  readonly #frozen = new Set<string>();
  /** Steps taken. */
  #steps = 0;
  /** Names of the numbers that a step reports beside the loss, in their order; known once the loss was traced. */
  #names: string[] = [];

  constructor(options: ModelOptions<B>, rng: Rng) {
    this.#options = options;
    const { params, name, targets } = options;
    const values = Object.fromEntries(params.map((spec) => [spec.name, spec.init(spec.shape, rng)]));
    if (Object.keys(values).length !== params.length) throw new TypeError(`${name}: two parameters of one name`);
    this.#weights = new Weights(name, params, values);
    const trailed = params.filter((spec) => startsWithOne(spec.name, targets?.of));
    const copies = trailed.map((spec) => [spec.name, (values[spec.name] as Float32Array).slice()] as const);
    this.#targets = new Weights(name, trailed, Object.fromEntries(copies));
    this.#moments = { m: zerosLike(params), v: zerosLike(params) };
    this.#gradients = zerosLike(params);
    this.#turned = new Map(
      params.flatMap(({ name, shape: [rows, columns], multiplies }) =>
        rows !== undefined && columns !== undefined && multiplies === true ? [[name, [rows, columns]]] : [],
      ),
    );
    this.#gradient = jit(this.#differentiated());
  }

  /** Steps of gradient descent so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step of gradient descent; gives the loss, the norm of the gradient before clipping, and the loss's metrics.
   * @param rate learning rate
   * @throws {GymError} NOT_A_NUMBER naming what is no number, and at which step; the parameters are then those of before
   */
  step(batch: B, rate: number): Record<string, number> {
    return this.descend(this.#slope(batch, this.#gradients), rate);
  }

  /** The first half of a step: the gradient at the parameters of the moment, which stay as they are. */
  differentiate(batch: B): Slope {
    return this.#slope(batch, zerosLike(this.#options.params));
  }

  /** Writes the gradient to `into`, and gives what of it there is. */
  #slope(batch: B, into: ByName): Slope {
    const { found, gradients } = withOneInstance(() => {
      const [numbers, slopes] = this.#gradient(...this.#split(), uploadAll(batch));
      return { found: numbers.dataSync(), gradients: this.#receive(slopes, into) };
    });
    const metrics: Record<string, number> = { loss: found[0] as number, gradNorm: globalNorm(gradients) };
    for (const [i, name] of this.#names.entries()) metrics[name] = found[i + 1] as number;
    return { metrics, gradients };
  }

  #receive(slopes: Tensors, into: ByName): ByName {
    const gradients: Record<string, Float32Array> = {};
    for (const name in slopes) {
      const gradient = (gradients[name] = into[name] as Float32Array);
      downloadTo(gradient, slopes[name] as Tensor, this.#turned.get(name));
    }
    return gradients;
  }

  /** The other half: moves the parameters, which may be others than those that were differentiated. Gives the slope's metrics; throws as `step` does. */
  descend({ metrics, gradients }: Slope, rate: number): Record<string, number> {
    const { optimizer, targets } = this.#options;
    const t = this.#steps + 1;
    const { loss = NaN, gradNorm: norm = NaN } = metrics;
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) throw this.#diverged(t, metrics, gradients);
    descend(optimizer, this.#weights.values, gradients, this.#moments, { norm, rate, t });
    this.#weights.changed();
    if (targets) this.#targets.follow(this.#weights.values, targets.share);
    this.#steps = t;
    return { ...metrics };
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
    return (inputs) => withOneInstance(() => download(run(this.#weights.lend(), uploadAll(inputs))));
  }

  /** Takes the parameters of another model of the same shape, or a share of them: p := (1 - share) p + share q. */
  follow(other: Model<never> | Model, share = 1): void {
    this.#weights.follow((other as Model).#weights.values, share);
  }

  /** All parameters as they are at the moment, row-major: to be read at once, not to be kept and not to be written to. */
  get borrowed(): ByName {
    return this.#weights.values;
  }

  /** A copy of one parameter, row-major; empty where there is none of that name. */
  values(name: string): Float32Array {
    return this.#weights.values[name]?.slice() ?? new Float32Array(0);
  }

  /** Copies of all parameters, row-major. */
  weights(): Record<string, HostTensor> {
    return Object.fromEntries(
      Object.entries(copiesOf(this.#weights.values)).map(([name, data]) => [
        name,
        { ...this.#weights.tensor(name), data },
      ]),
    );
  }

  /** Takes over parameters of the same name and shape; what trails them begins there. @returns the names that were taken */
  transfer(weights: Readonly<Record<string, HostTensor>>): string[] {
    const taken = Object.entries(weights).filter(([name, { shape }]) => this.#weights.fits(name, shape));
    const values = Object.fromEntries(taken.map(([name, { data }]) => [name, Float32Array.from(data)]));
    this.#weights.follow(values, 1);
    this.#targets.follow(values, 1);
    return Object.keys(values);
  }

  /** Names of all parameters. */
  get names(): readonly string[] {
    return Object.keys(this.#weights.values);
  }

  /** No step changes the parameters of these names from now on; other names are ignored. */
  freeze(names: readonly string[]): void {
    for (const name of names) this.#frozen.add(name);
  }

  save(): Plain {
    const [params, targets] = [copiesOf(this.#weights.values), copiesOf(this.#targets.values)];
    const [m, v] = [copiesOf(this.#moments.m), copiesOf(this.#moments.v)];
    return { params, targets, m, v, steps: this.#steps, shapes: this.#weights.shapes };
  }

  /** @throws {GymError} BAD_RUN when the saved parameters are those of another net */
  load(state: Plain): void {
    const { params, targets, m, v, steps } = fieldsOf(state);
    const moments = { m: this.#weights.restored(m as Plain), v: this.#weights.restored(v as Plain) };
    this.#targets.load(targets as Plain);
    this.#weights.load(params as Plain);
    this.#moments = moments;
    this.#steps = steps as number;
  }

  /** Frees the device's memory; using the model afterwards takes it again. */
  dispose(): void {
    this.#weights.changed();
    this.#targets.changed();
  }

  /** The parameters on the device: those that are differentiated, and the others. */
  #split(): [free: Tensors, held: Tensors] {
    const { frozen } = this.#options;
    const free = this.#weights.lend();
    const held = this.#targets.lend(TARGET);
    for (const name of Object.keys(free).filter((each) => this.#frozen.has(each) || startsWithOne(each, frozen))) {
      held[name] = free[name] as Tensor;
      Reflect.deleteProperty(free, name);
    }
    return [free, held];
  }

  #differentiated() {
    const objective = (free: Tensors, held: Tensors, batch: Tensors): [Tensor, Tensor] => {
      const p = { ...free, ...held };
      const { loss, metrics = {} } = this.#options.loss(p, batch as { readonly [K in keyof B]: Tensor });
      release(p);
      this.#names = Object.entries(metrics).flatMap(([name, { size }]) => namesOf(name, size));
      const others = Object.values(metrics).map((metric) => metric.reshape([metric.size]));
      return [loss, others.length === 0 ? np.zeros([0]) : np.concatenate(others)];
    };
    return (free: Tensors, held: Tensors, batch: Tensors): [Tensor, Tensors] => {
      const both = valueAndGrad(objective, { hasAux: true })(free, held, batch);
      // jax-js types what it is given as trees of any shape; these are what `objective` and `free` are.
      const [[loss, others], gradients] = both as unknown as [[Tensor, Tensor], Tensors];
      for (const name of this.#turned.keys()) if (gradients[name]) gradients[name] = np.transpose(gradients[name]);
      const head = loss.reshape([1]);
      return [this.#names.length === 0 ? head : np.concatenate([head, others]), gradients];
    };
  }

  #diverged(step: number, metrics: Readonly<Record<string, number>>, gradients: ByName): GymError {
    const isBroken = (value: number): boolean => !Number.isFinite(value);
    const broken = Object.entries({ ...this.#weights.values, ...gradients }).find(([, values]) =>
      values.some(isBroken),
    );
    const first = Object.entries(metrics).find(([, value]) => isBroken(value));
    return new GymError("NOT_A_NUMBER", `${this.#options.name}: step ${step}: ${broken?.[0] ?? first?.[0] ?? "loss"}`, {
      expected: "finite numbers",
      received: first?.[1],
      hint: "Lower the learning rate; the last checkpoint is from before.",
    });
  }
}

/** A metric of several numbers is reported as `name.0`, `name.1` and so on. */
const namesOf = (name: string, size: number): string[] =>
  size === 1 ? [name] : Array.from({ length: size }, (_, i) => `${name}.${i}`);

const zerosLike = (params: readonly ParamSpec[]): ByName =>
  Object.fromEntries(params.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
