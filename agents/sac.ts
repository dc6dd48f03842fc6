/** Soft actor-critic (Haarnoja et al., 2018, arXiv:1812.05905): twin critics, trailing targets, and a temperature that keeps the entropy where it is asked for. */
import { int, list, real } from "dojang/env";
import { sampleBatch } from "dojang/protocol";
import { lax, np, type Tensor, type Tensors } from "./nets/backend.ts";
import { featuresOf, numericSpace } from "./nets/features.ts";
import { dense } from "./nets/layers.ts";
import { mlp } from "./nets/mlp.ts";
import { targetsIn, type HostTensor } from "./nets/model.ts";
import { padded, paddedLength } from "./nets/padded.ts";
import { orthogonal } from "./nets/params.ts";
import { rowsOf } from "./nets/q-net.ts";
import { boundedBox, squashed } from "./nets/squashed.ts";
import { defineAgent } from "./shared/agent.ts";
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

interface Batch extends SoftBatch {
  noise: HostTensor;
  nextNoise: HostTensor;
}

export const sac = defineAgent({
  id: "sac",
  summary: "Soft actor-critic for actions in a box: maximises return and entropy together (Haarnoja et al., 2018)",
  spaces: { observation: numericSpace, action: boundedBox },
  config: {
    hidden: list(int(64, { min: 1, max: 4096 }), [64, 64], { maxLength: 8, doc: "widths of the dense layers" }),
    ...softConfig({ rate: 1e-3, batch: 256, every: 1 }),
    entropy: real(-1, { min: -100, max: 100, doc: "wanted entropy for each number of an action in -1 .. 1" }),
  },
  build(config, { observation, action }, { id, clock, rng }) {
    const { gamma, hidden, activation, batch: rows, start } = config;
    const features = normalizedFeatures(
      featuresOf(observation, `${id}: observation space`),
      config.normalizeObservations,
    );
    const rewards = new RewardScale(gamma, config.normalizeRewards, observation);
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

    const parts = [actor, mean, spread, ...critics];
    const model = softModel<Batch>(
      {
        ...{ name: id, parts, config },
        loss(p, batch) {
          const alpha = temperatureIn(p);
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
          const alphaLoss = temperatureLoss(p, entropy.ref.sub(wantedEntropy));
          const metrics = { criticLoss, actorLoss, entropy, alpha: np.sum(alpha), q: np.mean(q2) };
          return { loss: criticLoss.ref.add(actorLoss.ref).add(alphaLoss), metrics };
        },
      },
      rng("init"),
    );
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
    const columns = (batch: Transitions) => ({
      action: padded(head.toUnit(batch.action), rows, head.size),
      noise: noise(),
      nextNoise: noise(),
    });
    return {
      act: (batch) => choose(batch, true),
      policy: (batch) => choose(batch, false),
      ...softReplay<Batch>({ config, model, features, rewards, clock, rng: rng("replay"), columns }),
    };
  },
});
