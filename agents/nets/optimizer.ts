/** Gradient descent with moments: Adam (Kingma & Ba, 2015), AdamW (Loshchilov & Hutter, 2019), RAdam (Liu et al., 2020), RMSProp (Hinton, 2012), all with a bound on the norm of the gradient. */
import { adamBlocks } from "./adam-kernel.ts";
import type { ByName } from "./weights.ts";

interface Common {
  /** Largest norm of all gradients together; larger ones are scaled down. Default: none. */
  readonly clip?: number;
}

export interface Adam extends Common {
  readonly kind: "adam";
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squares, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root. Default 1e-8. */
  readonly epsilon?: number;
  /** Share of a matrix or vector that is taken away each step, times the learning rate (AdamW). Default 0. */
  readonly decay?: number;
  /** Steps are shortened by what is not known yet of the squares' mean (RAdam). Default false. */
  readonly rectified?: boolean;
}

export interface RmsProp extends Common {
  readonly kind: "rmsprop";
  /** Decay of the mean of squares, in [0, 1). Default 0.99. */
  readonly rho?: number;
  /** Added to the root. Default 1e-5. */
  readonly epsilon?: number;
  /** The mean of gradients is taken away from the mean of squares: an estimate of the variance. Default false. */
  readonly centred?: boolean;
}

export type Optimizer = Adam | RmsProp;

/** Running means by parameter. */
export interface Moments {
  /** Of gradients. */
  readonly m: ByName;
  /** Of their squares. */
  readonly v: ByName;
}

/** The norm of all gradients together. */
export function globalNorm(gradients: ByName): number {
  let total = 0;
  for (const name in gradients) total += squareOf(gradients[name] as Float32Array);
  return Math.sqrt(total);
}

function squareOf(values: Float32Array): number {
  // Read once: where a buffer was ever detached (device memory that grew), V8 asks after this one at each mention of it.
  const { length } = values;
  let square = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    square += value * value;
  }
  return square;
}

/**
 * Moves parameters and moments, in place. On the host: the few operations on each number cost less there than a kernel for each
 * parameter and moment, and at the size of nets for a CPU little beside the gradient.
 * @param norm of the gradients together
 * @param rate learning rate
 * @param t number of the step, from 1
 */
export function descend(
  optimizer: Optimizer,
  params: ByName,
  gradients: ByName,
  { m, v }: Moments,
  { norm, rate, t }: { readonly norm: number; readonly rate: number; readonly t: number },
): void {
  const { clip } = optimizer;
  // The tiny number keeps gradients of 0 from dividing by 0.
  const scale = clip === undefined ? 1 : Math.min(1, clip / (norm + 1e-6));
  for (const name in gradients) {
    const one = [params[name], gradients[name], m[name], v[name]] as [Float32Array, Float32Array, Float32Array, Float32Array]; // prettier-ignore
    if (optimizer.kind === "adam") adam(optimizer, ...one, scale, rate, t);
    else rmsProp(optimizer, ...one, scale, rate);
  }
}

/** Numbers from which on copies to the kernel's memory and back cost less than they save. */
const KERNEL = 256;

function adam(
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0, rectified = false }: Adam,
  param: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  scale: number,
  rate: number,
  t: number,
): void {
  const share = rectified ? rectification(beta2, t) : 1;
  // Of squares that say nothing yet nothing is used: the denominator is 1.
  const [debias, floor] = share === undefined ? [0, 1] : [1 / (1 - beta2 ** t), epsilon];
  const pace = ((share ?? 1) * rate) / (1 - beta1 ** t);
  const kept = 1 - rate * decay;
  const { length } = param;
  if (length >= KERNEL) {
    adamBlocks(param, gradient, m, v, { scale, beta1, beta2, pace, debias, epsilon: floor, kept });
    return;
  }
  for (let i = 0; i < length; i++) {
    const g = scale * (gradient[i] as number);
    const mean = (m[i] = beta1 * (m[i] as number) + (1 - beta1) * g);
    const square = (v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g);
    param[i] = kept * (param[i] as number) - (pace * mean) / (Math.sqrt(square * debias) + floor);
  }
}

/** r_t of RAdam, in (0, 1], by the length of the average that the mean of squares is after `t` steps; undefined while that is below 5. */
function rectification(beta2: number, t: number): number | undefined {
  const longest = 2 / (1 - beta2) - 1;
  const power = beta2 ** t;
  const length = longest - (2 * t * power) / (1 - power);
  if (length < 5) return undefined;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}

function rmsProp(
  { rho = 0.99, epsilon = 1e-5, centred = false }: RmsProp,
  param: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  scale: number,
  rate: number,
): void {
  for (let i = 0; i < param.length; i++) {
    const g = scale * (gradient[i] as number);
    const square = (v[i] = rho * (v[i] as number) + (1 - rho) * g * g);
    const mean = centred ? (m[i] = rho * (m[i] as number) + (1 - rho) * g) : 0;
    // Rounding may take the variance of a steady gradient below 0.
    (param[i] as number) -= (rate * g) / (Math.sqrt(Math.max(0, square - mean * mean)) + epsilon);
  }
}
