/** Plays each problem several times and keeps what was answered: the raw material of pass@k, maj@k, and of rejection sampling. */
import type { Env } from "dojang/client";
import { GymError, type JsonValue } from "dojang/protocol";
import { lastValueFrom, tap } from "rxjs";
import { goesOn, type Transitions } from "../streams/transitions.ts";
import { groupRollout } from "./group-rollout.ts";
import { bootstrap, wilson, type Interval } from "./intervals.ts";
import { majAtK, passAtK, type Answered } from "./pass-at-k.ts";
import { textPolicy, type TextPolicyOptions } from "./text-policy.ts";
import type { TextModel } from "./generate.ts";
import { Transcripts } from "./transcripts.ts";

/** One problem and the answers to it. */
export interface Answers extends Answered {
  readonly prompt: string;
  /** [samples] the last reply of each episode */
  readonly replies: readonly string[];
  /** [samples] 1 = judged right: the reward's part "accuracy" is above 0, or the reward itself where there is none */
  readonly right: readonly number[];
  /** [samples] undiscounted returns */
  readonly returns: readonly number[];
  /** [samples] what was said, in tokens, over all turns */
  readonly lengths: readonly number[];
}

export interface AnswersOptions extends Omit<TextPolicyOptions, "transcripts"> {
  readonly problems: number;
  readonly samples: number;
  readonly seedOf: (problem: number) => number;
  /** Reset options of each problem. Default none. */
  readonly optionsOf?: (problem: number) => JsonValue;
  /** What a reply answers, for maj@k; undefined where it answers nothing. */
  readonly answerOf: (reply: string) => string | undefined;
}

/** @throws {GymError} the failure of the env: an answer that nobody judged is neither right nor wrong */
export async function answersOf(env: Env, text: TextModel, options: AnswersOptions): Promise<Answers[]> {
  const { problems, samples, answerOf } = options;
  const transcripts = new Transcripts();
  const prompts: string[] = [];
  const replies = new Array<string>(problems * samples).fill("");
  const [right, returns, lengths] = [0, 1, 2].map(() => new Float64Array(replies.length)) as [Float64Array, Float64Array, Float64Array]; // prettier-ignore
  const room = Math.floor(env.num / samples) * samples;
  let before = 0;
  const see = (batch: Transitions): void => {
    const [fault] = batch.faults;
    if (fault) throw new GymError(fault.code, `${env.id}: evaluation stopped: ${fault.message}`);
    for (let i = 0; i < batch.length; i++) {
      const at = before + (batch.env[i] as number);
      // The spaces are texts: generation could not have begun on others.
      if (batch.t[i] === 0) prompts[Math.floor(at / samples)] ??= (batch.obs as readonly string[])[i] as string;
      replies[at] = (batch.action as readonly string[])[i] as string;
      returns[at] = (returns[at] as number) + (batch.reward[i] as number);
      lengths[at] = (lengths[at] as number) + (batch.extras["length"]?.[i] as number);
      if (((batch.parts?.["accuracy"] ?? batch.reward)[i] as number) > 0) right[at] = 1;
      if (!goesOn(batch, i)) transcripts.take(batch.env[i] as number, batch.episode[i] as number);
    }
  };
  const act = textPolicy(text, { ...options, transcripts });
  const { seedOf, optionsOf } = options;
  const starts = { seedOf, ...(optionsOf && { optionsOf }) };
  for (; before < replies.length; before += room) {
    const [from, groups] = [before / samples, Math.min(problems, (before + room) / samples)];
    await lastValueFrom(groupRollout(env, act, { ...starts, size: samples, from, groups }).pipe(tap(see)), { defaultValue: undefined }); // prettier-ignore
  }
  return prompts.map((prompt, problem) => {
    const rows = Array.from({ length: samples }, (_, i) => problem * samples + i);
    const own = rows.map((row) => replies[row] as string);
    const pick = (all: Float64Array): number[] => rows.map((row) => all[row] as number);
    const judged = { right: pick(right), returns: pick(returns), lengths: pick(lengths) };
    return { prompt, replies: own, answers: own.map(answerOf), ...judged };
  });
}

/** Scores of several samples a problem: one row of a table. Intervals are 95 %. */
export interface Scores {
  readonly pass1: Interval;
  readonly passK: Interval;
  readonly majK: Interval;
}

/** @param k at most the samples of each problem @throws {RangeError} when there are fewer */
export function scoresOf(problems: readonly Answers[], k: number): Scores {
  const passes = (draws: number): Interval =>
    bootstrap(problems.map(({ right }) => passAtK(right.length, right.reduce((sum, one) => sum + one, 0), draws))); // prettier-ignore
  return { pass1: passes(1), passK: passes(k), majK: bootstrap(problems.map((problem) => majAtK(problem, k))) };
}

/** The share of problems whose only answer is right. */
export const greedyScore = (problems: readonly Answers[]): Interval =>
  wilson(problems.reduce((sum, { right }) => sum + (right[0] as number), 0), problems.length); // prettier-ignore
