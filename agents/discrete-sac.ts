/** Soft actor-critic for discrete actions (Christodoulou, 2019, arXiv:1910.07207): expectations over all actions in place of samples. */
import { choice, int, real } from "dojang/env";
import { sampleBatch } from "dojang/protocol";
import { map, tap } from "rxjs";
import { lax, nn, np, type Tensor, type Tensors } from "./nets/backend.ts";
import { numericSpace } from "./nets/features.ts";
import { ACTIVATIONS, dense, type Activation } from "./nets/layers.ts";
import { Model, targetsIn, type HostTensor } from "./nets/model.ts";
import { chain, param } from "./nets/module.ts";
import { padded } from "./nets/padded.ts";
import { constant, orthogonal } from "./nets/params.ts";
import { policyHead } from "./nets/policy.ts";
import { evaluator, oneHotOf, rowsOf } from "./nets/q-net.ts";
import { featuresFor, NET, torso } from "./nets/torso.ts";
import { defineAgent } from "./shared/agent.ts";
import { discreteSpace } from "./shared/fit.ts";
import { NORMALIZE, normalizedFeatures, RewardScale } from "./shared/normalizer.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { replayBuffer } from "./streams/replay-buffer.ts";
import { ReplayMemory } from "./streams/replay-memory.ts";
import type { Act } from "./streams/rollout.ts";
import type { Transitions } from "./streams/transitions.ts";

interface Batch extends Record<string, HostTensor> {
  obs: HostTensor;
  /** one-hot */
  action: HostTensor;
  reward: HostTensor;
  /** gamma, or 0 where the rules ended the episode */
  discount: HostTensor;
  next: HostTensor;
  mask: HostTensor;
  nextMask: HostTensor;
}

const ALPHA = "logAlpha";
/** Added to the logits of illegal actions: small enough to leave nothing, large enough to leave no infinity. */
const ILLEGAL = -1e9;

export const discreteSac = defineAgent({
  id: "discrete-sac",
  summary: "Soft actor-critic for discrete actions: maximises return and entropy together (Christodoulou, 2019)",
  spaces: { observation: numericSpace, action: discreteSpace },
  config: {
    ...NET,
    activation: choice("relu", Object.keys(ACTIVATIONS) as Activation[], { doc: "of the dense layers" }),
    learningRate: ramp({ from: 3e-4, to: 3e-4, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
    tau: real(0.005, { min: 0, max: 1, doc: "share of the critics that their targets take over with each update" }),
    capacity: int(100_000, { min: 1, max: 100_000_000, doc: "transitions kept for replay" }),
    batch: int(64, { min: 1, max: 65_536, doc: "transitions in an update" }),
    every: int(4, { min: 1, max: 1_000_000, doc: "new transitions for each update" }),
    start: int(1_000, { min: 1, max: 100_000_000, doc: "transitions with random actions before the first update" }),
    entropy: real(0.89, { min: 0, max: 1, doc: "wanted entropy, of that of choosing any legal action alike" }),
    temperature: real(1, { min: 1e-9, max: 1e9, doc: "weight of the entropy in the beginning" }),
    ...NORMALIZE,
  },
  build(config, { observation, action }, { clock, rng }) {
    const { gamma, tau, batch: rows, every, start } = config;
    const plain = featuresFor(config, observation, "discrete-sac: observation space");
    const features = normalizedFeatures(plain, config.normalizeObservations);
    const rewards = new RewardScale(gamma, config.normalizeRewards);
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

    const model = new Model<Batch>(
      {
        name: "discrete-sac",
        params: [
          ...[actor, q1, q2].flatMap((part) => part.params),
          { name: ALPHA, shape: [1], init: constant(Math.log(config.temperature)) },
        ],
        optimizer: { kind: "adam" },
        targets: { of: ["q1.", "q2."], share: tau },
        loss(p, batch) {
          const alpha = lax.stopGradient(np.exp(param(p, ALPHA)));
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
          const alphaLoss = np.sum(param(p, ALPHA)).mul(np.mean(entropy.ref.sub(wanted)));
          const metrics = {
            ...{ criticLoss, actorLoss },
            ...{ entropy: np.mean(entropy), alpha: np.sum(alpha), q: np.mean(taken2) },
          };
          return { loss: criticLoss.ref.add(actorLoss.ref).add(alphaLoss), metrics };
        },
      },
      rng("init"),
    );
    const memory = new ReplayMemory(config.capacity);
    const look = evaluator(model, actor, features);

    const choose = ({ obs, n, mask }: Parameters<Act>[0], explore: boolean): ReturnType<Act> => {
      if (explore && clock.steps < start) return { action: sampleBatch(action, n, rng("act"), mask) };
      const drawn = head.draw(look(obs, n), n, new Float32Array(0), mask, explore ? rng("act") : undefined);
      return { action: drawn.action };
    };
    const flags = (mask: Uint8Array | undefined): HostTensor =>
      padded(mask ?? new Float32Array(rows * action.n).fill(1), rows, action.n);
    const learn = (batch: Transitions): Record<string, number> => {
      const learningRate = linear(config.learningRate, clock.steps);
      const metrics = model.step(
        {
          obs: rowsOf(features, batch.obs, rows, rows),
          action: oneHotOf(batch.action, action, rows),
          reward: padded(rewards.apply(batch.reward), rows),
          // A truncated episode still has a future, so only `terminated` cuts the bootstrap.
          discount: padded(
            Float32Array.from(batch.terminated, (ended) => (ended ? 0 : gamma)),
            rows,
          ),
          next: rowsOf(features, batch.next, rows, rows),
          mask: flags(batch.mask),
          nextMask: flags(batch.nextMask),
        },
        learningRate,
      );
      return { ...metrics, learningRate };
    };
    const see = (batch: Transitions): void => {
      features.see(batch.obs, batch.length);
      rewards.see(batch);
    };
    return {
      act: (batch) => choose(batch, true),
      policy: (batch) => choose(batch, false),
      learn: (source) =>
        source.pipe(tap(see), replayBuffer({ memory, rng: rng("replay"), batch: rows, every, start }), map(learn)),
      checkpoint: { model, memory, features, rewards },
    };
  },
});

/** sum over a of pi(a|s) x(s, a), [B]. */
const expected = (logP: Tensor, x: Tensor): Tensor => np.sum(np.exp(logP).mul(x), -1);

/** Half the mean of the squares. */
const half = (error: Tensor): Tensor => np.mean(error.ref.mul(error)).mul(0.5);
