/** Soft actor-critic for discrete actions (Christodoulou, 2019, arXiv:1910.07207): expectations over all actions in place of samples. */
import { real } from "dojang/env";
import { sampleBatch } from "dojang/protocol";
import { lax, nn, np, type Tensor, type Tensors } from "./nets/backend.ts";
import { numericSpace } from "./nets/features.ts";
import { dense } from "./nets/layers.ts";
import { targetsIn, type HostTensor } from "./nets/model.ts";
import { chain } from "./nets/module.ts";
import { padded } from "./nets/padded.ts";
import { orthogonal } from "./nets/params.ts";
import { policyHead } from "./nets/policy.ts";
import { evaluator, oneHotOf } from "./nets/q-net.ts";
import { featuresFor, NET, torso } from "./nets/torso.ts";
import { defineAgent } from "./shared/agent.ts";
import { discreteSpace } from "./shared/fit.ts";
import { normalizedFeatures, RewardScale } from "./shared/normalizer.ts";
import {
  half,
  softConfig,
  softModel,
  softReplay,
  temperatureIn,
  temperatureLoss,
  type SoftBatch,
} from "./shared/soft-actor-critic.ts";
import type { Act } from "./streams/rollout.ts";
import type { Transitions } from "./streams/transitions.ts";

/** Actions are one-hot. */
interface Batch extends SoftBatch {
  mask: HostTensor;
  nextMask: HostTensor;
}

/** Added to the logits of illegal actions: small enough to leave nothing, large enough to leave no infinity. */
const ILLEGAL = -1e9;

export const discreteSac = defineAgent({
  id: "discrete-sac",
  summary: "Soft actor-critic for discrete actions: maximises return and entropy together (Christodoulou, 2019)",
  spaces: { observation: numericSpace, action: discreteSpace },
  config: {
    ...NET,
    ...softConfig({ rate: 3e-4, batch: 64, every: 4 }),
    entropy: real(0.89, { min: 0, max: 1, doc: "wanted entropy, of that of choosing any legal action alike" }),
  },
  build(config, { observation, action }, { id, clock, rng }) {
    const { gamma, batch: rows, start } = config;
    const plain = featuresFor(config, observation, `${id}: observation space`);
    const features = normalizedFeatures(plain, config.normalizeObservations);
    const rewards = new RewardScale(gamma, config.normalizeRewards, observation);
    const head = policyHead(action);
    const net = (name: string, gain: number) => {
      const body = torso({ ...config, features, name });
      return chain(
        body,
        dense({ name: `${name}.out`, inputs: body.outputs, outputs: action.n, init: orthogonal(gain) }),
      );
    };
    const [actor, q1, q2] = [net("actor", 0.01), net("q1", 1), net("q2", 1)];

    /** Log-probabilities [B, actions] of the legal actions; far below all numbers for the others. */
    const logPolicy = (p: Tensors, obs: Tensor, mask: Tensor): Tensor =>
      nn.logSoftmax(actor.apply(p, obs).add(np.array(1).sub(mask).mul(ILLEGAL)), -1);

    const model = softModel<Batch>(
      {
        ...{ name: id, parts: [actor, q1, q2], config },
        loss(p, batch) {
          const alpha = temperatureIn(p);
          const trailing = targetsIn(p);
          const logNext = logPolicy(p, batch.next.ref, batch.nextMask);
          const least = np.minimum(q1.apply(trailing, batch.next.ref), q2.apply(trailing, batch.next));
          const future = expected(logNext.ref, least.sub(alpha.ref.mul(logNext)));
          const target = lax.stopGradient(batch.reward.add(batch.discount.mul(future)));
          const [all1, all2] = [q1.apply(p, batch.obs.ref), q2.apply(p, batch.obs.ref)];
          const taken1 = np.sum(all1.ref.mul(batch.action.ref), -1);
          const taken2 = np.sum(all2.ref.mul(batch.action), -1);
          const criticLoss = half(taken1.sub(target.ref)).add(half(taken2.ref.sub(target)));

          const logP = logPolicy(p, batch.obs, batch.mask.ref);
          const worth = lax.stopGradient(np.minimum(all1, all2));
          const actorLoss = np.mean(expected(logP.ref, alpha.ref.mul(logP.ref).sub(worth)));
          const entropy = lax.stopGradient(expected(logP.ref, logP)).mul(-1);
          const wanted = np.log(np.sum(batch.mask, -1)).mul(config.entropy);
          const alphaLoss = temperatureLoss(p, np.mean(entropy.ref.sub(wanted)));
          const metrics = {
            ...{ criticLoss, actorLoss },
            ...{ entropy: np.mean(entropy), alpha: np.sum(alpha), q: np.mean(taken2) },
          };
          return { loss: criticLoss.ref.add(actorLoss.ref).add(alphaLoss), metrics };
        },
      },
      rng("init"),
    );
    const look = evaluator(model, actor, features);

    const choose = ({ obs, n, mask }: Parameters<Act>[0], explore: boolean): ReturnType<Act> => {
      if (explore && clock.steps < start) return { action: sampleBatch(action, n, rng("act"), mask) };
      const drawn = head.draw(look(obs, n), n, new Float32Array(0), mask, explore ? rng("act") : undefined);
      return { action: drawn.action };
    };
    const flags = (mask: Uint8Array | undefined): HostTensor =>
      padded(mask ?? new Float32Array(rows * action.n).fill(1), rows, action.n);
    const columns = (batch: Transitions) => ({
      action: oneHotOf(batch.action, action, rows),
      mask: flags(batch.mask),
      nextMask: flags(batch.nextMask),
    });
    return {
      act: (batch) => choose(batch, true),
      policy: (batch) => choose(batch, false),
      ...softReplay<Batch>({ config, model, features, rewards, clock, rng: rng("replay"), columns }),
    };
  },
});

/** sum over a of pi(a|s) x(s, a), [B]. */
const expected = (logP: Tensor, x: Tensor): Tensor => np.sum(np.exp(logP).mul(x), -1);
