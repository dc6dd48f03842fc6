/** Figures of one policy: over all held-out problems, and for each family of them; and what two policies differ by on the same problems. */
import { greedyScore, scoresOf, type Answers, type Scores } from "../evaluate-text.ts";
import { bootstrap, type Interval } from "../intervals.ts";
import type { Family } from "./task-set.ts";

export interface Figures extends Scores {
  readonly greedy: Interval;
  /** Tokens of a sampled answer: the mean over problems. */
  readonly length: Interval;
}

/** Figures of one policy on the held-out problems. */
export interface Measured extends Figures {
  /** By name; absent where there is but one. */
  readonly families?: Readonly<Record<string, Figures>>;
}

/** How one held-out problem was answered. */
export interface ProblemScore {
  readonly family: string;
  /** Share of its samples that are right. */
  readonly pass1: number;
}

/** A problem's greedy answer or its sampled ones, and whose family it is. */
export interface OfFamily {
  readonly family: Family;
  readonly answers: Answers;
}

export function measuredOf(greedy: readonly OfFamily[], sampled: readonly OfFamily[], k: number): Measured {
  const names = [...new Set(greedy.map(({ family }) => family.name))];
  const whole = figuresOf(greedy, sampled, k);
  if (names.length === 1) return whole;
  const families = names.map((name) => {
    const own = (all: readonly OfFamily[]): OfFamily[] => all.filter(({ family }) => family.name === name);
    return [name, figuresOf(own(greedy), own(sampled), k)] as const;
  });
  return { ...whole, families: Object.fromEntries(families) };
}

function figuresOf(greedy: readonly OfFamily[], sampled: readonly OfFamily[], k: number): Figures {
  const drawn = sampled.map(({ answers }) => answers);
  return {
    greedy: greedyScore(greedy.map(({ answers }) => answers)),
    ...scoresOf(drawn, k),
    length: bootstrap(drawn.map(({ lengths }) => mean(lengths))),
  };
}

export const problemScores = (sampled: readonly OfFamily[]): ProblemScore[] =>
  sampled.map(({ family, answers }) => ({ family: family.name, pass1: mean(answers.right) }));

/** What pass@1 rose by from one policy to another on the same problems, in all and by family: 95 % intervals over problems, paired. */
export interface Gain {
  readonly from: string;
  readonly to: string;
  readonly pass1: Interval;
  readonly families?: Readonly<Record<string, Interval>>;
}

interface Scored {
  readonly title: string;
  readonly scores: readonly ProblemScore[];
}

/** @param before scores of the same problems in the same order as `after` */
export function gainOf(before: Scored, after: Scored): Gain {
  const rises = after.scores.map(({ family, pass1 }, i) => ({ family, by: pass1 - (before.scores[i]?.pass1 ?? NaN) }));
  const names = [...new Set(rises.map(({ family }) => family))];
  const over = (name?: string): Interval =>
    bootstrap(rises.flatMap(({ family, by }) => (name === undefined || family === name ? [by] : [])));
  return {
    from: before.title,
    to: after.title,
    pass1: over(),
    ...(names.length > 1 && { families: Object.fromEntries(names.map((name) => [name, over(name)])) }),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
