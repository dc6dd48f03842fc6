/** Parallelised Q-network: Q(lambda) on fresh transitions, with normalised layers in place of replay and target net (Gallici et al., 2024, arXiv:2407.04811). */
import { flag, int, real } from "dojang/env";
import { map, tap } from "rxjs";
import { np } from "./nets/backend.ts";
import { numericSpace } from "./nets/features.ts";
import { Model, type HostTensor } from "./nets/model.ts";
import { padded, weightsOf } from "./nets/padded.ts";
import { evaluator, oneHotOf, Q_NET, qNet, rowsOf } from "./nets/q-net.ts";
import { featuresFor } from "./nets/torso.ts";
import { defineAgent } from "./shared/agent.ts";
import { discreteSpace } from "./shared/fit.ts";
import { NORMALIZE, normalizedFeatures } from "./shared/normalizer.ts";
import { bestValues, epsilonGreedy } from "./shared/q-values.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { gae } from "./streams/gae.ts";
import { minibatches } from "./streams/minibatches.ts";
import type { Act } from "./streams/rollout.ts";
import { Segment } from "./streams/segment.ts";
import type { Transitions } from "./streams/transitions.ts";

interface Batch extends Record<string, HostTensor> {
  obs: HostTensor;
  /** one-hot */
  action: HostTensor;
  target: HostTensor;
  weight: HostTensor;
}

export const pqn = defineAgent({
  id: "pqn",
  summary:
    "Parallelised Q-network: Q(lambda) with normalised layers, without replay and target net (Gallici et al., 2024)",
  spaces: { observation: numericSpace, action: discreteSpace },
  config: {
    ...Q_NET,
    norm: flag(true, { doc: "layer normalisation before each activation" }),
    steps: int(32, { min: 1, max: 65_536, doc: "env steps of each instance between updates" }),
    minibatch: int(128, { min: 1, max: 65_536, doc: "transitions in a minibatch" }),
    epochs: int(2, { min: 1, max: 100, doc: "passes over the transitions of an update" }),
    learningRate: ramp({ from: 5e-4, to: 5e-4, over: 0 }, { min: 0, max: 1, doc: "step size of RAdam" }),
    gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
    lambda: real(0.65, {
      min: 0,
      max: 1,
      doc: "share of the next step's return in a target, the rest being its value",
    }),
    epsilon: ramp({ from: 1, to: 0.05, over: 50_000 }, { min: 0, max: 1, doc: "share of random actions" }),
    maxGradNorm: real(10, { min: 0, max: 1e9, doc: "bound on the norm of the gradient" }),
    normalizeObservations: NORMALIZE.normalizeObservations,
  },
  needs: ["value"],
  build(config, { observation, action }, { id, clock, rng }) {
    const { gamma, lambda, steps } = config;
    const plain = featuresFor(config, observation, `${id}: observation space`);
    const features = normalizedFeatures(plain, config.normalizeObservations);
    const net = qNet({ ...config, features, name: "q", actions: action.n });
    const model = new Model<Batch>(
      {
        name: id,
        params: net.params,
        optimizer: { kind: "adam", rectified: true, clip: config.maxGradNorm },
        loss(p, { obs, action: chosen, target, weight }) {
          const value = np.sum(net.apply(p, obs).mul(chosen), -1);
          const error = value.ref.sub(target);
          const count = np.sum(weight.ref);
          const squares = np.sum(error.ref.mul(error).mul(weight.ref));
          return {
            loss: squares.mul(0.5).div(count.ref),
            metrics: { value: np.sum(value.mul(weight)).div(count) },
          };
        },
      },
      rng("init"),
    );
    const segment = new Segment(steps);
    /** Values of all actions, row by row. */
    const look = evaluator(model, net, features);
    const epsilon = (): number => linear(config.epsilon, clock.steps);
    const act: Act = ({ obs, n, mask }) => {
      const values = look(obs, n);
      return {
        action: epsilonGreedy(values, n, action, mask, epsilon(), rng("explore")),
        value: bestValues(values, n, action.n, mask),
      };
    };
    const policy: Act = ({ obs, n, mask }) => ({ action: epsilonGreedy(look(obs, n), n, action, mask, 0) });

    const minibatch = ({ obs, action: taken, extras, length: rows }: Transitions, length: number): Batch => ({
      obs: rowsOf(features, obs, rows, length),
      action: oneHotOf(taken, action, length),
      target: padded(extras["return"] as Float64Array, length),
      weight: weightsOf(rows, length),
    });
    const learn = (batch: Transitions): Record<string, number> => {
      const learningRate = linear(config.learningRate, clock.steps);
      const numbers = model.step(minibatch(batch, config.minibatch), learningRate);
      return { ...numbers, learningRate, epsilon: epsilon() };
    };
    return {
      act,
      policy,
      learn: (source) =>
        source.pipe(
          // With V(s) = max over a of Q(s, a), the returns of GAE are the targets of Q(lambda) that go on after exploring actions, too (Peng & Williams, 1996).
          gae({
            ...{ steps, gamma, lambda, segment },
            valueOfNext: ({ next, nextMask, length }) => bestValues(look(next, length), length, action.n, nextMask),
          }),
          tap(({ obs, length }) => {
            features.see(obs, length);
          }),
          minibatches({ size: config.minibatch, epochs: config.epochs, rng: rng("minibatches") }),
          map(learn),
        ),
      checkpoint: { model, segment, features },
    };
  },
});
