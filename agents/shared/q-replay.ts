/** What learners of action values from replay share: epsilon-greedy behaviour, a memory, a target net, and steps of descent at a steady rate. */
import { flag, int, real, type ParamsOf, type ParamsSchema } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import { concatMap } from "rxjs";
import { np, type Tensor } from "../nets/backend.ts";
import { numericSpace } from "../nets/features.ts";
import { Model, type HostTensor } from "../nets/model.ts";
import { evaluator, oneHotOf, onRows, Q_NET, qNet, rowWriter } from "../nets/q-net.ts";
import { featuresFor } from "../nets/torso.ts";
import { StepWindows } from "../streams/n-step.ts";
import { ReplayMemory } from "../streams/replay-memory.ts";
import { Priorities } from "../streams/replay-priorities.ts";
import type { Act } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import { defineAgent, type Agent, type Metrics } from "./agent.ts";
import { discreteSpace } from "./fit.ts";
import { NORMALIZE, normalizedFeatures } from "./normalizer.ts";
import { meansOf, targetsOf } from "./q-targets.ts";
import { epsilonGreedy } from "./q-values.ts";
import { linear, ramp, type Ramp } from "./schedule.ts";

/** Hyperparameters of every learner from replay. */
export const REPLAY_Q = {
  ...Q_NET,
  double: flag(true, { doc: "the net that learns chooses the successor's action, the target net values it" }),
  nSteps: int(1, { min: 1, max: 1_000, doc: "rewards in a target, before the value of the state behind them" }),
  gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
  epsilon: ramp({ from: 1, to: 0.05, over: 10_000 }, { min: 0, max: 1, doc: "share of random actions" }),
  learningRate: ramp({ from: 5e-4, to: 5e-4, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
  maxGradNorm: real(10, { min: 0, max: 1e9, doc: "bound on the norm of the gradient" }),
  kappa: real(1, { min: 1e-6, max: 1e6, doc: "error from which on the loss grows evenly; a large one leaves the squared error" }), // prettier-ignore
  capacity: int(100_000, { min: 1, max: 100_000_000, doc: "transitions kept for replay" }),
  batch: int(64, { min: 1, max: 65_536, doc: "transitions in an update" }),
  start: int(1_000, { min: 0, max: 100_000_000, doc: "env steps before the first update" }),
  every: int(4, { min: 1, max: 1_000_000, doc: "env steps between updates" }),
  updates: int(1, { min: 1, max: 10_000, doc: "updates each time" }),
  target: int(250, { min: 1, max: 100_000_000, doc: "updates between two copies of the net into the target net" }),
  prioritized: flag(false, { doc: "transitions with larger errors are replayed more often" }),
  priority: real(0.6, { min: 0, max: 1, doc: "alpha of prioritised replay: 0 all alike, 1 in proportion to errors" }),
  importance: ramp(
    { from: 0.4, to: 1, over: 100_000 },
    { min: 0, max: 1, doc: "beta: 1 undoes the bias of priorities" },
  ),
  normalizeObservations: NORMALIZE.normalizeObservations,
} as const;

type Config = ParamsOf<typeof REPLAY_Q>;

interface Batch extends Record<string, HostTensor> {
  obs: HostTensor;
  /** one-hot, [B, actions, 1] */
  action: HostTensor;
  /** [B, width] */
  target: HostTensor;
  /** [B] */
  weight: HostTensor;
}

interface ReplayQSpec<P extends typeof REPLAY_Q & ParamsSchema> {
  readonly id: string;
  readonly summary: string;
  readonly config: P;
  build(config: ParamsOf<P>): {
    /** Numbers that the net gives for each action; their mean is its value. */
    readonly width: number;
    /** [B] what is to be made small, from the chosen action's outputs and the targets, both [B, width]. Consumes both. */
    loss(chosen: Tensor, target: Tensor): Tensor;
  };
}

export function defineReplayQ<P extends typeof REPLAY_Q & ParamsSchema>(spec: ReplayQSpec<P>): Agent<P> {
  const { id, summary, config: schema } = spec;
  return defineAgent({
    id,
    summary,
    spaces: { observation: numericSpace, action: discreteSpace },
    config: schema,
    build(given: ParamsOf<P>, { observation, action }, { clock, rng }) {
      // P extends REPLAY_Q's schema, so its values extend REPLAY_Q's values; the compiler cannot see through the mapped type.
      const config = given as unknown as Config;
      const { double, gamma, batch: size, start, every, updates, nSteps } = config;
      const { width, loss } = spec.build(given);
      const plain = featuresFor(config, observation, `${id}: observation space`);
      const features = normalizedFeatures(plain, config.normalizeObservations);
      const net = qNet({ ...config, features, name: "q", actions: action.n, width });
      const makeModel = (): Model<Batch> =>
        new Model<Batch>(
          {
            name: id,
            params: net.params,
            optimizer: { kind: "adam", clip: config.maxGradNorm },
            loss(p, { obs, action: taken, target, weight }) {
              const outputs = net.apply(p, obs).reshape([-1, action.n, width]);
              const chosen = np.sum(outputs.mul(taken), 1);
              const value = np.mean(chosen.ref);
              return { loss: np.mean(loss(chosen, target).mul(weight)), metrics: { value } };
            },
          },
          rng("init"),
        );
      const [model, target] = [makeModel(), makeModel()];
      target.follow(model);
      const memory = new ReplayMemory(config.capacity);
      const priorities = config.prioritized ? new Priorities(config.capacity, config.priority) : undefined;
      const windows = new StepWindows({ n: nSteps, gamma });
      const [look, lookBehind] = [onRows(model, net), onRows(target, net)];
      const evaluate = evaluator(model, net, features);
      const valuesOf = (obs: BatchOf<Space>, n: number): Float32Array => meansOf(evaluate(obs, n), width);
      const [writeObs, writeNext] = [rowWriter(features), rowWriter(features)];
      const now = (shape: Ramp): number => linear(shape, clock.steps);

      const act: Act = ({ obs, n, mask }) => ({
        action: epsilonGreedy(valuesOf(obs, n), n, action, mask, now(config.epsilon), rng("explore")),
      });
      const policy: Act = ({ obs, n, mask }) => ({ action: epsilonGreedy(valuesOf(obs, n), n, action, mask, 0) });

      const update = (): Metrics => {
        const places = (priorities ?? memory).draw(size, rng("replay"));
        const rows = memory.take(places);
        const obs = writeObs(rows.obs, size, size);
        const successors = writeNext(rows.next, size, size);
        const next = lookBehind(successors);
        const targets = targetsOf(rows, {
          ...{ actions: action.n, width, next },
          discount: rows.extras["discount"] ?? gamma,
          chooser: double ? look(successors) : next,
        });
        const weights = priorities?.weights(places, now(config.importance)) ?? new Float32Array(size).fill(1);
        priorities?.update(places, errorsOf(rows, action, targets, look(obs), width));
        const taken = oneHotOf(rows.action, action, size);
        const learningRate = now(config.learningRate);
        const numbers = model.step(
          {
            obs,
            action: { data: taken.data, shape: [size, action.n, 1] },
            target: { data: targets, shape: [size, width] },
            weight: { data: weights, shape: [size] },
          },
          learningRate,
        );
        if (model.steps % config.target === 0) target.follow(model);
        return { ...numbers, learningRate };
      };
      /** Updates that are due once so many env steps were taken: known from the steps alone, so that a resumed run keeps time. */
      const due = (steps: number): number => updates * Math.floor(Math.max(0, steps - start) / every);
      const learn = (batch: Transitions): Metrics[] => {
        features.see(batch.obs, batch.length);
        const ready = nSteps === 1 ? batch : windows.add(batch);
        if (ready) {
          const places = memory.add(ready);
          priorities?.add(places);
        }
        const epsilon = now(config.epsilon);
        const count = memory.size === 0 ? 0 : due(clock.steps) - due(clock.steps - batch.length);
        return count === 0 ? [{ epsilon }] : Array.from({ length: count }, () => ({ ...update(), epsilon }));
      };
      return {
        act,
        policy,
        learn: concatMap(learn),
        checkpoint: { model, target, memory, windows, features, ...(priorities && { priorities }) },
      };
    },
  });
}

/** Targets less what the net says of the actions taken, each as means: what prioritised replay goes by. */
function errorsOf(
  { action: taken, length }: Transitions,
  { n, start }: { readonly n: number; readonly start: number },
  targets: Float32Array,
  outputs: Float32Array,
  width: number,
): Float32Array {
  const [wanted, said] = [meansOf(targets, width), meansOf(outputs, width)];
  return Float32Array.from(
    { length },
    (_, row) => (wanted[row] as number) - (said[row * n + ((taken as Int32Array)[row] as number) - start] as number),
  );
}
