/** Causal multi-head self-attention with rotary positions, as batched matmuls with an additive mask. */
import { causalMask } from "../attention.ts";
import { nn, np, type Tensor, type Tensors } from "../backend.ts";
import { dense } from "../layers.ts";
import { normal, type ParamSpec } from "../params.ts";
import { turns } from "./rotary.ts";

export interface CausalAttention {
  readonly params: readonly ParamSpec[];
  /** x [B, T, width], consumed, gives [B, T, width]. Borrows the parameters. */
  apply(p: Tensors, x: Tensor): Tensor;
}

export interface CausalAttentionOptions {
  readonly name: string;
  readonly width: number;
  readonly heads: number;
  /** Turn queries and keys by their positions? */
  readonly rotary: boolean;
  /** Factor on the last weight's first values. Default 1. */
  readonly outputGain?: number;
}

/** @throws {RangeError} when the heads do not divide the width into parts of an even size */
export function causalAttention({
  name,
  width,
  heads,
  rotary,
  outputGain = 1,
}: CausalAttentionOptions): CausalAttention {
  if (width % (2 * heads) !== 0)
    throw new RangeError(`attention ${name}: expected heads that divide ${width} into even parts, got ${heads}`);
  const layer = (part: string, outputs: number, gain: number) =>
    dense({ name: `${name}.${part}`, inputs: width, outputs, init: normal(gain / Math.sqrt(width)), bias: false });
  const [inputs, out] = [layer("qkv", 3 * width, 1), layer("out", width, outputGain)];
  const size = width / heads;
  return {
    params: [...inputs.params, ...out.params],
    apply(p, x) {
      const [batch = 0, length = 0] = x.shape;
      const all = inputs.apply(p, x.reshape([batch * length, width])).reshape([batch, length, 3, heads, size]);
      const part = (k: number): Tensor => all.ref.slice([], [], k, [], []).transpose([0, 2, 1, 3]);
      const [q, k, v] = rotary ? [turned(part(0)), turned(part(1)), part(2)] : [part(0), part(1), part(2)];
      all.dispose();
      const mask = constant(causalMask(length), [length, length]);
      const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(size)).add(mask); // prettier-ignore
      const mixed = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3]);
      return out.apply(p, mixed.reshape([batch * length, width])).reshape([batch, length, width]);
    },
  };
}

/** x [B, heads, T, size], consumed: the first and second half of the last axis are the parts of the pairs. */
function turned(x: Tensor): Tensor {
  const [, , length = 0, size = 0] = x.shape;
  const half = size / 2;
  const { cos, sin } = turns(length, size);
  const [c, s] = [constant(cos, [length, half]), constant(sin, [length, half])];
  const [a, b] = [x.ref.slice([], [], [], [0, half]), x.slice([], [], [], [half, size])];
  return np.concatenate([a.ref.mul(c.ref).sub(b.ref.mul(s.ref)), b.mul(c).add(a.mul(s))], -1);
}

const constant = (data: Float32Array, shape: number[]): Tensor =>
  np.array(data as Float32Array<ArrayBuffer>).reshape(shape);
