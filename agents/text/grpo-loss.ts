/** The loss of GRPO (Shao et al., 2024, arXiv:2402.03300) and of those that followed it: Dr. GRPO (2503.20783), DAPO (2503.14476), GSPO (2507.18071). */
import { nn, np, type Tensor, type Tensors } from "../nets/backend.ts";

/**
 * What the sum over tokens is divided by. grpo: each answer by its own length, then by the answers; bnpo: by the tokens of the minibatch;
 * dapo: by the tokens of the whole batch, shared out among its minibatches; dr_grpo: by the answers times the longest length allowed.
 */
export const LOSS_TYPES = ["grpo", "bnpo", "dapo", "dr_grpo"] as const;
export type LossType = (typeof LOSS_TYPES)[number];

/** Whose probability ratio is clipped: each token's, or the geometric mean of an answer's (GSPO). */
export const RATIO_LEVELS = ["token", "sequence"] as const;
export type RatioLevel = (typeof RATIO_LEVELS)[number];

export interface GrpoLossOptions {
  readonly lossType: LossType;
  readonly ratioLevel: RatioLevel;
  /** Ratios below 1 - epsilonLow or above 1 + epsilonHigh win nothing more. */
  readonly epsilonLow: number;
  readonly epsilonHigh: number;
  /** Weight of the divergence from the reference; 0 = there is none. */
  readonly beta: number;
  /** Weight of the policy's entropy, which is added to what is maximised. */
  readonly entropyCoef: number;
  /** Tokens of the longest answer: dr_grpo's divisor. */
  readonly maxLength: number;
  /** Of the sampling: probabilities are those of logits / temperature. */
  readonly temperature: number;
}

/** [B, T] each unless said otherwise. */
export interface GrpoLossInputs extends Record<string, Tensor> {
  /** int32: the token that was drawn at this place */
  readonly target: Tensor;
  /** 1 = a sampled token that is learnt from; 0 = prompt, words of the env, padding */
  readonly weight: Tensor;
  /** its log-probability when it was drawn */
  readonly oldLogProb: Tensor;
  /** its log-probability under the reference; anything where beta is 0 */
  readonly refLogProb: Tensor;
  /** [B, 1] */
  readonly advantage: Tensor;
  /** [1] answers of this minibatch */
  readonly rows: Tensor;
  /** [1] tokens of the whole batch divided by its minibatches */
  readonly tokens: Tensor;
}

/** log pi(target) and the entropy [B, T] of logits [B, T, V] at a temperature. Consumes both. */
export function tokenLogProbs(logits: Tensor, target: Tensor, temperature: number) {
  const vocab = logits.shape.at(-1) ?? 0;
  const logP = nn.logSoftmax(temperature === 1 ? logits : logits.div(temperature), -1);
  const chosen = nn.oneHot(target, vocab).astype(np.float32);
  const entropy = np.sum(np.exp(logP.ref).mul(logP.ref), -1).mul(-1);
  return { logProb: np.sum(logP.mul(chosen), -1), entropy };
}

/** The number to be made small, and what TRL reports under these names. Consumes all inputs. logits [B, T, V]. */
export function grpoLoss(
  logits: Tensor,
  inputs: GrpoLossInputs,
  options: GrpoLossOptions,
): { loss: Tensor; metrics: Tensors } {
  const { beta, epsilonLow, epsilonHigh, entropyCoef, ratioLevel } = options;
  const { weight, advantage, oldLogProb, refLogProb } = inputs;
  const { logProb, entropy } = tokenLogProbs(logits, inputs.target, options.temperature);
  const lengths = np.sum(weight.ref, -1, { keepdims: true });
  // At the first update of a batch the ratio is 1 and the loss about 0: what counts is its gradient.
  const logRatio = logProb.ref.sub(oldLogProb).mul(weight.ref);
  const ratio = np.exp(ratioLevel === "token" ? logRatio : meanOf(logRatio, lengths.ref));
  const bounded = np.clip(ratio.ref, 1 - epsilonLow, 1 + epsilonHigh);
  const gain = np.minimum(ratio.ref.mul(advantage.ref), bounded.mul(advantage.ref));
  const divergence = k3(refLogProb.sub(logProb).mul(weight.ref));
  // Of the shape [B, T] also where there is one ratio an answer.
  let each = gain.mul(-1).add(np.zeros(weight.shape));
  if (beta !== 0) each = each.add(divergence.ref.mul(beta));
  if (entropyCoef !== 0) each = each.sub(entropy.ref.mul(entropyCoef));
  const total = np.maximum(np.sum(weight.ref), 1);
  const mean = (x: Tensor): Tensor => np.sum(x.mul(weight.ref)).div(total.ref);
  const low = ratio.ref
    .less(1 - epsilonLow)
    .astype(np.float32)
    .mul(advantage.ref.less(0).astype(np.float32));
  const high = ratio
    .greater(1 + epsilonHigh)
    .astype(np.float32)
    .mul(advantage.greater(0).astype(np.float32));
  const metrics: Tensors = {
    ...(beta === 0 ? {} : { kl: mean(divergence.ref) }),
    entropy: mean(entropy),
    "clip_ratio/low_mean": mean(low.ref),
    "clip_ratio/high_mean": mean(high.ref),
    "clip_ratio/region_mean": mean(low.add(high)),
  };
  divergence.dispose();
  total.dispose();
  return { loss: overall(each.mul(weight), lengths, inputs, options), metrics };
}

/** The estimator k3 of the divergence (Schulman, 2020), of d = log pi_ref - log pi: never negative, and without bias. */
const k3 = (d: Tensor): Tensor => np.exp(d.ref).sub(d).sub(1);

/** Mean over an answer's tokens [B, 1]; x is 0 elsewhere. */
const meanOf = (x: Tensor, lengths: Tensor): Tensor => np.sum(x, -1, { keepdims: true }).div(np.maximum(lengths, 1));

/** each [B, T], 0 outside the answers. */
function overall(each: Tensor, lengths: Tensor, { rows, tokens }: GrpoLossInputs, options: GrpoLossOptions): Tensor {
  const { lossType, maxLength } = options;
  const divisor = lossType === "grpo" ? rows.ref : lossType === "dapo" ? tokens.ref : rows.ref.mul(maxLength);
  const answers = np.maximum(np.sum(divisor), 1);
  rows.dispose();
  tokens.dispose();
  if (lossType === "grpo") return np.sum(meanOf(each, lengths)).div(answers);
  const count = np.sum(lengths);
  if (lossType !== "bnpo") return (count.dispose(), np.sum(each).div(answers));
  answers.dispose();
  return np.sum(each).div(np.maximum(count, 1));
}
