/** Soft actor-critic (Haarnoja et al., 2018, arXiv:1812.05905): twin critics, trailing targets, and a temperature that keeps the entropy where it is asked for. */
import { choice, int, list, real } from "dojang/env";
import { sampleBatch } from "dojang/protocol";
import { map, tap } from "rxjs";
import { lax, np, type Tensor, type Tensors } from "./nets/backend.ts";
import { featuresOf, numericSpace } from "./nets/features.ts";
import { ACTIVATIONS, dense, type Activation } from "./nets/layers.ts";
import { mlp } from "./nets/mlp.ts";
import { Model, targetsIn, type HostTensor } from "./nets/model.ts";
import { param } from "./nets/module.ts";
import { padded, paddedLength } from "./nets/padded.ts";
import { constant, orthogonal } from "./nets/params.ts";
import { rowsOf } from "./nets/q-net.ts";
import { boundedBox, squashed } from "./nets/squashed.ts";
import { defineAgent } from "./shared/agent.ts";
import { NORMALIZE, normalizedFeatures, RewardScale } from "./shared/normalizer.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { replayBuffer } from "./streams/replay-buffer.ts";
import { ReplayMemory } from "./streams/replay-memory.ts";
import type { Act } from "./streams/rollout.ts";
import type { Transitions } from "./streams/transitions.ts";

interface Batch extends Record<string, HostTensor> {
  obs: HostTensor;
  action: HostTensor;
  reward: HostTensor;
  /** gamma, or 0 where the rules ended the episode */
  discount: HostTensor;
  next: HostTensor;
  noise: HostTensor;
  nextNoise: HostTensor;
}

const ALPHA = "logAlpha";

