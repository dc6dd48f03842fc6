/** Quantile regression DQN (Dabney et al., 2018, arXiv:1710.10044): N quantiles of the return for each action, in place of its mean. */
import { int } from "dojang/env";
import { np, type Tensor } from "./nets/backend.ts";
import { huber } from "./nets/huber.ts";
import { defineReplayQ, REPLAY_Q } from "./shared/q-replay.ts";

export const qrDqn = defineReplayQ({
  id: "qr-dqn",
  summary: "Quantile regression DQN: learns the distribution of the return by its quantiles (Dabney et al., 2018)",
  config: {
    ...REPLAY_Q,
    quantiles: int(25, { min: 1, max: 1_000, doc: "quantiles for each action" }),
  },
  build: ({ quantiles, kappa }) => ({
    width: quantiles,
    loss: (chosen, target) => quantileHuber(chosen, target, kappa),
  }),
});

/**
 * [B]: the sum over i of the mean over j of |tau_i - 1{u < 0}| L_kappa(u) / kappa, where u = target_j - theta_i and tau_i = (2 i + 1) / 2 N.
 * theta and target are [B, N]; consumes both.
 */
export function quantileHuber(theta: Tensor, target: Tensor, kappa: number): Tensor {
  const count = theta.shape[1] ?? 1;
  const tau = np
    .array(Float32Array.from({ length: count }, (_, i) => (2 * i + 1) / (2 * count)))
    .reshape([1, count, 1]);
  const u = target.reshape([-1, 1, count]).sub(theta.reshape([-1, count, 1]));
  const weight = np.abs(tau.sub(u.ref.less(0).astype(np.float32)));
  const each = weight.mul(huber(u, kappa)).mul(1 / kappa);
  return np.sum(np.mean(each, -1), -1);
}
