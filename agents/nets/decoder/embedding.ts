/** What a decoder begins with: a vector for each token, and for each place where places are learned. */
import { nn, np, type Tensor, type Tensors } from "../backend.ts";
import { dense } from "../layers.ts";
import { param } from "../module.ts";
import { normal, type ParamSpec } from "../params.ts";
import type { DecoderOptions } from "./decoder.ts";

/** [context, width], with learned positions. */
export const PLACES = "positions.weight";

export interface Embedding {
  readonly params: readonly ParamSpec[];
  /** tokens [B, T] int32, consumed -> [B * T, width] */
  apply(p: Tensors, tokens: Tensor): Tensor;
}

export function embedding({ vocab, width, context, positions = "rotary" }: DecoderOptions): Embedding {
  const learned = positions === "learned";
  // Small first values let what attention finds outweigh what a token and its place look like.
  const scale = learned ? 0.1 : 1;
  const embed = dense({ name: "embed", inputs: vocab, outputs: width, init: normal(scale), bias: false });
  const places = { name: PLACES, shape: [context, width], init: normal(scale) };
  return {
    params: learned ? [...embed.params, places] : embed.params,
    apply(p, tokens) {
      const [batch = 0, length = 0] = tokens.shape;
      const rows = batch * length;
      // A one-hot matmul: its gradient is one too, where that of a lookup would be a slow scatter.
      const x = embed.apply(p, nn.oneHot(tokens.reshape([rows]), vocab).astype(np.float32));
      if (!learned) return x;
      const own = param(p, PLACES).slice([0, length], []);
      return x.reshape([batch, length, width]).add(own).reshape([rows, width]);
    },
  };
}
