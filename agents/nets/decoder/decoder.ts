/** A decoder-only transformer: RMS norms before each part, causal attention with rotary positions, a dense or Mixture-of-Experts feed-forward part. */
import { nn, np, type Tensor, type Tensors } from "../backend.ts";
import { dense, rmsNorm } from "../layers.ts";
import { mlp } from "../mlp.ts";
import { param, type Module } from "../module.ts";
import { moe, type MoeShape } from "../moe.ts";
import { normal, type ParamSpec } from "../params.ts";
import { causalAttention } from "./causal-attention.ts";

export interface DecoderOptions {
  /** Tokens are 0 .. vocab-1. */
  readonly vocab: number;
  readonly width: number;
  readonly layers: number;
  /** Divides the width; each head has an even number of numbers. */
  readonly heads: number;
  /** Longest sequence, in tokens. */
  readonly context: number;
  /**
   * How a token's place is told. `rotary`: by turning queries and keys, which sees distances; `learned`: by a vector for each place, added to the
   * token's. Where everything has its fixed place (sums, forms), small nets learn sooner with the latter. Default rotary.
   */
  readonly positions?: "rotary" | "learned";
  /** Width of the hidden layer of a dense feed-forward part; or `moe`. */
  readonly ffn?: number;
  readonly moe?: MoeShape;
}

/** [context, width], with learned positions. */
export const PLACES = "positions.weight";

export interface Decoder {
  readonly options: DecoderOptions;
  readonly params: readonly ParamSpec[];
  /** tokens [B, T] int32, consumed, give logits [B, T, vocab] of the token after each. Borrows the parameters. Every T is compiled anew; multiples of 4 are fast. */
  apply(p: Tensors, tokens: Tensor): Tensor;
}

export function decoder(options: DecoderOptions): Decoder {
  const { vocab, width, layers, heads, context } = options;
  const rotary = options.positions !== "learned";
  const outputGain = 1 / Math.sqrt(2 * layers);
  // Small first values let what attention finds outweigh what a token and its place look like.
  const scale = rotary ? 1 : 0.1;
  const embed = dense({ name: "embed", inputs: vocab, outputs: width, init: normal(scale), bias: false });
  const places = { name: PLACES, shape: [context, width], init: normal(scale) };
  const blocks = Array.from({ length: layers }, (_, i) => {
    const name = `layers.${i}`;
    const attention = causalAttention({ name: `${name}.attention`, width, heads, rotary, outputGain });
    const before = rmsNorm(`${name}.attention.norm`, width);
    const between = rmsNorm(`${name}.ffn.norm`, width);
    const ffn = feedForward(`${name}.ffn`, options, outputGain);
    return { attention, before, between, ffn };
  });
  const last = rmsNorm("norm", width);
  const head = dense({ name: "head", inputs: width, outputs: vocab, init: normal(1 / Math.sqrt(width)), bias: false });
  return {
    options,
    params: [
      ...embed.params,
      ...(rotary ? [] : [places]),
      ...blocks.flatMap(({ before, attention, between, ffn }) =>
        [before, attention, between, ffn].flatMap((part) => part.params),
      ),
      ...last.params,
      ...head.params,
    ],
    apply(p, tokens) {
      const [batch = 0, length = 0] = tokens.shape;
      const rows = batch * length;
      const shape = [batch, length, width];
      let x = embed.apply(p, nn.oneHot(tokens.reshape([rows]), vocab).astype(np.float32));
      if (!rotary)
        x = x
          .reshape(shape)
          .add(param(p, PLACES).slice([0, length], []))
          .reshape([rows, width]);
      for (const { before, attention, between, ffn } of blocks) {
        x = x.ref.add(attention.apply(p, before.apply(p, x).reshape(shape)).reshape([rows, width]));
        x = x.ref.add(ffn.apply(p, between.apply(p, x)));
      }
      return head.apply(p, last.apply(p, x)).reshape([batch, length, vocab]);
    },
  };
}

function feedForward(name: string, { width, ffn, moe: shape }: DecoderOptions, outputGain: number): Module {
  if (shape !== undefined) return moe({ ...shape, name, width, outputGain });
  return mlp({ name, inputs: width, hidden: [ffn ?? 4 * width], outputs: width, activation: "relu2", outputGain });
}
