/** What soft actor-critics share: hyperparameters, twin critics with trailing targets, a temperature that learns, updates from replay. */
import { choice, int, real, type Rng } from "dojang/env";
import { map, tap } from "rxjs";
import { lax, np, type Tensor, type Tensors } from "../nets/backend.ts";
import { ACTIVATIONS, type Activation } from "../nets/layers.ts";
import { Model, type HostTensor } from "../nets/model.ts";
import { param, type Module } from "../nets/module.ts";
import { padded } from "../nets/padded.ts";
import { constant } from "../nets/params.ts";
import { rowsOf } from "../nets/q-net.ts";
import { replayBuffer } from "../streams/replay-buffer.ts";
import { ReplayMemory } from "../streams/replay-memory.ts";
import type { Transitions } from "../streams/transitions.ts";
import type { AgentParts, Clock } from "./agent.ts";
import { NORMALIZE, type NormalizedFeatures, type RewardScale } from "./normalizer.ts";
import { linear, ramp, type Ramp } from "./schedule.ts";

interface Defaults {
  readonly rate: number;
  readonly batch: number;
  readonly every: number;
}

/** Hyperparameters of both, with the defaults in which they differ. */
export const softConfig = ({ rate, batch, every }: Defaults) =>
  ({
    activation: choice("relu", Object.keys(ACTIVATIONS) as Activation[], { doc: "of the dense layers" }),
    learningRate: ramp({ from: rate, to: rate, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
    tau: real(0.005, { min: 0, max: 1, doc: "share of the critics that their targets take over with each update" }),
    capacity: int(100_000, { min: 1, max: 100_000_000, doc: "transitions kept for replay" }),
    batch: int(batch, { min: 1, max: 65_536, doc: "transitions in an update" }),
    every: int(every, { min: 1, max: 1_000_000, doc: "new transitions for each update" }),
    start: int(1_000, { min: 1, max: 100_000_000, doc: "transitions with random actions before the first update" }),
    temperature: real(1, { min: 1e-9, max: 1e9, doc: "weight of the entropy in the beginning" }),
    ...NORMALIZE,
  }) as const;

/** What a batch of each holds; all have a row for each transition. */
export interface SoftBatch extends Record<string, HostTensor> {
  obs: HostTensor;
  action: HostTensor;
  reward: HostTensor;
  /** gamma, or 0 where the rules ended the episode */
  discount: HostTensor;
  next: HostTensor;
}

const ALPHA = "logAlpha";

/** Weight of the entropy, [1]; no gradient goes through it. */
export const temperatureIn = (p: Tensors): Tensor => lax.stopGradient(np.exp(param(p, ALPHA)));

/** Falls when the temperature moves towards the wanted entropy. @param excess of the entropy over it, a number */
export const temperatureLoss = (p: Tensors, excess: Tensor): Tensor => np.sum(param(p, ALPHA)).mul(excess);

/** Half the mean of the squares. */
export const half = (error: Tensor): Tensor => np.mean(error.ref.mul(error)).mul(0.5);

interface SoftModel<B extends SoftBatch> {
  readonly name: string;
  /** The critics are called q1 and q2. */
  readonly parts: readonly Module[];
  readonly config: { readonly temperature: number; readonly tau: number };
  loss(p: Tensors, batch: { readonly [K in keyof B]: Tensor }): { readonly loss: Tensor; readonly metrics: Tensors };
}

export const softModel = <B extends SoftBatch>({ name, parts, config, loss }: SoftModel<B>, rng: Rng): Model<B> =>
  new Model<B>(
    {
      name,
      params: [
        ...parts.flatMap(({ params }) => params),
        { name: ALPHA, shape: [1], init: constant(Math.log(config.temperature)) },
      ],
      optimizer: { kind: "adam" },
      targets: { of: ["q1.", "q2."], share: config.tau },
      loss,
    },
    rng,
  );

interface SoftReplay<B extends SoftBatch> {
  readonly config: {
    readonly capacity: number;
    readonly batch: number;
    readonly every: number;
    readonly start: number;
    readonly gamma: number;
    readonly learningRate: Ramp;
  };
  readonly model: Model<B>;
  readonly features: NormalizedFeatures;
  readonly rewards: RewardScale;
  readonly clock: Clock;
  readonly rng: Rng;
  /** What the batch of this learner holds besides. */
  columns(batch: Transitions): Omit<B, "obs" | "next" | "reward" | "discount">;
}

/** Updates from replayed transitions, and what of it belongs to a checkpoint. */
export function softReplay<B extends SoftBatch>(parts: SoftReplay<B>): Pick<AgentParts, "learn" | "checkpoint"> {
  const { config, model, features, rewards, clock, rng, columns } = parts;
  const { batch: rows, every, start, gamma } = config;
  const memory = new ReplayMemory(config.capacity);
  const see = (batch: Transitions): void => {
    features.see(batch.obs, batch.length);
    rewards.see(batch);
  };
  const learn = (batch: Transitions): Record<string, number> => {
    const learningRate = linear(config.learningRate, clock.steps);
    // A truncated episode still has a future, so only `terminated` cuts the bootstrap.
    const discount = Float32Array.from(batch.terminated, (ended) => (ended ? 0 : gamma));
    const shared = {
      obs: rowsOf(features, batch.obs, rows, rows),
      reward: padded(rewards.apply(batch), rows),
      discount: padded(discount, rows),
      next: rowsOf(features, batch.next, rows, rows),
    };
    // What is shared and what is not are all of B, which the compiler cannot add up.
    const metrics = model.step({ ...shared, ...columns(batch) } as unknown as B, learningRate);
    return { ...metrics, learningRate };
  };
  return {
    learn: (source) => source.pipe(tap(see), replayBuffer({ memory, rng, batch: rows, every, start }), map(learn)),
    checkpoint: { model, memory, features, rewards },
  };
}
