/** Group relative policy optimisation (Shao et al., 2024, arXiv:2402.03300): a policy gradient on text whose baseline is the other answers to the same prompt. */
import { resolveParams, type Rng } from "dojang/env";
import { GymError } from "dojang/protocol";
import { concatWith, defer, finalize, from, mergeMap, type OperatorFunction } from "rxjs";
import { Model, type HostTensor } from "../nets/model.ts";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { rngFor } from "../shared/rng.ts";
import type { Given, Metrics } from "../shared/agent.ts";
import { Means } from "../streams/metrics-to.ts";
import type { Act } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import type { TextModel } from "./generate.ts";
import { groupAdvantages, type GroupAdvantages } from "./grpo-advantages.ts";
import { GRPO, type GrpoConfig } from "./grpo-config.ts";
import { grpoBatches, type GrpoBatch } from "./grpo-batches.ts";
import { GroupCollector, type Group } from "./grpo-groups.ts";
import { grpoLoss, tokenLogProbs } from "./grpo-loss.ts";
import { GroupPool } from "./grpo-pool.ts";
import { reportOf } from "./grpo-report.ts";
import { ExpertLoads, withLoads } from "./expert-loads.ts";
import { startFrom } from "./start-from.ts";
import { textPolicy } from "./text-policy.ts";
import { batchLength, tokenBatch } from "./token-batch.ts";
import { Transcripts, type Transcript } from "./transcripts.ts";

export interface GrpoOptions {
  /** The net and its tokens. */
  readonly text: Pick<TextModel, "decoder" | "tokenizer">;
  /** Where the policy begins; with beta > 0 also the reference it is held to. */
  readonly weights: Readonly<Record<string, HostTensor>>;
  readonly seed: number;
  /** Factor on the learning rate at update `n`, from 0. Default 1. */
  readonly pace?: (update: number) => number;
}

/**
 * The learner: give `act` and `learn` to one `groupRollout`, whose groups have `numGenerations` rows. The env's observations and actions are texts.
 *
 * Each `numPrompts` groups make an update; where a round plays more, it makes several, the later ones of answers that are an update or
 * more old, for which the ratio to the policy that drew them makes up. What is over waits for the next groups, also those of the next rollout.
 */
export class Grpo implements Saveable {
  readonly config: GrpoConfig;
  readonly model: Model<GrpoBatch>;
  /** Draws answers and keeps their tokens. */
  readonly act: Act;
  /** Metrics of each update, under TRL's names. Where a rollout ends and groups wait for an update, `groups_left` alone is the last: how many. */
  readonly learn: OperatorFunction<Transitions, Metrics>;
  readonly #options: GrpoOptions;
  readonly #rng: Rng;
  readonly #groups: GroupCollector;
  readonly #loads: ExpertLoads;
  readonly #reference: ((batch: Pick<GrpoBatch, "tokens" | "target">) => Record<"logProb", Float32Array>) | undefined;
  readonly #pool: GroupPool;
  /** Rollouts under way. */
  #streams = 0;
  #updates = 0;
  /** Longest batch so far: shorter ones are filled up to it, for every length is compiled anew. */
  #length = 4;

