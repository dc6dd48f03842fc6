/** Compares the gradients of a block with central differences. */
import { expect } from "vitest";
import { Rng } from "dojang/env";
import { jit, np, valueAndGrad, type Tensor, type Tensors } from "../../../agents/nets/backend.ts";
import { sizeOf, type ParamSpec } from "../../../agents/nets/params.ts";

export interface Block {
  readonly params: readonly ParamSpec[];
  /** Shape of the input; absent: the block has none, and `x` is a 0. */
  readonly input?: readonly number[];
  /** Borrows the parameters, consumes `x`. */
  apply(p: Tensors, x: Tensor): Tensor;
}

export const upload = (data: Float32Array | Int32Array, shape: readonly number[]): Tensor =>
  np.array(data as Float32Array<ArrayBuffer>).reshape([...shape]);

/** Step of the differences: the error of float32 over it, and its fourth power, are both far below the tolerance. */
const STEP = 0.02;
const TOLERANCE = 1e-4;

/** Each output counts with a factor of its own, so that no two gradients cancel out. */
const factor = (i: number): number => Math.sin(3 * i + 1);

/** @param looked numbers of each parameter that are compared */
export function expectGradients(block: Block, looked = 7, scale = 0.5): void {
  const rng = new Rng(11);
  const all: readonly Pick<ParamSpec, "name" | "shape">[] = [...block.params, { name: "x", shape: block.input ?? [1] }];
  const values = Object.fromEntries(
    all.map(({ name, shape }) => [name, Float32Array.from({ length: sizeOf(shape) }, () => scale * rng.normal())]),
  );
  const load = (): Tensors => Object.fromEntries(all.map(({ name, shape }) => [name, upload(values[name]!, shape)]));
  const run = ({ x, ...params }: Tensors): Tensor => {
    const out = block.apply(params, x!);
    for (const value of Object.values(params)) value.dispose();
    return out;
  };
  const forward = jit(run);
  // Summed on the host, in double precision: the difference of two sums is what is looked at.
  const valueNow = (): number =>
    (forward(load()).dataSync() as Float32Array).reduce((sum, out, i) => sum + out * factor(i), 0);
  const loss = (p: Tensors): Tensor => {
    const out = run(p);
    const factors = Float32Array.from({ length: out.size }, (_, i) => factor(i));
    return np.sum(out.mul(upload(factors, out.shape)));
  };
  // Compiled, as in training: what jax-js cannot compile shows here alone.
  const slopes = jit((p: Tensors) => {
    const [value, gradients] = valueAndGrad(loss)(p) as unknown as [Tensor, Tensors];
    value.dispose();
    return gradients;
  });
  compare(slopes(load()), values, valueNow, looked);
}

function compare(gradients: Tensors, values: Record<string, Float32Array>, valueNow: () => number, looked: number) {
  let [compared, kinks] = [0, 0];
  for (const [name, numbers] of Object.entries(values)) {
    const found = gradients[name]!.dataSync() as Float32Array;
    for (let i = 0; i < numbers.length; i += Math.max(1, Math.floor(numbers.length / looked))) {
      const kept = numbers[i]!;
      const slope = (h: number): number => {
        numbers[i] = kept + h;
        const above = valueNow();
        numbers[i] = kept - h;
        const below = valueNow();
        numbers[i] = kept;
        return (above - below) / (2 * h);
      };
      // Three step lengths cancel the errors that grow with the second and fourth power of the step (Richardson).
      const [a, b, c] = [slope(STEP), slope(2 * STEP), slope(4 * STEP)];
      const [first, second] = [(4 * a - b) / 3, (4 * b - c) / 3];
      compared++;
      // Quotients that still disagree have a kink within them: another expert is chosen, or a ReLU's square begins.
      if (Math.abs(first - second) > TOLERANCE / 2) kinks++;
      else expect(Math.abs(found[i]! - first), `${name}[${i}]: ${found[i]} for ${first}`).toBeLessThan(TOLERANCE);
    }
  }
  expect(kinks / compared).toBeLessThan(0.5);
}
