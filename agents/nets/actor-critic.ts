/** An actor and a critic over the same observations: their net, and the loss of policy gradients with a value as baseline. */
import { np, type Tensor, type Tensors } from "./backend.ts";
import type { HostTensor } from "./host-tensor.ts";
import { dense } from "./layers.ts";
import { hasExperts, type MoeTorso } from "./moe-torso.ts";
import type { ParamSpec } from "./params.ts";
import { orthogonal } from "./params.ts";
import type { PolicyHead } from "./policy.ts";
import { isConv, torso, type TorsoOptions } from "./torso.ts";

/** What learning looks at, B rows of it. */
export interface ActorCriticBatch extends Record<string, HostTensor> {
  obs: HostTensor;
  /** what was drawn, as the policy head reads it */
  raw: HostTensor;
  /** legal actions; all 1 where there is no mask */
  mask: HostTensor;
  /** log-probability at the time of acting */
  logProb: HostTensor;
  advantage: HostTensor;
  return: HostTensor;
  /** adds up to 1; 0 for rows that only fill up */
  weight: HostTensor;
}

type Batch = { readonly [K in keyof ActorCriticBatch]: Tensor };

/** Rows [B] as a policy loss sees them, all for it to consume. */
export interface Acted {
  readonly logProb: Tensor;
  /** at the time of acting */
  readonly before: Tensor;
  readonly advantage: Tensor;
}

/** Numbers [] to make small and to report. `mean` is over the rows that count, and consumes its argument. */
export type PolicyLoss = (acted: Acted, mean: (rows: Tensor) => Tensor) => { readonly policyLoss: Tensor } & Tensors;

/** log pi(a|s) A: the policy gradient itself (Williams, 1992). */
export const policyGradient: PolicyLoss = ({ logProb, before, advantage }, mean) => {
  before.dispose();
  return { policyLoss: mean(logProb.mul(advantage)).mul(-1) };
};

export interface ActorCritic {
  readonly params: readonly ParamSpec[];
  /** obs [B, features], consumed, to the policy head's outputs [B, outputs] and values [B]. */
  forward(p: Tensors, obs: Tensor): { outputs: Tensor; value: Tensor };
  /** Its torsos that have experts. */
  readonly experts: readonly MoeTorso[];
}

/** A convolution is shared by actor and critic; dense layers are cheap enough for one each, which learns faster. */
export function actorCritic(head: PolicyHead, net: Omit<TorsoOptions, "name">) {
  const shared = isConv(net);
  const actor = torso({ ...net, name: shared ? "torso" : "actor" });
  const critic = shared ? actor : torso({ ...net, name: "critic" });
  const policy = dense({ name: "policy", inputs: actor.outputs, outputs: head.outputs, init: orthogonal(0.01) });
  const value = dense({ name: "value", inputs: critic.outputs, outputs: 1, init: orthogonal(1) });
  return {
    params: [...actor.params, ...(shared ? [] : critic.params), ...policy.params, ...value.params, ...head.params],
    experts: [actor, critic].filter(hasExperts),
    forward(p, obs) {
      const acting = actor.apply(p, shared ? obs : obs.ref);
      const judging = shared ? acting.ref : critic.apply(p, obs);
      return { outputs: policy.apply(p, acting), value: value.apply(p, judging).reshape([-1]) };
    },
  } satisfies ActorCritic;
}

export interface LossWeights {
  readonly valueCoef: number;
  readonly entropyCoef: number;
}

/** policyLoss + valueCoef (V - return)^2 / 2 - entropyCoef H. Borrows the parameters, consumes the batch. */
export const actorCriticLoss =
  (net: ActorCritic, head: PolicyHead, { valueCoef, entropyCoef }: LossWeights, policyLoss: PolicyLoss) =>
  (p: Tensors, batch: Batch) => {
    const { outputs, value } = net.forward(p, batch.obs);
    const { logProb, entropy } = head.evaluate(p, outputs, batch.raw, batch.mask);
    const mean = (rows: Tensor): Tensor => np.sum(rows.mul(batch.weight.ref));
    const error = value.sub(batch.return);
    const ofPolicy = policyLoss({ logProb, before: batch.logProb, advantage: batch.advantage }, mean);
    const metrics = { ...ofPolicy, valueLoss: mean(error.ref.mul(error)).mul(0.5), entropy: mean(entropy) };
    batch.weight.dispose();
    const loss = metrics.policyLoss.ref
      .add(metrics.valueLoss.ref.mul(valueCoef))
      .sub(metrics.entropy.ref.mul(entropyCoef));
    return { loss, metrics };
  };
