/** What learners that follow a policy's gradient share: hyperparameters, how actions are drawn, and how transitions become a step of descent. */
import { real, type Rng } from "dojang/env";
import type { BatchOf, Space } from "dojang/protocol";
import { actorCritic, actorCriticLoss, type ActorCriticBatch, type PolicyLoss } from "../nets/actor-critic.ts";
import type { HostTensor } from "../nets/host-tensor.ts";
import type { Activation } from "../nets/layers.ts";
import { Model, type Slope } from "../nets/model.ts";
import type { Optimizer } from "../nets/optimizer.ts";
import { padded, paddedLength } from "../nets/padded.ts";
import { policyHead, type policySpace } from "../nets/policy.ts";
import { featuresFor, NET } from "../nets/torso.ts";
import type { Act } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import { ExpertUse } from "./expert-use.ts";
import type { Fit } from "./fit.ts";
import { gameOfRow, gamesIn } from "./games.ts";
import { normalized } from "./normalized.ts";
import { NORMALIZE, normalizedFeatures, RewardScale } from "./normalizer.ts";

/** Hyperparameters of every such learner. */
export const POLICY_GRADIENT = {
  ...NET,
  ...NORMALIZE,
  gamma: real(0.99, { min: 0, max: 1, doc: "discount a step" }),
  entropyCoef: real(0.01, { min: 0, max: 1, doc: "weight of the policy's entropy" }),
  valueCoef: real(0.5, { min: 0, max: 10, doc: "weight of the value's error" }),
  maxGradNorm: real(0.5, { min: 0, max: 1e9, doc: "bound on the norm of the gradient" }),
};

export interface PolicyGradientOptions {
  /** Names the learner in errors. */
  readonly id: string;
  readonly observation: Space;
  readonly action: typeof policySpace extends Fit<infer S> ? S : never;
  readonly config: {
    readonly net: string;
    readonly hidden: readonly number[];
    readonly filters: number;
    readonly activation: Activation;
    readonly experts: number;
    readonly normalizeObservations: boolean;
    readonly normalizeRewards: boolean;
    readonly normalizeAdvantage: boolean;
    readonly gamma: number;
    readonly entropyCoef: number;
    readonly valueCoef: number;
  };
  readonly optimizer: Optimizer;
  readonly policyLoss: PolicyLoss;
  rng(purpose: string): Rng;
}

export class PolicyGradient {
  readonly #options: PolicyGradientOptions;
  readonly #head;
  /** Rows of observations on their way to the device, by their number: a minibatch of patches has megabytes. */
  readonly #scratch = new Map<number, Float32Array>();
  readonly #look;
  readonly #experts: ExpertUse | undefined;
  /** Of observations; see `learnt`. */
  readonly features;
  readonly rewards;
  readonly model: Model<ActorCriticBatch>;

  constructor(options: PolicyGradientOptions) {
    const { id, observation, action, config, optimizer, policyLoss, rng } = options;
    this.#options = options;
    const seen = featuresFor(config, observation, `${id}: observation space`);
    this.features = normalizedFeatures(seen, config.normalizeObservations);
    this.rewards = new RewardScale(config.gamma, config.normalizeRewards, observation);
    const head = (this.#head = policyHead(action));
    const net = actorCritic(head, { ...config, features: this.features });
    const loss = actorCriticLoss(net, head, config, policyLoss);
    this.model = new Model({ name: id, params: net.params, optimizer, loss }, rng("init"));
    this.#experts = net.experts.length === 0 ? undefined : new ExpertUse(this.model, net.experts, observation);
    this.#look = this.model.compile<{ obs: HostTensor }, "outputs" | "value">((p, { obs }) => net.forward(p, obs));
  }

  /** What checkpoints hold of it. */
  get parts() {
    const experts = this.#experts && { experts: this.#experts };
    return { model: this.model, features: this.features, rewards: this.rewards, ...experts };
  }

  readonly act: Act = (batch) => this.#choose(batch, this.#options.rng("act"));

  readonly policy: Act = (batch) => this.#choose(batch);

  /** V of the rows' successors. */
  readonly valueOfNext = ({ next, length }: Transitions): Float32Array => this.#rows(next, length).value;

  /** One step of descent on a batch with advantages and returns, filled up to `length` rows: every length is compiled anew. */
  step(batch: Transitions, length: number, learningRate: number): Record<string, number> {
    return { ...this.model.step(this.#tensors(batch, length), learningRate), ...this.#experts?.report, learningRate };
  }

  /** All of a batch in one step, and nothing more is learnt from it. */
  learn(batch: Transitions, learningRate: number): Record<string, number> {
    const metrics = this.step(batch, paddedLength(batch.length), learningRate);
    this.learnt(batch);
    return metrics;
  }

  /** The gradient alone: another process may be the one that descends. */
  differentiate(batch: Transitions, length: number): Slope {
    return this.model.differentiate(this.#tensors(batch, length));
  }

  /**
   * Tells that all is learnt from a batch. Only now may its observations move what they are normalised by, and which experts are preferred: acting and
   * learning then see the same numbers.
   */
  learnt({ obs, length }: Transitions): void {
    this.#experts?.update(obs, length, (part, rows) => this.#features(part, rows, paddedLength(rows)));
    this.features.see(obs, length);
  }

  /** Outputs and values of `n` rows of observations. */
  #rows(obs: BatchOf<Space>, n: number): Record<"outputs" | "value", Float32Array> {
    return this.#look({ obs: this.#features(obs, n, paddedLength(n)) });
  }

  #features(obs: BatchOf<Space>, rows: number, length: number): HostTensor {
    const { size } = this.features;
    const data = this.#scratch.get(length) ?? new Float32Array(length * size);
    this.#scratch.set(length, data);
    this.features.write(obs, rows, data);
    data.fill(0, rows * size);
    return { data, shape: [length, size] };
  }

  #choose({ obs, n, mask }: Parameters<Act>[0], rng?: Rng): ReturnType<Act> {
    const { outputs, value } = this.#rows(obs, n);
    const drawn = this.#head.draw(outputs, n, this.model.values("policy.logStd"), mask, rng);
    return { ...drawn, value: value.slice(0, n) };
  }

  #tensors({ obs, mask, extras, length: rows }: Transitions, length: number): ActorCriticBatch {
    const { outputs, width } = this.#head;
    const column = (name: string, size?: number): HostTensor => padded(extras[name] as Float32Array, length, size);
    const { observation, config } = this.#options;
    const plain = extras["advantage"] as Float64Array;
    const advantage = config.normalizeAdvantage ? normalized(plain, gamesIn(observation), gameOfRow(observation, obs)) : plain; // prettier-ignore
    return {
      obs: this.#features(obs, rows, length),
      raw: column("raw", width),
      mask: padded(mask ?? new Float32Array(rows * outputs).fill(1), length, outputs),
      logProb: column("logProb"),
      advantage: padded(advantage, length),
      return: column("return"),
      weight: padded(new Float32Array(rows).fill(1 / rows), length),
    };
  }
}
