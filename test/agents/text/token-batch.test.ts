/** Transcripts as batches: lengths that the backend is fast at, targets one place on, and padding that weighs nothing wherever it stands. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import { Model } from "../../../agents/nets/model.ts";
import { grpoLoss, LOSS_TYPES, RATIO_LEVELS, type GrpoLossOptions } from "../../../agents/text/grpo-loss.ts";
import type { GrpoBatch } from "../../../agents/text/grpo-batches.ts";
import { batchLength, tokenBatch } from "../../../agents/text/token-batch.ts";
import type { Transcript } from "../../../agents/text/transcripts.ts";

const PAD = 0;

const row = (prompt: readonly number[], answer: readonly number[]): Transcript => ({
  tokens: [...prompt, ...answer],
  sampled: [...prompt.map(() => 0), ...answer.map(() => 1)],
  logProbs: [...prompt.map(() => 0), ...answer.map((token) => -token / 4)],
  clipped: false,
});

describe("the length of a batch", () => {
  it.each([
    [2, 4],
    [5, 4],
    [6, 8],
    [9, 8],
    [13, 12],
    [14, 16],
  ])("of rows of %i tokens, the last of which is never read, is %i: a multiple of 4", (tokens, length) => {
    const rows = [row([1], [2]), row([1], new Array<number>(tokens - 1).fill(2))];
    expect(batchLength(rows, 64)).toBe(length);
  });

  it("never shrinks: each new length is compiled anew", () => {
    expect([batchLength([row([1], [2])], 64, 12), batchLength([], 64, 8), batchLength([], 64)]).toEqual([12, 8, 4]);
  });

  it("ends at the context: 30 places for rows of 30 and 31 tokens, 3 where there are 3 at all", () => {
    const rows = (tokens: number) => [row([1], new Array<number>(tokens - 1).fill(2))];
    expect([29, 30, 31].map((tokens) => batchLength(rows(tokens), 30))).toEqual([28, 30, 30]);
    expect(batchLength(rows(4), 3)).toBe(3);
  });
});

it("puts each token beside the one after it, weighs what was sampled, and fills up with the pad token alone", () => {
  const { tokens, target, weight, oldLogProb } = tokenBatch([row([3, 4], [2, 1]), undefined, row([5], [4])], 4, PAD);
  expect([...tokens.data]).toEqual([3, 4, 2, 0, 0, 0, 0, 0, 5, 0, 0, 0]);
  expect([...target.data]).toEqual([4, 2, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0]);
  expect([...weight.data]).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
  expect([...oldLogProb.data]).toEqual([0, -0.5, -0.25, 0, 0, 0, 0, 0, -1, 0, 0, 0]);
  for (const { shape } of [tokens, target, weight, oldLogProb]) expect(shape).toEqual([3, 4]);
});

describe.each(LOSS_TYPES)("padding under a loss of type %s", (lossType) => {
  const net = decoder({ vocab: 6, width: 8, layers: 1, heads: 2, context: 16, ffn: 8, pad: PAD });
  const rows = [row([3, 4], [2, 1, 5]), row([5], [4]), undefined, row([2, 2, 2], [3, 1])];

  /** Gradient of the rows filled up to a length with a token; rows that are not learnt from have an advantage too. */
  function gradient(length: number, fill: number, ratioLevel: GrpoLossOptions["ratioLevel"]): number[] {
    const options = { lossType, ratioLevel, epsilonLow: 0.2, epsilonHigh: 0.2, beta: 0.1, entropyCoef: 0.01, maxLength: 4, temperature: 1 }; // prettier-ignore
    const model = new Model<GrpoBatch>(
      {
        name: "net",
        params: net.params,
        optimizer: { kind: "adam" },
        loss(p, { tokens, all, ...batch }) {
          return grpoLoss(net.apply(p, tokens), { ...batch, tokens: all }, options);
        },
      },
      new Rng(2),
    );
    const { tokens, target, weight, oldLogProb } = tokenBatch(rows, length, PAD);
    const other = ({ data, shape }: typeof tokens): typeof tokens => ({ data: data.map((token) => (token === PAD ? fill : token)), shape }); // prettier-ignore
    const { gradients } = model.differentiate({
      ...{ tokens: other(tokens), target: other(target), weight, oldLogProb },
      refLogProb: { data: oldLogProb.data.map((x) => x * 1.1), shape: oldLogProb.shape },
      advantage: { data: Float32Array.of(1, -0.5, 3, 0.7), shape: [4, 1] },
      rows: { data: Float32Array.of(3), shape: [1] },
      all: { data: Float32Array.of(6), shape: [1] },
    });
    return Object.values(gradients).flatMap((values) => [...values]);
  }

  it.each(RATIO_LEVELS)("changes no gradient, neither its length nor its token (ratios of each %s)", (ratioLevel) => {
    const [own, ...others] = [
      gradient(4, PAD, ratioLevel),
      gradient(12, PAD, ratioLevel),
      gradient(12, 3, ratioLevel),
      gradient(7, PAD, ratioLevel),
    ];
    expect(Math.max(...own.map(Math.abs))).toBeGreaterThan(0.01);
    for (const other of others) own.forEach((slope, i) => expect(Math.abs(slope - other[i]!)).toBeLessThan(1e-6));
  });
});