  /** @throws {GymError} BAD_PARAM for a hyperparameter that is unknown or out of range, and for weights that are not the decoder's */
  constructor(given: Given<GrpoConfig>, options: GrpoOptions) {
    // resolveParams checked the values against the schema that gives GrpoConfig its type.
    this.config = resolveParams({ id: "grpo", params: GRPO }, given, { operator: true }) as GrpoConfig;
    const rows = this.config.numPrompts * this.config.numGenerations;
    if (rows % this.config.minibatches !== 0)
      throw new GymError("BAD_PARAM", "grpo: minibatches", { expected: `a divisor of ${rows}, numPrompts x numGenerations`, received: this.config.minibatches }); // prettier-ignore
    this.#options = options;
    this.#rng = rngFor(options.seed, "act");
    const { numGenerations, temperature, maxCompletionLength: maxTokens, stop, beta } = this.config;
    this.model = this.#modelOf("grpo");
    this.#reference = beta === 0 ? undefined : this.#logProbsOf(this.#modelOf("grpo reference"));
    const transcripts = new Transcripts();
    const text = { ...options.text, model: this.model };
    this.act = textPolicy(text, { temperature, maxTokens, stop, rng: this.#rng, transcripts });
    this.#loads = new ExpertLoads(options.text.decoder, this.config.balanceRate);
    this.#groups = new GroupCollector(numGenerations, transcripts);
    this.#pool = new GroupPool(this.config);
    this.learn = (source) =>
      defer(() => {
        this.#streams++;
        const left = defer(() => from(this.#pool.waiting === 0 ? [] : [{ groups_left: this.#pool.waiting }]));
        return source.pipe(
          mergeMap((batch) => this.#see(batch)),
          concatWith(left),
          finalize(() => this.#streams--),
        );
      });
  }

  /** Updates so far. */
  get updates(): number {
    return this.#updates;
  }

  /** Groups that wait for an update are saved; of a rollout that was left before its end, those that had not ended are not. @throws {GymError} BUSY while a rollout is in the middle of a group */
  save(): Plain {
    if (this.#streams > 0 && this.#groups.waiting > 0)
      throw new GymError("BUSY", "grpo: save", {
        expected: "no group under way",
        hint: "Save when the rollout has ended.",
      });
    const pool = this.#pool.save();
    return { model: this.model.save(), updates: this.#updates, length: this.#length, rng: [...this.#rng.state], ...(pool.length > 0 && { pool }) }; // prettier-ignore
  }

  load(state: Plain): void {
    const { model, updates, length, rng, pool = [] } = fieldsOf(state);
    this.model.load(model as Plain);
    [this.#updates, this.#length] = [updates as number, length as number];
    this.#rng.restore(rng as unknown as Rng["state"]);
    this.#pool.load(pool);
  }

  #modelOf(name: string): Model<GrpoBatch> {
    const { decoder } = this.#options.text;
    const { importanceSamplingLevel: ratioLevel, epsilon, maxCompletionLength: maxLength, ...config } = this.config;
    const options = { ...config, ratioLevel, maxLength, epsilonLow: epsilon };
    const model = new Model<GrpoBatch>(
      {
        name,
        params: decoder.params,
        optimizer: { kind: "adam", beta2: 0.98, clip: config.maxGradNorm },
        loss(p, { tokens, all, ...batch }) {
          const { logits, loads, balance } = withLoads(decoder, p, tokens);
          const { loss, metrics } = grpoLoss(logits, { ...batch, tokens: all }, options);
          return { loss: loss.add(balance), metrics: { ...metrics, ...loads } };
        },
      },
      rngFor(this.#options.seed, "init"),
    );
    startFrom(model, decoder, this.#options.weights, "grpo");
    return model;
  }

  #logProbsOf(model: Model<GrpoBatch>) {
    const { decoder } = this.#options.text;
    return model.compile<Pick<GrpoBatch, "tokens" | "target">, "logProb">((p, { tokens, target }) => {
      const { logProb, entropy } = tokenLogProbs(decoder.apply(p, tokens), target, this.config.temperature);
      entropy.dispose();
      return { logProb };
    });
  }

  *#see(batch: Transitions): Iterable<Metrics> {
    const { dynamicSampling } = this.config;
    this.#pool.add(this.#groups.collect(batch));
    for (let found = this.#pool.next(); found !== undefined; found = this.#pool.next())
      yield { ...this.#update(found.groups), ...(dynamicSampling > 0 && { sampling_rounds: found.rounds }) };
  }

  #update(groups: readonly Group[]): Metrics {
    const { numGenerations, scaleRewards, maskTruncatedCompletions, learningRate } = this.config;
    const rewards = groups.flatMap((group) => [...group.rewards]);
    const advantages = groupAdvantages(rewards, numGenerations, scaleRewards);
    const rows = groups.flatMap(({ transcripts }) => transcripts);
    const learnt = rows.map((row, i) =>
      advantages.used[i] === 0 || (maskTruncatedCompletions && row?.clipped === true) ? undefined : row,
    );
    const rate = learningRate * (this.#options.pace?.(this.#updates) ?? 1);
    const means = new Means();
    for (const part of this.#batches(learnt, advantages)) means.add(this.#loads.count(this.model.step(part, rate)));
    this.#updates++;
    return { ...reportOf(groups, advantages), ...means.take(), ...this.#loads.update(this.model), learning_rate: rate };
  }

  /** The minibatches of all passes. The reference is asked once. */
  #batches(rows: readonly (Transcript | undefined)[], advantages: GroupAdvantages): Iterable<GrpoBatch> {
    this.#length = batchLength(
      rows.filter((row) => row !== undefined),
      this.#options.text.decoder.options.context,
      this.#length,
    );
    const whole = tokenBatch(rows, this.#length, this.#options.text.tokenizer.pad);
    const { tokens, target } = whole;
    const data = this.#reference?.({ tokens, target }).logProb ?? new Float32Array(tokens.data.length);
    return grpoBatches({ ...whole, refLogProb: { data, shape: tokens.shape } }, advantages, this.config, this.#rng);
  }
}
