/** Proximal policy optimisation (Schulman et al., 2017, arXiv:1707.06347), with the details of Huang et al. (2022). */
import { flag, int, real } from "dojang/env";
import { map } from "rxjs";
import { np, type Tensor, type Tensors } from "./nets/backend.ts";
import { numericSpace } from "./nets/features.ts";
import { dense } from "./nets/layers.ts";
import { Model, type HostTensor } from "./nets/model.ts";
import { padded, paddedLength, weightsOf } from "./nets/padded.ts";
import { orthogonal } from "./nets/params.ts";
import { policyHead, policySpace } from "./nets/policy.ts";
import { featuresFor, isConv, NET, torso } from "./nets/torso.ts";
import { defineAgent } from "./shared/agent.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { gae } from "./streams/gae.ts";
import { minibatches } from "./streams/minibatches.ts";
import type { Act } from "./streams/rollout.ts";
import { Segment } from "./streams/segment.ts";
import type { Transitions } from "./streams/transitions.ts";

interface Batch extends Record<string, HostTensor> {
  obs: HostTensor;
  raw: HostTensor;
  mask: HostTensor;
  logProb: HostTensor;
  advantage: HostTensor;
  return: HostTensor;
  weight: HostTensor;
}

export const ppo = defineAgent({
  id: "ppo",
  summary:
    "Proximal policy optimisation: a clipped policy gradient over minibatches of fresh transitions (Schulman et al., 2017)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    ...NET,
    steps: int(128, { min: 1, max: 65_536, doc: "env steps of each instance between updates" }),
    minibatch: int(256, { min: 1, max: 65_536, doc: "transitions in a minibatch" }),
    epochs: int(4, { min: 1, max: 100, doc: "passes over the transitions of an update" }),
    learningRate: ramp({ from: 2.5e-4, to: 2.5e-4, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
    lambda: real(0.95, { min: 0, max: 1, doc: "decay of the traces of GAE" }),
    clip: real(0.2, { min: 0, max: 10, doc: "largest change of a probability ratio that is rewarded" }),
    entropyCoef: real(0.01, { min: 0, max: 1, doc: "weight of the policy's entropy" }),
    valueCoef: real(0.5, { min: 0, max: 10, doc: "weight of the value's error" }),
    maxGradNorm: real(0.5, { min: 0, max: 1e9, doc: "bound on the norm of the gradient" }),
    normalizeAdvantage: flag(true, { doc: "mean 0 and deviation 1 within each minibatch" }),
  },
  needs: ["logProb", "value", "raw"],
  build(config, { observation, action }, { clock, rng }) {
    const { clip, entropyCoef, valueCoef, gamma, lambda, steps } = config;
    const features = featuresFor(config, observation, "ppo: observation space");
    const head = policyHead(action);
    const net = { ...config, features };
    // A convolution is shared by both heads; dense layers are cheap enough for one each, which learns faster.
    const shared = isConv(net);
    const actor = torso({ ...net, name: shared ? "torso" : "actor" });
    const critic = shared ? actor : torso({ ...net, name: "critic" });
    const policy = dense({ name: "policy", inputs: actor.outputs, outputs: head.outputs, init: orthogonal(0.01) });
    const value = dense({ name: "value", inputs: critic.outputs, outputs: 1, init: orthogonal(1) });

    const forward = (p: Tensors, obs: Tensor): { outputs: Tensor; value: Tensor } => {
      const acting = actor.apply(p, shared ? obs : obs.ref);
      const judging = shared ? acting.ref : critic.apply(p, obs);
      return { outputs: policy.apply(p, acting), value: value.apply(p, judging).reshape([-1]) };
    };

    const model = new Model<Batch>(
      {
        name: "ppo",
        params: [...actor.params, ...(shared ? [] : critic.params), ...policy.params, ...value.params, ...head.params],
        optimizer: { kind: "adam", epsilon: 1e-5, clip: config.maxGradNorm },
        loss(p, batch) {
          const { outputs, value: v } = forward(p, batch.obs);
          const { logProb, entropy } = head.evaluate(p, outputs, batch.raw, batch.mask);
          const count = np.sum(batch.weight.ref);
          const mean = (x: Tensor): Tensor => np.sum(x.mul(batch.weight.ref)).div(count.ref);
          const logRatio = logProb.sub(batch.logProb);
          const ratio = np.exp(logRatio.ref);
          const bounded = np.clip(ratio.ref, 1 - clip, 1 + clip);
          const gain = np.minimum(ratio.ref.mul(batch.advantage.ref), bounded.mul(batch.advantage));
          const error = v.sub(batch.return);
          const metrics = {
            policyLoss: mean(gain).mul(-1),
            valueLoss: mean(error.ref.mul(error)).mul(0.5),
            entropy: mean(entropy),
            approxKl: mean(ratio.ref.sub(1).sub(logRatio)),
            clipFraction: mean(np.abs(ratio.sub(1)).greater(clip).astype(np.float32)),
          };
          count.dispose();
          batch.weight.dispose();
          const loss = metrics.policyLoss.ref
            .add(metrics.valueLoss.ref.mul(valueCoef))
            .sub(metrics.entropy.ref.mul(entropyCoef));
          return { loss, metrics };
        },
      },
      rng("init"),
    );
    const segment = new Segment(steps);
    const run = model.compile<{ obs: HostTensor }, "outputs" | "value">((p, { obs }) => forward(p, obs));

    /** Outputs and values of the rows of a batch of observations. */
    const look = (obs: Transitions["obs"], n: number) => {
      const length = paddedLength(n);
      const data = new Float32Array(length * features.size);
      features.write(obs, n, data);
      return run({ obs: { data, shape: [length, features.size] } });
    };
    const choose = (batch: Parameters<Act>[0], explore: boolean): ReturnType<Act> => {
      const { outputs, value: v } = look(batch.obs, batch.n);
      const drawn = head.draw(
        outputs,
        batch.n,
        model.values("policy.logStd"),
        batch.mask,
        explore ? rng("act") : undefined,
      );
      return { ...drawn, value: v.slice(0, batch.n) };
    };
    const learn = (batch: Transitions): Record<string, number> => {
      const rate = linear(config.learningRate, clock.steps);
      return { ...model.step(minibatch(batch, config.minibatch), rate), learningRate: rate };
    };
    const minibatch = (batch: Transitions, length: number): Batch => {
      const { extras, length: rows } = batch;
      const obs = new Float32Array(length * features.size);
      features.write(batch.obs, rows, obs);
      const column = (name: string, width?: number): HostTensor => padded(extras[name] as Float32Array, length, width);
      const advantage = extras["advantage"] as Float64Array;
      return {
        obs: { data: obs, shape: [length, features.size] },
        raw: column("raw", head.width),
        mask: padded(batch.mask ?? new Float32Array(rows * head.outputs).fill(1), length, head.outputs),
        logProb: column("logProb"),
        advantage: padded(config.normalizeAdvantage ? normalized(advantage) : advantage, length),
        return: column("return"),
        weight: weightsOf(rows, length),
      };
    };
    return {
      act: (batch) => choose(batch, true),
      policy: (batch) => choose(batch, false),
      learn: (source) =>
        source.pipe(
          gae({ steps, gamma, lambda, segment, valueOfNext: (rows) => look(rows.next, rows.length).value }),
          minibatches({ size: config.minibatch, epochs: config.epochs, rng: rng("minibatches") }),
          map(learn),
        ),
      checkpoint: { model, segment },
    };
  },
});

function normalized(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return values.map((x) => (x - mean) / (Math.sqrt(variance) + 1e-8));
}
