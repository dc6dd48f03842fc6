/** What all stages share: the envs, the vocabulary, the held-out problems, and how a policy is measured. */
import type { Client, Env } from "dojang/client";
import { decoder } from "../../nets/decoder/decoder.ts";
import type { HostTensor } from "../../nets/model.ts";
import { rngFor } from "../../shared/rng.ts";
import { answersOf, greedyScore, type Answers } from "../evaluate-text.ts";
import type { TextModel } from "../generate.ts";
import type { Example } from "../sft.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { measuredOf, problemScores, type Measured, type OfFamily, type ProblemScore } from "./measured.ts";
import { askedBy, heldOut, makeEnv, problemsOf, promptsOf, trainingSeeds, type HeldOut, type Problem } from "./problems.ts"; // prettier-ignore
import { GENERATIONS, PROMPTS, TEST_ROWS, type NetShape, type R1Settings } from "./settings.ts";
import { taskSet, type TaskSet } from "./task-set.ts";
import { keepVocabulary } from "./vocabulary-file.ts";
import { phrasesOf, phraseTokenizer, TAGS } from "./vocabulary.ts";

export type Weights = Readonly<Record<string, HostTensor>>;
export type Text = Pick<TextModel, "decoder" | "tokenizer">;

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

/** The figures of a policy, what they are made of, and some answers to show. */
export interface Measurement {
  readonly measured: Measured;
  readonly scores: readonly ProblemScore[];
  readonly shown: readonly Answers[];
}

export class Lab {
  readonly options: LabOptions;
  readonly set: TaskSet;
  readonly train: Env;
  readonly #test: Env;
  readonly #tokenizer: Tokenizer;
  readonly #heldOut: HeldOut;
  /** Answers to held-out problems that were judged so far. */
  evaluationSteps = 0;

  private constructor(options: LabOptions, envs: { train: Env; test: Env }, tokenizer: Tokenizer, sets: HeldOut) {
    this.options = options;
    this.set = taskSet(options.settings.tasks);
    [this.train, this.#test] = [envs.train, envs.test];
    [this.#tokenizer, this.#heldOut] = [tokenizer, sets];
  }

  /** @throws {GymError} FORBIDDEN where the server lets nobody choose seeds, BAD_RUN where the run's vocabulary is another */
  static async open(options: LabOptions): Promise<Lab> {
    const { client, settings } = options;
    const set = taskSet(settings.tasks);
    const train = await makeEnv(client, "train", PROMPTS * GENERATIONS, set);
    const test = await makeEnv(client, "test", TEST_ROWS, set);
    const words = await promptsOf(train, set.vocabulary, askedFor(set, 0, "vocabulary"));
    const phrases = phrasesOf(words, set.symbols);
    await keepVocabulary(options.folder, { phrases, stop: [TAGS.answered], answerTokens: set.answerTokens });
    const { stopping, tuning, heldOut: final } = settings;
    const sets = await heldOut(test, { stopping, tuning, final }, set.families);
    return new Lab(options, { train, test }, phraseTokenizer(phrases), sets);
  }

  async close(): Promise<void> {
    await this.train.close();
    await this.#test.close();
  }

  /** A shape with room for the longest text of these tasks. */
  fitted(shape: NetShape): NetShape {
    return { ...shape, context: this.set.context };
  }

  textOf(shape: NetShape): Text {
    return {
      decoder: decoder({ ...shape, vocab: this.#tokenizer.vocab, pad: this.#tokenizer.pad }),
      tokenizer: this.#tokenizer,
    };
  }

  /** How training problems of these families are asked for: a stream of its own for each purpose. */
  asked(seed: number, purpose: string, families = this.set.families) {
    return askedFor({ families }, seed, purpose);
  }

  /** Worked chains to training prompts. */
  async demonstrations(count: number, purpose: string, families = this.set.families): Promise<Example[]> {
    const prompts = await promptsOf(this.train, count, this.asked(this.options.seed, purpose, families));
    return prompts.map((prompt) => this.set.demonstrate(prompt));
  }

  /** Greedy share on the stopping set. */
  async stoppingScore(text: TextModel): Promise<number> {
    return greedyScore((await this.#answers(text, this.#heldOut.stopping, 1, 0)).map(({ answers }) => answers)).mean;
  }

  /** The figures. @param family of whose problems alone; absent: all */
  async measure(text: Text, weights: Weights, family?: string): Promise<Measurement> {
    const { measureOn, sampled, samples } = this.options.settings;
    const model = { ...text, model: { weights: () => weights } };
    const problems = this.#heldOut[measureOn].filter((one) => family === undefined || one.family.name === family);
    const greedy = await this.#answers(model, problems, 1, 0);
    const drawn = await this.#answers(model, problems.slice(0, sampled), samples, 1);
    const shown = greedy.slice(0, 8).map(({ answers }, i) => withSamples(answers, drawn[i]?.answers));
    return { measured: measuredOf(greedy, drawn, samples), scores: problemScores(drawn), shown };
  }

  /** Sampled answers to training problems. */
  async sample(text: TextModel, problems: number, samples: number, purpose: string): Promise<Answers[]> {
    const { seed } = this.options;
    const options = { ...this.#sampling(1, rngFor(seed, purpose)), problems, samples };
    return answersOf(this.train, text, { ...options, ...this.asked(seed, purpose) });
  }

  async #answers(text: TextModel, problems: readonly Problem[], samples: number, temperature: number) {
    // The same draws for every policy that is measured.
    const options = { ...this.#sampling(temperature, rngFor(0, "measure")), problems: problems.length, samples };
    const asked = askedBy(this.set.families, (index) => problems[index] as Problem);
    const all = await answersOf(this.#test, text, { ...options, ...asked });
    this.evaluationSteps += all.reduce((sum, { replies }) => sum + replies.length, 0);
    return all.map((answers, i): OfFamily => ({ family: (problems[i] as Problem).family, answers }));
  }

  #sampling(temperature: number, rng: ReturnType<typeof rngFor>) {
    const { answerTokens: maxTokens, answerIn: answerOf } = this.set;
    return { temperature, rng, maxTokens, stop: [TAGS.answered], answerOf };
  }
}

const askedFor = ({ families }: Pick<TaskSet, "families">, seed: number, purpose: string) =>
  askedBy(families, problemsOf(families, trainingSeeds(seed, purpose)));

/** A greedy answer and three samples beside it. */
function withSamples(greedy: Answers, drawn: Answers | undefined): Answers {
  const { replies = [], right = [] } = drawn ?? {};
  return { ...greedy, replies: [...greedy.replies, ...replies.slice(0, 3)], right: [...greedy.right, ...right.slice(0, 3)] }; // prettier-ignore
}
