/** One answer that a client waits for: its text as far as it may be seen, and the tokens behind it. */
import { rngFor, type Asked, type Sequence } from "../../../agents/index.ts";
import type { Served } from "./served.ts";
import type { Settings } from "./settings.ts";
import { StopTexts } from "./stop-texts.ts";

/** What a client asked for once: a prompt, and its answer's place among all. */
export interface Wanted {
  readonly index: number;
  readonly prompt: Int32Array;
  readonly maxTokens: number;
}

/** How many of the likeliest tokens are listed with each; undefined: no log-probabilities. */
export type Listed = number | undefined;

/** A stretch of an answer: all of it, or what one token added. */
export interface Part {
  readonly index: number;
  readonly text: string;
  /** Its tokens: those from `from` up to `to` of the sequence. */
  readonly sequence: Sequence;
  readonly from: number;
  readonly to: number;
  readonly finish: "stop" | "length" | null;
}

export class Answer {
  readonly asked: Asked;
  readonly #index: number;
  readonly #cutter: StopTexts;
  #text = "";
  #shown = 0;
  #told = 0;

  /** @param seed of the whole request: answer k draws from a stream of its own, whatever is asked beside it */
  constructor({ index, prompt, maxTokens }: Wanted, seed: number, settings: Settings, listed: Listed, served: Served) {
    this.#index = index;
    this.#cutter = new StopTexts(settings.stop, settings.keepStop);
    this.asked = {
      ...{ prompt, maxTokens, temperature: settings.temperature, topP: settings.topP },
      stop: served.policy.stop,
      rng: rngFor(seed, `answer ${index}`),
      ...(listed !== undefined && { likeliest: listed }),
      enough: (piece) => {
        const { text, found } = this.#cutter.push(piece);
        this.#text += text;
        return found;
      },
    };
  }

  /** What the tokens since the last call have added. */
  next(sequence: Sequence): Part {
    const { ended, stopped, tokens } = sequence;
    if (ended) this.#text += this.#cutter.rest();
    const [text, from] = [this.#text.slice(this.#shown), this.#told];
    this.#shown = this.#text.length;
    this.#told = tokens.length;
    const finish = ended ? (stopped ? "stop" : "length") : null;
    return { index: this.#index, text, sequence, from, to: tokens.length, finish };
  }
}
