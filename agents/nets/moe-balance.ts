/** Balance of the experts: loads, the sequence-wise loss (DeepSeek-V3, arXiv:2412.19437, 2.1.2), and the bias that evens loads out without a loss (Wang et al., 2024, arXiv:2408.15664). */
import { np, type Tensor } from "./backend.ts";
import type { HostTensor } from "./host-tensor.ts";
import { hotOf, type Routing } from "./moe-route.ts";

/** How many tokens each expert was sent, by kind of token: weights [N, kinds], consumed, 0 for padding -> [kinds, experts]. Borrows the routing. */
export const loadsOf = (routing: Routing, weights: Tensor): Tensor =>
  np.matmul(weights.transpose([1, 0]), np.sum(hotOf(routing), 1));

/**
 * sum of f_i P_i over the experts, averaged over the sequences: f_i the expert's share of the tokens times experts / active, P_i its mean normalised score.
 * 1 when both are even. weight [B, T], consumed, 0 for padding; the routing's rows are those of the sequences, one after the other; borrowed.
 */
export function sequenceBalance(routing: Routing, weight: Tensor): Tensor {
  const [batch = 0, length = 0] = weight.shape;
  const [experts = 0, active = 0] = [routing.scores.shape[1], routing.chosen.shape[1]];
  const counts = weight.reshape([batch, length, 1]);
  const mean = (x: Tensor): Tensor => {
    const total = np.maximum(np.sum(counts.ref, 1), 1);
    return np.sum(x.reshape([batch, length, experts]).mul(counts.ref), 1).div(total);
  };
  const share = routing.scores.ref.div(np.sum(routing.scores.ref, -1, { keepdims: true }).add(1e-20));
  const [often, likely] = [mean(np.sum(hotOf(routing), 1)), mean(share)];
  counts.dispose();
  return np.mean(np.sum(often.mul(likely), -1)).mul(experts / active);
}

/** (largest load - mean load) / mean load: 0 when all experts are sent the same. NaN without a token. */
export function maxViolation(loads: ArrayLike<number>): number {
  const mean = sum(loads) / loads.length;
  return mean === 0 ? NaN : Math.max(...Array.from(loads)) / mean - 1;
}

/** Entropy of the loads, divided by that of even loads: 1 when all experts are sent the same, 0 when one is sent all. NaN without a token. */
export function loadEntropy(loads: ArrayLike<number>): number {
  const total = sum(loads);
  if (total === 0) return NaN;
  if (loads.length === 1) return 1;
  const entropy = Array.from(loads, (load) => (load === 0 ? 0 : -(load / total) * Math.log(load / total)));
  return sum(entropy) / Math.log(loads.length);
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

/** A model whose selection biases can be read and set. */
export interface Biased {
  values(name: string): Float32Array;
  transfer(weights: Readonly<Record<string, HostTensor>>): string[];
}

/** Counts loads over an update, then moves the biases. One for all layers of a net. */
export class ExpertBalance {
  readonly #layers: readonly string[];
  readonly #rate: number;
  readonly #loads: Float64Array[];

  /** @param layers names of the layers  @param rate what a bias moves by, gamma in the paper */
  constructor(layers: readonly string[], experts: number, rate: number) {
    this.#layers = layers;
    this.#rate = rate;
    this.#loads = layers.map(() => new Float64Array(experts));
  }

  /** Adds the loads of a minibatch: [layers, experts]. */
  count(loads: ArrayLike<number>): void {
    let at = 0;
    for (const layer of this.#loads) for (let e = 0; e < layer.length; e++) layer[e]! += loads[at++] ?? 0;
  }

  /** Loads since the last update, by layer. */
  get loads(): readonly Float64Array[] {
    return this.#loads;
  }

  /** bias_i += rate * sign(mean load - load_i); what was counted is reported, averaged over the layers, and forgotten. */
  update(model: Biased): { readonly max_violation: number; readonly load_entropy: number } {
    const mean = (of: (loads: Float64Array) => number): number => sum(this.#loads.map(of)) / this.#loads.length;
    const report = { max_violation: mean(maxViolation), load_entropy: mean(loadEntropy) };
    for (const [i, name] of this.#layers.entries()) {
      const [loads, bias] = [this.#loads[i]!, model.values(`${name}.bias`)];
      const even = sum(loads) / loads.length;
      bias.forEach((value, e) => (bias[e] = value + this.#rate * Math.sign(even - loads[e]!)));
      model.transfer({ [`${name}.bias`]: { data: bias, shape: [bias.length] } });
      loads.fill(0);
    }
    return report;
  }
}
