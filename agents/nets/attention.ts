/** Multi-head self-attention (Vaswani et al., 2017), as batched matmuls with an additive mask. */
import { nn, np, type Tensor, type Tensors } from "./backend.ts";
import { dense } from "./layers.ts";
import { orthogonal, type ParamSpec } from "./params.ts";

export interface Attention {
  readonly params: readonly ParamSpec[];
  /** x [B, T, width], consumed; mask [T, T], added to the scores and borrowed: 0 where a query may look, very negative elsewhere. Gives [B, T, width]. */
  apply(p: Tensors, x: Tensor, mask: Tensor): Tensor;
}

/** @throws {RangeError} when the heads do not divide the width */
export function attention(name: string, width: number, heads: number): Attention {
  if (width % heads !== 0) throw new RangeError(`attention ${name}: expected heads that divide ${width}, got ${heads}`);
  const layer = (part: string) =>
    dense({ name: `${name}.${part}`, inputs: width, outputs: width, init: orthogonal(1), bias: false });
  const [query, key, value, out] = [layer("query"), layer("key"), layer("value"), layer("out")];
  const size = width / heads;
  const split = (x: Tensor, batch: number, length: number): Tensor =>
    x.reshape([batch, length, heads, size]).transpose([0, 2, 1, 3]);
  return {
    params: [query, key, value, out].flatMap(({ params }) => params),
    apply(p, x, mask) {
      const [batch = 0, length = 0] = x.shape;
      const flat = x.reshape([batch * length, width]);
      const q = split(query.apply(p, flat.ref), batch, length);
      const k = split(key.apply(p, flat.ref), batch, length);
      const v = split(value.apply(p, flat), batch, length);
      const scores = np
        .matmul(q, k.transpose([0, 1, 3, 2]))
        .mul(1 / Math.sqrt(size))
        .add(mask.ref);
      const mixed = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3]);
      return out.apply(p, mixed.reshape([batch * length, width])).reshape([batch, length, width]);
    },
  };
}

/** [T, T], row-major: 0 on and below the diagonal, -1e9 above it. */
export const causalMask = (length: number): Float32Array =>
  Float32Array.from({ length: length * length }, (_, at) => (at % length > Math.floor(at / length) ? -1e9 : 0));
