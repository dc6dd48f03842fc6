/** What was said in each episode, in tokens: sampled text is never tokenised again, for it may not come back as the same tokens. */
import { GymError } from "dojang/protocol";

/** Prompts, answers and words of the env in the order of their tokens. */
export interface Transcript {
  readonly tokens: readonly number[];
  /** 1 = sampled by the policy, and so learnt from; 0 = the env's words */
  readonly sampled: readonly number[];
  /** of each sampled token when it was drawn; 0 elsewhere */
  readonly logProbs: readonly number[];
  /** an answer was cut at its longest length */
  readonly clipped: boolean;
}

interface Draft extends Transcript {
  readonly tokens: number[];
  readonly sampled: number[];
  readonly logProbs: number[];
  clipped: boolean;
  /** turns so far */
  turns: number;
}

/** What a policy drew in one turn. */
export interface Said {
  readonly tokens: ArrayLike<number>;
  readonly logProbs: ArrayLike<number>;
  readonly stopped: boolean;
}

export class Transcripts {
  readonly #limit: number;
  readonly #open = new Map<string, Draft>();

  /** @param limit most episodes kept at once; the oldest are forgotten */
  constructor(limit = 65_536) {
    this.#limit = limit;
  }

  /** Adds what the env says at step `t` of an episode; gives all tokens so far: the prompt of the next answer. @throws {GymError} BAD_PARAM when steps are missing */
  hear(env: number, episode: number, t: number, words: ArrayLike<number>): readonly number[] {
    const key = `${env}:${episode}`;
    if (t === 0) this.#begin(key);
    const draft = this.#open.get(key);
    if (draft?.turns !== t) throw unknown(env, episode, t);
    append(draft, words);
    return draft.tokens;
  }

  /** Adds what the policy answered to it. */
  say(env: number, episode: number, { tokens, logProbs, stopped }: Said): void {
    const draft = this.#open.get(`${env}:${episode}`);
    if (draft === undefined) throw unknown(env, episode, 0);
    append(draft, tokens, logProbs);
    draft.turns++;
    if (!stopped) draft.clipped = true;
  }

  /** Takes an episode out, up to its last sampled token: from what the env said after that nothing can be learnt. @throws {GymError} BAD_PARAM when it is not here: its answers were drawn by somebody else */
  take(env: number, episode: number): Transcript {
    const key = `${env}:${episode}`;
    const found = this.#open.get(key);
    if (found === undefined) throw unknown(env, episode, 0);
    this.#open.delete(key);
    const length = found.sampled.lastIndexOf(1) + 1;
    for (const column of [found.tokens, found.sampled, found.logProbs]) column.length = length;
    return found;
  }

  #begin(key: string): void {
    this.#open.delete(key);
    this.#open.set(key, { tokens: [], sampled: [], logProbs: [], clipped: false, turns: 0 });
    const [oldest] = this.#open.keys();
    if (this.#open.size > this.#limit && oldest !== undefined) this.#open.delete(oldest);
  }
}

/** Tokens of the policy where they come with their log-probabilities, else of the env. */
function append(draft: Draft, tokens: ArrayLike<number>, logProbs?: ArrayLike<number>): void {
  for (let i = 0; i < tokens.length; i++) {
    draft.tokens.push(tokens[i] as number);
    draft.sampled.push(logProbs === undefined ? 0 : 1);
    draft.logProbs.push(logProbs?.[i] ?? 0);
  }
}

const unknown = (env: number, episode: number, t: number): GymError =>
  new GymError("BAD_PARAM", `grpo: instance ${env}, episode ${episode}, step ${t}`, {
    expected: "an episode whose answers this policy drew, step by step",
    hint: "Give `act` and `learn` of the same learner to the rollout.",
  });
