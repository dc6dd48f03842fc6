/** Gradients of every block of a net agree with central differences. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { attention, causalMask } from "../../../agents/nets/attention.ts";
import { np, valueAndGrad, type Tensor, type Tensors } from "../../../agents/nets/backend.ts";
import { gridConv } from "../../../agents/nets/grid-conv.ts";
import { gru } from "../../../agents/nets/gru.ts";
import { activation, dense, layerNorm, rmsNorm } from "../../../agents/nets/layers.ts";
import { mlp } from "../../../agents/nets/mlp.ts";
import type { ParamSpec } from "../../../agents/nets/params.ts";
import { sizeOf } from "../../../agents/nets/params.ts";

interface Block {
  readonly params: readonly ParamSpec[];
  readonly input: readonly number[];
  /** Step of the differences; small where a ReLU's kink is near. */
  readonly h?: number;
  /** Borrows the parameters, consumes `x`. */
  apply(p: Tensors, x: Tensor): Tensor;
}

const recurrent = gru("gru", 3, 5);
const attended = attention("attention", 8, 2);

const BLOCKS: Readonly<Record<string, Block>> = {
  dense: { ...dense({ name: "dense", inputs: 3, outputs: 4 }), input: [5, 3] },
  tanh: { ...activation("tanh", 3), input: [5, 3] },
  relu: { ...activation("relu", 3), input: [5, 3] },
  "squared relu": { ...activation("relu2", 3), input: [5, 3] },
  "layer norm": { ...layerNorm("norm", 6), input: [4, 6] },
  "rms norm": { ...rmsNorm("norm", 6), input: [4, 6] },
  "mlp with norms": { ...mlp({ name: "mlp", inputs: 3, hidden: [6, 5], outputs: 2, norm: true }), input: [4, 3] },
  "grid convolution": {
    ...gridConv({ name: "conv", patches: { count: 6, size: 8, beside: 0 }, filters: 3, hidden: 4, norm: true }),
    input: [2, 48],
    h: 0.002,
  },
  "grid convolution with numbers beside": {
    ...gridConv({ name: "conv", patches: { count: 6, size: 8, beside: 2 }, filters: 3, hidden: 4, norm: true }),
    input: [2, 50],
    h: 0.002,
  },
  "gru over three steps": {
    params: recurrent.params,
    input: [4, 3],
    apply(p, x) {
      let h: Tensor = x.ref.reshape([2, 6]).slice([], [0, 5]);
      for (let t = 0; t < 3; t++) h = recurrent.step(p, (t < 2 ? x.ref : x).slice([0, 2], []), h);
      return h;
    },
  },
  "causal attention": {
    params: attended.params,
    input: [2, 4, 8],
    apply(p, x) {
      const mask = np.array(causalMask(4) as Float32Array<ArrayBuffer>).reshape([4, 4]);
      const out = attended.apply(p, x, mask);
      mask.dispose();
      return out;
    },
  },
};

const upload = (data: Float32Array, shape: readonly number[]): Tensor =>
  np.array(data as Float32Array<ArrayBuffer>).reshape([...shape]);

/** The outputs, each times a fixed number of its own, so that no two gradients cancel out. */
const FACTORS = Float32Array.from({ length: 400 }, (_, i) => Math.sin(3 * i + 1));

function outputs(block: Block, { x, ...params }: Tensors): Tensor {
  const out = block.apply(params, x as Tensor);
  for (const value of Object.values(params)) value.dispose();
  return out;
}

describe("the gradient", () => {
  it.each(Object.entries(BLOCKS))(
    "of %s is that of central differences, for every parameter and for the input",
    (_, block) => {
      const rng = new Rng(7);
      const { h = 0.01 } = block;
      const all = [...block.params, { name: "x", shape: block.input }];
      const values = new Map(
        all.map(({ name, shape }) => [name, Float32Array.from({ length: sizeOf(shape) }, () => 0.7 * rng.normal())]),
      );
      const load = (): Tensors =>
        Object.fromEntries(all.map(({ name, shape }) => [name, upload(values.get(name) as Float32Array, shape)]));
      // Summed on the host, in double precision: the difference of two sums is what is looked at.
      const valueNow = (): number =>
        (outputs(block, load()).dataSync() as Float32Array).reduce(
          (sum, out, i) => sum + out * (FACTORS[i] as number),
          0,
        );
      const loss = (p: Tensors): Tensor => {
        const out = outputs(block, p);
        const factors = upload(FACTORS.slice(0, sizeOf(out.shape)), out.shape);
        return np.sum(out.mul(factors));
      };

      const [value, gradients] = valueAndGrad(loss)(load()) as unknown as [Tensor, Tensors];
      value.dispose();
      let [looked, smooth] = [0, 0];
      for (const { name } of all) {
        const found = (gradients[name] as Tensor).dataSync() as Float32Array;
        const numbers = values.get(name) as Float32Array;
        for (let i = 0; i < numbers.length; i += Math.max(1, Math.floor(numbers.length / 7))) {
          const kept = numbers[i] as number;
          const slope = (h: number): number => {
            numbers[i] = kept + h;
            const above = valueNow();
            numbers[i] = kept - h;
            const below = valueNow();
            numbers[i] = kept;
            return (above - below) / (2 * h);
          };
          const [near, far] = [slope(h), slope(2 * h)];
          looked++;
          // A quotient that depends on the step has a ReLU's kink within it, where there is no derivative to compare.
          if (Math.abs(near - far) > 0.002) continue;
          smooth++;
          // Two step lengths cancel the error that grows with the square of h (Richardson).
          expect(found[i], `${name}[${i}]`).toBeCloseTo((4 * near - far) / 3, 2.7);
        }
      }
      expect(smooth / looked).toBeGreaterThan(0.7);
    },
  );
});