export const sac = defineAgent({
  id: "sac",
  summary: "Soft actor-critic for actions in a box: maximises return and entropy together (Haarnoja et al., 2018)",
  spaces: { observation: numericSpace, action: boundedBox },
  config: {
    hidden: list(int(64, { min: 1, max: 4096 }), [64, 64], { maxLength: 8, doc: "widths of the dense layers" }),
    activation: choice("relu", Object.keys(ACTIVATIONS) as Activation[], { doc: "of the dense layers" }),
    learningRate: ramp({ from: 1e-3, to: 1e-3, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
    tau: real(0.005, { min: 0, max: 1, doc: "share of the critics that their targets take over with each update" }),
    capacity: int(100_000, { min: 1, max: 100_000_000, doc: "transitions kept for replay" }),
    batch: int(256, { min: 1, max: 65_536, doc: "transitions in an update" }),
    every: int(1, { min: 1, max: 1_000_000, doc: "new transitions for each update" }),
    start: int(1_000, { min: 1, max: 100_000_000, doc: "transitions with random actions before the first update" }),
    entropy: real(-1, { min: -100, max: 100, doc: "wanted entropy for each number of an action in -1 .. 1" }),
    temperature: real(1, { min: 1e-9, max: 1e9, doc: "weight of the entropy in the beginning" }),
    ...NORMALIZE,
  },
  build(config, { observation, action }, { clock, rng }) {
    const { gamma, tau, hidden, activation, batch: rows, every, start } = config;
    const features = normalizedFeatures(
      featuresOf(observation, "sac: observation space"),
      config.normalizeObservations,
    );
    const rewards = new RewardScale(gamma, config.normalizeRewards);
    const head = squashed(action);
    const wantedEntropy = config.entropy * head.size;

    const actor = mlp({ name: "actor", inputs: features.size, hidden, activation });
    const output = { inputs: actor.outputs, outputs: head.size, init: orthogonal(0.01) };
    const [mean, spread] = [dense({ name: "mean", ...output }), dense({ name: "spread", ...output })];
    const critic = (name: string) => mlp({ name, inputs: features.size + head.size, hidden, activation, outputs: 1 });
    const critics = [critic("q1"), critic("q2")] as const;

    const look = (p: Tensors, obs: Tensor): { mean: Tensor; spread: Tensor } => {
      const seen = actor.apply(p, obs);
      return { mean: mean.apply(p, seen.ref), spread: spread.apply(p, seen) };
    };
    const act = (p: Tensors, obs: Tensor, noise: Tensor) => {
      const at = look(p, obs);
      return head.sample(at.mean, at.spread, noise);
    };
    /** Q1 and Q2, [B] each. */
    const judge = (p: Tensors, obs: Tensor, chosen: Tensor): readonly [Tensor, Tensor] => {
      const both = np.concatenate([obs, chosen], 1);
      return [critics[0].apply(p, both.ref).reshape([-1]), critics[1].apply(p, both).reshape([-1])];
    };

    const model = new Model<Batch>(
      {
        name: "sac",
        params: [
          ...[actor, mean, spread, ...critics].flatMap((part) => part.params),
          { name: ALPHA, shape: [1], init: constant(Math.log(config.temperature)) },
        ],
        optimizer: { kind: "adam" },
        targets: { of: ["q1.", "q2."], share: tau },
        loss(p, batch) {
          const alpha = lax.stopGradient(np.exp(param(p, ALPHA)));
          const after = act(p, batch.next.ref, batch.nextNoise);
          const future = np.minimum(...judge(targetsIn(p), batch.next, after.action)).sub(alpha.ref.mul(after.logProb));
          const target = lax.stopGradient(batch.reward.add(batch.discount.mul(future)));
          const [q1, q2] = judge(p, batch.obs.ref, batch.action);
          const criticLoss = half(q1.sub(target.ref)).add(half(q2.ref.sub(target)));

          const now = act(p, batch.obs.ref, batch.noise);
          // The actor follows the critics' gradient with respect to the action; the critics do not follow the actor.
          const fixed = Object.fromEntries(
            Object.entries(p).map(([name, value]) => [name, lax.stopGradient(value.ref)]),
          );
          const worth = np.minimum(...judge(fixed, batch.obs, now.action));
          for (const value of Object.values(fixed)) value.dispose();
          const actorLoss = np.mean(alpha.ref.mul(now.logProb.ref).sub(worth));
          const entropy = np.mean(lax.stopGradient(now.logProb)).mul(-1);
          const alphaLoss = np.sum(param(p, ALPHA)).mul(entropy.ref.sub(wantedEntropy));
          const metrics = { criticLoss, actorLoss, entropy, alpha: np.sum(alpha), q: np.mean(q2) };
          return { loss: criticLoss.ref.add(actorLoss.ref).add(alphaLoss), metrics };
        },
      },
      rng("init"),
    );
    const memory = new ReplayMemory(config.capacity);
    const run = model.compile<{ obs: HostTensor }, "mean" | "spread">((p, { obs }) => look(p, obs));

    const choose = ({ obs, n }: Parameters<Act>[0], explore: boolean): ReturnType<Act> => {
      if (explore && clock.steps < start) return { action: sampleBatch(action, n, rng("act")) };
      const at = run({ obs: rowsOf(features, obs, n, paddedLength(n)) });
      return { action: head.draw(at.mean, at.spread, n, explore ? rng("act") : undefined) };
    };
    const noise = (): HostTensor => ({
      data: Float32Array.from({ length: rows * head.size }, () => rng("noise").normal()),
      shape: [rows, head.size],
    });
    const learn = (batch: Transitions): Record<string, number> => {
      const learningRate = linear(config.learningRate, clock.steps);
      const metrics = model.step(
        {
          obs: rowsOf(features, batch.obs, rows, rows),
          action: padded(head.toUnit(batch.action), rows, head.size),
          reward: padded(rewards.apply(batch.reward), rows),
          // A truncated episode still has a future, so only `terminated` cuts the bootstrap.
          discount: padded(
            Float32Array.from(batch.terminated, (ended) => (ended ? 0 : gamma)),
            rows,
          ),
          next: rowsOf(features, batch.next, rows, rows),
          noise: noise(),
          nextNoise: noise(),
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

/** Half the mean of the squares. */
const half = (error: Tensor): Tensor => np.mean(error.ref.mul(error)).mul(0.5);
