/** The loss of GRPO: value, gradient and metrics agree with the formulas, written out slowly token by token. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { np, valueAndGrad, type Tensor, type Tensors } from "../../../agents/nets/backend.ts";
import {
  grpoLoss,
  LOSS_TYPES,
  RATIO_LEVELS,
  type GrpoLossInputs,
  type GrpoLossOptions,
} from "../../../agents/text/grpo-loss.ts";

const [B, T, V] = [4, 3, 5];
/** Lengths 3, 2, 3, 1: what divides the loss differs by type. */
const WEIGHT = [1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1];
const ADVANTAGE = [1.2, -0.7, -0.5, 0.9];

interface Batch {
  readonly logits: Float64Array;
  readonly target: Int32Array;
  readonly oldLogProb: Float64Array;
  readonly refLogProb: Float64Array;
}

const plain: GrpoLossOptions = {
  ...{ lossType: "grpo", ratioLevel: "token", epsilonLow: 0.2, epsilonHigh: 0.28, beta: 0.04 },
  ...{ entropyCoef: 0, maxLength: 3, temperature: 1 },
};

/** The policy has moved away from the one that sampled: ratios on both sides of both bounds. */
function batch(seed: number): Batch {
  const rng = new Rng(seed);
  const logits = Float64Array.from({ length: B * T * V }, () => rng.normal());
  const target = Int32Array.from({ length: B * T }, () => rng.int(V));
  const moved = (by: number): Float64Array =>
    Float64Array.from(target, (token, at) => logProbs(logits, at, 1)[token]! + by * rng.normal());
  return { logits, target, oldLogProb: moved(0.5), refLogProb: moved(0.5) };
}

function logProbs(logits: Float64Array, at: number, temperature: number): number[] {
  const row = Array.from(logits.subarray(at * V, (at + 1) * V), (x) => x / temperature);
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return row.map((x) => x - Math.log(total));
}

/** -J of the papers: equation (3) of DeepSeekMath, with the divisors and ratios of the papers that changed them. */
function slow({ logits, target, oldLogProb, refLogProb }: Batch, options: GrpoLossOptions): number {
  const { lossType, ratioLevel, epsilonLow, epsilonHigh, beta, entropyCoef, maxLength, temperature } = options;
  let [sum, tokens] = [0, 0];
  for (let i = 0; i < B; i++) {
    const places = [0, 1, 2].map((t) => i * T + t).filter((at) => WEIGHT[at] === 1);
    const logP = places.map((at) => logProbs(logits, at, temperature));
    const logRatios = places.map((at, k) => logP[k]![target[at]!]! - oldLogProb[at]!);
    const geometric = logRatios.reduce((a, b) => a + b, 0) / places.length;
    let answer = 0;
    places.forEach((at, k) => {
      const rho = Math.exp(ratioLevel === "token" ? logRatios[k]! : geometric);
      const clipped = Math.min(Math.max(rho, 1 - epsilonLow), 1 + epsilonHigh);
      const d = refLogProb[at]! - logP[k]![target[at]!]!;
      const entropy = -logP[k]!.reduce((total, x) => total + Math.exp(x) * x, 0);
      const gain = Math.min(rho * ADVANTAGE[i]!, clipped * ADVANTAGE[i]!);
      answer -= gain - beta * (Math.exp(d) - d - 1) + entropyCoef * entropy;
    });
    sum += lossType === "grpo" ? answer / places.length : answer;
    tokens += places.length;
  }
  // The batch is two minibatches long: dapo divides by half of its 22 tokens.
  return sum / { grpo: B, bnpo: tokens, dapo: 11, dr_grpo: B * maxLength }[lossType];
}

const put = (data: ArrayLike<number>, shape: number[]): Tensor => np.array(Float32Array.from(data)).reshape(shape);

function inputs({ target, oldLogProb, refLogProb }: Batch): GrpoLossInputs {
  return {
    target: np.array(target as Int32Array<ArrayBuffer>).reshape([B, T]),
    weight: put(WEIGHT, [B, T]),
    oldLogProb: put(oldLogProb, [B, T]),
    refLogProb: put(refLogProb, [B, T]),
    advantage: put(ADVANTAGE, [B, 1]),
    rows: put([B], [1]),
    tokens: put([11], [1]),
  };
}

