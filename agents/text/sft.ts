/** Supervised fine-tuning: the likelihood of given answers to prompts, on the answers' tokens only (as in Ouyang et al., 2022, arXiv:2203.02155). */
import { flag, int, real, resolveParams, type ParamsOf, type Rng } from "dojang/env";
import { GymError } from "dojang/protocol";
import { map, type OperatorFunction } from "rxjs";
import { np } from "../nets/backend.ts";
import { Model, type HostTensor } from "../nets/model.ts";
import type { Given, Metrics } from "../shared/agent.ts";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { rngFor } from "../shared/rng.ts";
import type { TextModel } from "./generate.ts";
import { ExpertLoads, withLoads } from "./expert-loads.ts";
import { balanceRate } from "./grpo-config.ts";
import { tokenLogProbs } from "./grpo-loss.ts";
import { startFrom } from "./start-from.ts";
import { batchLength, tokenBatch, type TokenBatch } from "./token-batch.ts";
import type { Transcript } from "./transcripts.ts";

/** An answer to learn. Together with the prompt it has at most one token more than the decoder's context, for the last one is not read. */
export interface Example {
  readonly prompt: string;
  /** Learnt to the last token. A policy ends its answers where these end only if it was shown an end: a stop text behind each, or `endToken`. */
  readonly answer: string;
}

const SFT = {
  learningRate: real(3e-3, { min: 0, max: 1, doc: "step size of Adam" }),
  warmup: int(50, { min: 0, max: 1_000_000, doc: "steps in which the step size rises to that" }),
  batch: int(128, { min: 1, max: 65_536, doc: "examples in a step" }),
  maxGradNorm: real(1, { min: 0, max: 1e9, doc: "bound on the norm of the gradient" }),
  endToken: flag(false, { doc: "each answer is followed by the tokenizer's end token; else it ends with a stop text" }),
  balanceRate,
};

export type SftConfig = ParamsOf<typeof SFT>;

export interface SftOptions {
  readonly text: Pick<TextModel, "decoder" | "tokenizer">;
  /** Where it begins; absent: at random. */
  readonly weights?: Readonly<Record<string, HostTensor>>;
  readonly seed: number;
  /** Factor on the learning rate at step `n`, from 0. Default 1. */
  readonly pace?: (step: number) => number;
}

export class Sft implements Saveable {
  readonly config: SftConfig;
  readonly model: Model<TokenBatch>;
  /** Batches of examples in, one step of descent each. Errors: BAD_PARAM for an example that is too long, or has a character without a token. */
  readonly learn: OperatorFunction<readonly Example[], Metrics>;
  readonly #options: SftOptions;
  readonly #rng: Rng;
  readonly #loads: ExpertLoads;
  #length = 4;

  /** @throws {GymError} BAD_PARAM for a hyperparameter that is unknown or out of range, and for weights that are not the decoder's */
  constructor(given: Given<SftConfig>, options: SftOptions) {
    // resolveParams checked the values against the schema that gives SftConfig its type.
    this.config = resolveParams({ id: "sft", params: SFT }, given, { operator: true }) as SftConfig;
    this.#options = options;
    this.#rng = rngFor(options.seed, "batches");
    this.#loads = new ExpertLoads(options.text.decoder, this.config.balanceRate);
    this.model = this.#modelOf();
    if (options.weights) startFrom(this.model, options.text.decoder, options.weights, "sft");
    this.learn = map((examples) => this.#step(examples));
  }

  /** Endless batches, drawn with putting back. */
  *batches(examples: readonly Example[]): Generator<readonly Example[]> {
    for (;;) yield Array.from({ length: this.config.batch }, () => this.#rng.choice(examples));
  }

  save(): Plain {
    return { model: this.model.save(), length: this.#length, rng: [...this.#rng.state] };
  }

  load(state: Plain): void {
    const { model, length, rng } = fieldsOf(state);
    this.model.load(model as Plain);
    this.#length = length as number;
    this.#rng.restore(rng as unknown as Rng["state"]);
  }

  #modelOf(): Model<TokenBatch> {
    const { decoder } = this.#options.text;
    return new Model<TokenBatch>(
      {
        name: "sft",
        params: decoder.params,
        optimizer: { kind: "adam", beta2: 0.98, clip: this.config.maxGradNorm },
        loss(p, { tokens, target, weight, oldLogProb }) {
          oldLogProb.dispose();
          const { logits, loads, balance } = withLoads(decoder, p, tokens);
          const { logProb, entropy } = tokenLogProbs(logits, target, 1);
          const count = np.sum(weight.ref);
          const mean = (x: typeof weight): typeof weight => np.sum(x.mul(weight.ref)).div(count.ref);
          const metrics = { entropy: mean(entropy), ...loads };
          const loss = mean(logProb).mul(-1).add(balance);
          count.dispose();
          weight.dispose();
          return { loss, metrics };
        },
      },
      rngFor(this.#options.seed, "init"),
    );
  }

  #step(examples: readonly Example[]): Metrics {
    const rows = examples.map((example) => transcriptOf(example, this.#options.text, this.config.endToken));
    this.#length = batchLength(rows, this.#options.text.decoder.options.context, this.#length);
    const step = this.model.steps;
    const rate = this.config.learningRate * Math.min(1, (step + 1) / Math.max(1, this.config.warmup)) * (this.#options.pace?.(step) ?? 1); // prettier-ignore
    const batch = tokenBatch(rows, this.#length, this.#options.text.tokenizer.pad);
    const metrics = this.#loads.count(this.model.step(batch, rate));
    return { ...metrics, ...this.#loads.update(this.model), learning_rate: rate };
  }
}

function transcriptOf(
  { prompt, answer }: Example,
  { decoder, tokenizer }: SftOptions["text"],
  ends: boolean,
): Transcript {
  // prettier-ignore
  const [asked, said] = [tokenizer.encode(prompt), tokenizer.encode(answer)];
  const tokens = [...asked, ...said, ...(ends ? [tokenizer.end] : [])];
  const { context } = decoder.options;
  // The last token is a target alone.
  if (tokens.length > context + 1)
    throw new GymError("BAD_PARAM", `sft: tokens of the example ${JSON.stringify(prompt.slice(0, 60))}`, {
      expected: `at most ${context + 1}, one more than the decoder's context`,
      received: tokens.length,
      hint: "Leave it out, or make the context longer.",
    });
  const sampled = tokens.map((_, i) => Number(i >= asked.length));
  return { tokens, sampled, logProbs: tokens.map(() => 0), clipped: false };
}
