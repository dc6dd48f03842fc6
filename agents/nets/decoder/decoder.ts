/** A decoder-only transformer: RMS norms before each part, causal attention with rotary positions, a dense or Mixture-of-Experts feed-forward part. */
import { np, type Tensor, type Tensors } from "../backend.ts";
import { dense, rmsNorm } from "../layers.ts";
import { mlp } from "../mlp.ts";
import { loadsOf, sequenceBalance } from "../moe-balance.ts";
import type { Routing } from "../moe-route.ts";
import { moe, type Moe, type MoeShape, type Use } from "../moe.ts";
import type { Module } from "../module.ts";
import { normal, type ParamSpec } from "../params.ts";
import { causalAttention } from "./causal-attention.ts";
import { embedding } from "./embedding.ts";

export interface DecoderOptions {
  /** Tokens are 0 .. vocab-1. */
  readonly vocab: number;
  readonly width: number;
  readonly layers: number;
  /** Divides the width into parts of an even size. */
  readonly heads: number;
  /** Longest sequence, in tokens. */
  readonly context: number;
  /**
   * How a token's place is told. `rotary`: by turning queries and keys, which sees distances; `learned`: by a vector for each place, added to the
   * token's. Where everything has its fixed place (sums, forms), small nets learn sooner with the latter. Default rotary.
   */
  readonly positions?: "rotary" | "learned";
  /** Width of the hidden layer of a dense feed-forward part. Default four times the width. */
  readonly ffn?: number;
  /** Experts instead of a dense part. */
  readonly moe?: MoeShape;
  /** The token that fills up rows: it does not count in loads. Default: every token counts. */
  readonly pad?: number;
}

export interface Forward {
  /** [B, T, vocab] of the token after each. */
  readonly logits: Tensor;
  /** Of a net with experts. */
  readonly experts?: {
    /** [layers, experts] how many tokens each was sent: what `ExpertBalance` counts. */
    readonly loads: Tensor;
    /** To be added to the loss; a number, 0 unless `balanceWeight` is above. */
    readonly loss: Tensor;
  };
}

export interface Decoder {
  readonly options: DecoderOptions;
  readonly params: readonly ParamSpec[];
  /** Names of the layers with experts. */
  readonly routed: readonly string[];
  /** tokens [B, T] int32, consumed, give logits [B, T, vocab] of the token after each. Borrows the parameters. Every T is compiled anew; multiples of 4 are fast. */
  apply(p: Tensors, tokens: Tensor, use?: Use): Tensor;
  /** The same, with what balances experts. */
  forward(p: Tensors, tokens: Tensor, use?: Use): Forward;
}

/** @throws {RangeError} for heads that do not divide the width into parts of an even size, and for experts that cannot be chosen */
export function decoder(options: DecoderOptions): Decoder {
  const { vocab, width, layers, moe: shape } = options;
  const embed = embedding(options);
  const blocks = Array.from({ length: layers }, (_, i) => block(`layers.${i}`, options));
  const last = rmsNorm("norm", width);
  const head = dense({ name: "head", inputs: width, outputs: vocab, init: normal(1 / Math.sqrt(width)), bias: false });
  const run = (p: Tensors, tokens: Tensor, use: Use): { logits: Tensor; routings: Routing[] } => {
    const [batch = 0, length = 0] = tokens.shape;
    const routings: Routing[] = [];
    let x = embed.apply(p, tokens);
    for (const one of blocks) x = one(p, x, [batch, length, width], use, routings);
    return { logits: head.apply(p, last.apply(p, x)).reshape([batch, length, vocab]), routings };
  };
  return {
    options,
    params: [embed, ...blocks, last, head].flatMap(({ params }) => params),
    routed: shape === undefined ? [] : blocks.map((_, i) => `layers.${i}.ffn`),
    apply(p, tokens, use = "train") {
      const { logits, routings } = run(p, tokens, use);
      routings.forEach(drop);
      return logits;
    },
    forward(p, tokens, use = "train") {
      const weight = countedOf(tokens.ref, options.pad);
      const { logits, routings } = run(p, tokens, use);
      if (shape === undefined) return (weight.dispose(), { logits });
      return { logits, experts: balanced(routings, weight, shape) };
    },
  };
}

interface Block {
  readonly params: readonly ParamSpec[];
  /** x [B * T, width], consumed; routings are added to, and the caller's. */
  (p: Tensors, x: Tensor, shape: number[], use: Use, routings: Routing[]): Tensor;
}

function block(name: string, options: DecoderOptions): Block {
  const { width, layers, heads, ffn = 4 * width, moe: shape, positions } = options;
  // As many parts add to the residual stream as there are layers, twice: smaller first values keep its scale.
  const outputGain = 1 / Math.sqrt(2 * layers);
  const rotary = positions !== "learned";
  const attention = causalAttention({ name: `${name}.attention`, width, heads, rotary, outputGain });
  const [before, between] = [rmsNorm(`${name}.attention.norm`, width), rmsNorm(`${name}.ffn.norm`, width)];
  const experts: Moe | undefined = shape && moe({ ...shape, name: `${name}.ffn`, width, outputGain });
  const part: Module = experts ?? mlp({ name: `${name}.ffn`, inputs: width, hidden: [ffn], outputs: width, activation: "relu2", outputGain }); // prettier-ignore
  const apply = (p: Tensors, x: Tensor, [batch = 0, length = 0]: number[], use: Use, routings: Routing[]): Tensor => {
    const rows = [batch * length, width];
    const attended = attention.apply(p, before.apply(p, x.ref).reshape([batch, length, width])).reshape(rows);
    const y = x.add(attended);
    const u = between.apply(p, y.ref);
    if (experts === undefined) return y.add(part.apply(p, u));
    const { out, routing } = experts.forward(p, u, use);
    routings.push(routing);
    return y.add(out);
  };
  return Object.assign(apply, { params: [before, attention, between, part].flatMap(({ params }) => params) });
}

/** tokens [B, T], consumed -> 1, and 0 for padding. */
const countedOf = (tokens: Tensor, pad = -1): Tensor => tokens.notEqual(pad).astype(np.float32);

/** Consumes all. */
function balanced(routings: readonly Routing[], weight: Tensor, { balanceWeight = 0 }: MoeShape) {
  const rows = (weight.shape[0] ?? 0) * (weight.shape[1] ?? 0);
  const loads = np.concatenate(routings.map((routing) => loadsOf(routing, weight.ref.reshape([rows, 1]))), 0); // prettier-ignore
  const even = balanceWeight === 0 ? [] : routings.map((routing) => sequenceBalance(routing, weight.ref));
  weight.dispose();
  routings.forEach(drop);
  const loss = even.reduce((sum, one) => sum.add(one.mul(balanceWeight)), np.array(0));
  return { loads, loss };
}

function drop({ scores, chosen }: Routing): void {
  scores.dispose();
  chosen.dispose();
}