function fast(one: Batch, options: GrpoLossOptions) {
  let names: string[] = [];
  const objective = (p: Tensors): [Tensor, Tensor] => {
    const { loss, metrics } = grpoLoss(p["logits"]!, inputs(one), options);
    names = Object.keys(metrics);
    return [loss, np.concatenate(Object.values(metrics).map((metric) => metric.reshape([1])))];
  };
  const [[loss, metrics], gradients] = valueAndGrad(objective, { hasAux: true })({
    logits: put(one.logits, [B, T, V]),
  }) as unknown as [[Tensor, Tensor], Tensors];
  const numbers = metrics.dataSync();
  return {
    loss: loss.dataSync()[0]!,
    gradient: gradients["logits"]!.dataSync(),
    metrics: Object.fromEntries(names.map((name, i) => [name, numbers[i]!])),
  };
}

function difference(one: Batch, options: GrpoLossOptions, at: number): number {
  const moved = (by: number): number => {
    const logits = one.logits.slice();
    logits[at]! += by;
    return slow({ ...one, logits }, options);
  };
  return (moved(1e-5) - moved(-1e-5)) / 2e-5;
}

describe.each(LOSS_TYPES)("the loss of type %s", (lossType) => {
  it.each(RATIO_LEVELS)(
    "has, with ratios of each %s, the value and the gradient of its formula within 1e-4",
    (ratioLevel) => {
      for (const seed of [1, 2, 3]) {
        const options = { ...plain, lossType, ratioLevel, entropyCoef: 0.01 };
        const one = batch(seed);
        const { loss, gradient } = fast(one, options);
        expect(loss).toBeCloseTo(slow(one, options), 5);
        for (let at = 0; at < gradient.length; at++)
          expect(Math.abs(gradient[at]! - difference(one, options, at))).toBeLessThan(1e-4);
      }
    },
  );
});

it("takes the probabilities at the temperature of the sampling", () => {
  const options = { ...plain, temperature: 0.7 };
  const one = batch(4);
  expect(fast(one, options).loss).toBeCloseTo(slow(one, options), 5);
});

it("stops the gradient where a ratio has already won or lost beyond its bound, and not on the other side", () => {
  const one = batch(5);
  // Ratios 2, 0.5, 2, 0.5 at the first token of the rows with weight there; advantages +, -, -, +.
  const ratios = [2, 0.5, 2, 0.5];
  const oldLogProb = Float64Array.from(
    one.target,
    (token, at) => logProbs(one.logits, at, 1)[token]! - Math.log(ratios[Math.floor(at / T)]!),
  );
  const { gradient, metrics } = fast({ ...one, oldLogProb }, { ...plain, beta: 0 });
  const moves = (row: number): boolean =>
    gradient.slice(row * T * V, (row + 1) * T * V).some((x) => Math.abs(x) > 1e-6);
  expect([0, 1, 2, 3].map(moves)).toEqual([false, false, true, true]);
  // Of 9 tokens, the 3 of the first row are held above, the 2 of the second below.
  expect(metrics["clip_ratio/high_mean"]).toBeCloseTo(3 / 9, 6);
  expect(metrics["clip_ratio/low_mean"]).toBeCloseTo(2 / 9, 6);
  expect(metrics["clip_ratio/region_mean"]).toBeCloseTo(5 / 9, 6);
});

it("reports the divergence k3 from the reference: 0 for the same policy, exp(d) - d - 1 else", () => {
  const one = batch(6);
  const own = Float64Array.from(one.target, (token, at) => logProbs(one.logits, at, 1)[token]!);
  expect(fast({ ...one, refLogProb: own }, plain).metrics["kl"]).toBeCloseTo(0, 6);
  const further = own.map((x) => x - 0.5);
  expect(fast({ ...one, refLogProb: further }, plain).metrics["kl"]).toBeCloseTo(Math.exp(-0.5) + 0.5 - 1, 5);
});
