/** What all stages share: the envs, the vocabulary, the held-out problems, and how a policy is measured. */
import type { Client, Env } from "dojang/client";
import { decoder } from "../../nets/decoder/decoder.ts";
import type { HostTensor } from "../../nets/model.ts";
import { rngFor } from "../../shared/rng.ts";
import { answersOf, greedyScore, scoresOf, type Answers, type Scores } from "../evaluate-text.ts";
import type { TextModel } from "../generate.ts";
import type { Interval } from "../intervals.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { answerIn } from "./demonstrations.ts";
import { heldOut, makeEnv, promptsOf, trainingSeeds, type HeldOut } from "./problems.ts";
import { ANSWER_TOKENS, type NetShape, type R1Settings } from "./settings.ts";
import { phrasesOf, phraseTokenizer, TAGS } from "./vocabulary.ts";

export type Weights = Readonly<Record<string, HostTensor>>;
export type Text = Pick<TextModel, "decoder" | "tokenizer">;

/** Figures of one policy on the held-out problems. */
export interface Measured extends Scores {
  readonly greedy: Interval;
}

/** Rows of a training batch: 8 groups of 16. */
export const PROMPTS = 8;
export const GENERATIONS = 16;
const TEST_ROWS = 256;

export interface LabOptions {
  readonly client: Client;
  readonly settings: R1Settings;
  readonly seed: number;
  /** Folder that holds one folder for each stage. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told what happens, a line at a time. */
  readonly note: (text: string) => void;
  /** Told how far a stage is. */
  readonly onProgress: (stage: string, done: number, total: number, detail: string) => void;
}

export class Lab {
  readonly options: LabOptions;
  readonly train: Env;
  readonly #test: Env;
  readonly #tokenizer: Tokenizer;
  readonly #heldOut: HeldOut;

  private constructor(options: LabOptions, envs: { train: Env; test: Env }, tokenizer: Tokenizer, sets: HeldOut) {
    this.options = options;
    [this.train, this.#test] = [envs.train, envs.test];
    [this.#tokenizer, this.#heldOut] = [tokenizer, sets];
  }

  /** @throws {GymError} FORBIDDEN where the server lets nobody choose seeds */
  static async open(options: LabOptions): Promise<Lab> {
    const { client, settings } = options;
    const train = await makeEnv(client, "train", PROMPTS * GENERATIONS);
    const test = await makeEnv(client, "test", TEST_ROWS);
    const words = await promptsOf(train, PROMPTS, trainingSeeds(0, "vocabulary"));
    const sets = await heldOut(test, settings.stopping, settings.heldOut);
    return new Lab(options, { train, test }, phraseTokenizer(phrasesOf(words)), sets);
  }

  async close(): Promise<void> {
    await this.train.close();
    await this.#test.close();
  }

  textOf(shape: NetShape): Text {
    return {
      decoder: decoder({ ...shape, vocab: this.#tokenizer.vocab, pad: this.#tokenizer.pad }),
      tokenizer: this.#tokenizer,
    };
  }

  /** Greedy share on the stopping set. */
  async stoppingScore(text: TextModel): Promise<number> {
    return greedyScore(await this.#answers(text, this.#heldOut.stopping, 1, 0)).mean;
  }

  /** The final figures, and some answers to show. */
  async measure(text: Text, weights: Weights): Promise<{ measured: Measured; shown: readonly Answers[] }> {
    const { sampled, samples } = this.options.settings;
    const model = { ...text, model: { weights: () => weights } };
    const greedy = await this.#answers(model, this.#heldOut.final, 1, 0);
    const drawn = await this.#answers(model, this.#heldOut.final.slice(0, sampled), samples, 1);
    const shown = greedy.slice(0, 8).map((one, i) => ({ ...one, replies: [...one.replies, ...(drawn[i]?.replies.slice(0, 3) ?? [])], right: [...one.right, ...(drawn[i]?.right.slice(0, 3) ?? [])] })); // prettier-ignore
    return { measured: { greedy: greedyScore(greedy), ...scoresOf(drawn, samples) }, shown };
  }

  /** Sampled answers to training problems. */
  async sample(text: TextModel, problems: number, samples: number, purpose: string): Promise<Answers[]> {
    const { seed } = this.options;
    const options = { ...this.#sampling(1, rngFor(seed, purpose)), problems, samples };
    return answersOf(this.train, text, { ...options, seedOf: trainingSeeds(seed, purpose) });
  }

  async #answers(text: TextModel, seeds: readonly number[], samples: number, temperature: number): Promise<Answers[]> {
    // The same draws for every policy that is measured.
    const options = { ...this.#sampling(temperature, rngFor(0, "measure")), problems: seeds.length, samples };
    return answersOf(this.#test, text, { ...options, seedOf: (problem) => seeds[problem] as number });
  }

  #sampling(temperature: number, rng: ReturnType<typeof rngFor>) {
    return { temperature, rng, maxTokens: ANSWER_TOKENS, stop: [TAGS.answered], answerOf: answerIn };
  }
}
