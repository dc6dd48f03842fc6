/** Gradient descent with moments: Adam (Kingma & Ba, 2015), AdamW (Loshchilov & Hutter, 2019), RMSProp (Hinton, 2012), all with a bound on the norm of the gradient. */
import { np, type Tensor, type Tensors } from "./backend.ts";

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

/** One moment tensor for each parameter and name. */
export interface Moments {
  /** Mean of gradients. */
  readonly m: Tensors;
  /** Mean of squares. */
  readonly v: Tensors;
}

/** Numbers that change from step to step: inputs of the compiled step, or each value would be compiled anew. */
export interface Pace {
  /** Learning rate. */
  readonly rate: Tensor;
  /** Adam's 1 / (1 - beta1 ^ t) and 1 / (1 - beta2 ^ t). */
  readonly debias1: Tensor;
  readonly debias2: Tensor;
}

/** The bias corrections of step `t`, from 1. */
export function debiasAt(optimizer: Optimizer, t: number): readonly [number, number] {
  if (optimizer.kind !== "adam") return [1, 1];
  const { beta1 = 0.9, beta2 = 0.999 } = optimizer;
  return [1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t)];
}

/** The norm of all gradients together, as one number. Borrows them. */
export function globalNorm(gradients: Tensors): Tensor {
  const squares = Object.values(gradients).map((g) => np.sum(g.ref.mul(g.ref)));
  return np.sqrt(squares.reduce((sum, square) => sum.add(square)));
}

/** The next parameters and moments. Consumes everything. */
export function descend(
  optimizer: Optimizer,
  params: Tensors,
  gradients: Tensors,
  moments: Moments,
  norm: Tensor,
  pace: Pace,
): { params: Tensors; moments: Moments } {
  const { clip } = optimizer;
  // min(1, clip / norm); the tiny number keeps 0 gradients from dividing by 0.
  const scale = clip === undefined ? undefined : np.minimum(np.array(clip).div(norm.ref.add(1e-6)), 1);
  norm.dispose();
  const next: { params: Tensors; moments: { m: Tensors; v: Tensors } } = { params: {}, moments: { m: {}, v: {} } };
  for (const [name, value] of Object.entries(params)) {
    const raw = gradients[name] as Tensor;
    const g = scale === undefined ? raw : raw.mul(scale.ref);
    const one = move(optimizer, value, g, moments.m[name] as Tensor, moments.v[name] as Tensor, pace);
    next.params[name] = one.value;
    next.moments.m[name] = one.m;
    next.moments.v[name] = one.v;
  }
  scale?.dispose();
  for (const number of Object.values(pace) as Tensor[]) number.dispose();
  return next;
}

function move(optimizer: Optimizer, value: Tensor, g: Tensor, m: Tensor, v: Tensor, pace: Pace) {
  const average = (old: Tensor, now: Tensor, keep: number): Tensor => old.mul(keep).add(now.mul(1 - keep));
  if (optimizer.kind === "adam") {
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0 } = optimizer;
    const mean = average(m, g.ref, beta1);
    const square = average(v, g.ref.mul(g), beta2);
    const root = np.sqrt(square.ref.mul(pace.debias2.ref)).add(epsilon);
    const step = mean.ref.mul(pace.debias1.ref).div(root).mul(pace.rate.ref);
    const kept = decay === 0 ? value : value.ref.sub(value.mul(pace.rate.ref.mul(decay)));
    return { value: kept.sub(step), m: mean, v: square };
  }
  const { rho = 0.99, epsilon = 1e-5, centred = false } = optimizer;
  const square = average(v, g.ref.mul(g.ref), rho);
  const mean = centred ? average(m, g.ref, rho) : m;
  const spread = centred ? square.ref.sub(mean.ref.mul(mean.ref)) : square.ref;
  const step = g.div(np.sqrt(spread).add(epsilon)).mul(pace.rate.ref);
  return { value: value.sub(step), m: mean, v: square };
}
