/** Figures of an evaluation: shares with their intervals, tokens, cost, latency. */
import { bootstrap, majAtK, passAtK, wilson, type Interval } from "../../../agents/index.ts";
import { extract, verifyMath } from "../../verify/index.ts";
import { table } from "../output.ts";
import { count } from "../progress.ts";
import type { Episode } from "./episode.ts";

/** Of a million tokens. */
export interface Prices {
  readonly in: number;
  readonly out: number;
}

export interface Figures {
  /** Problems all of whose samples were answered: what the shares are of. */
  readonly problems: number;
  readonly samples: number;
  readonly episodes: number;
  readonly faults: number;
  readonly pass1?: Interval;
  readonly passK?: Interval;
  /** Where answers were found in replies. */
  readonly majK?: Interval;
  readonly return?: Interval;
  readonly tokens: {
    readonly input: number;
    readonly output: number;
    /** Episodes whose tokens the endpoint did not tell. */
    readonly untold: number;
  };
  readonly cost?: number;
  /** Milliseconds of a reply. */
  readonly latency?: Percentiles;
  /** Milliseconds to the first piece of a reply. */
  readonly first?: Percentiles;
  readonly requests: number;
  /** Episodes whose last reply reached its longest length. */
  readonly cut: number;
}

interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** @param faults episodes that could not be played: they count in no share */
export function figuresOf(episodes: readonly Episode[], samples: number, faults: number, prices?: Prices): Figures {
  const problems = [...Map.groupBy(episodes, ({ problem }) => problem).values()].filter(({ length }) => length === samples); // prettier-ignore
  const tokens = tokensOf(episodes);
  const [latency, first] = [percentiles(episodes.flatMap(({ ms }) => ms)), percentiles(episodes.flatMap(({ firstMs = [] }) => firstMs))]; // prettier-ignore
  return {
    ...{ problems: problems.length, samples, episodes: episodes.length, faults },
    ...(problems.length > 0 && sharesOf(problems, samples)),
    tokens,
    ...(prices && { cost: costOf(tokens, prices) }),
    ...(latency && { latency }),
    ...(first && { first }),
    requests: episodes.reduce((sum, { requests }) => sum + requests, 0),
    cut: episodes.filter(({ finish }) => finish === "length").length,
  };
}

function sharesOf(problems: readonly (readonly Episode[])[], k: number) {
  const rightIn = (problem: readonly Episode[]): number => problem.filter(({ right }) => right).length;
  const passes = (draws: number): Interval => bootstrap(problems.map((one) => passAtK(k, rightIn(one), draws)));
  const voted = problems.map((one) => ({ right: one.map(({ right }) => Number(right)), answers: answersOf(one) }));
  const canVote = k > 1 && voted.some(({ answers }) => answers.some((answer) => answer !== undefined));
  const total = problems.reduce((sum, one) => sum + rightIn(one), 0);
  return {
    // One sample a problem: independent trials.
    pass1: k === 1 ? wilson(total, problems.length) : passes(1),
    ...(k > 1 && { passK: passes(k) }),
    ...(canVote && { majK: bootstrap(voted.map((one) => majAtK(one, k))) }),
    return: bootstrap(problems.map((one) => one.reduce((sum, episode) => sum + episode.return, 0) / one.length)),
  };
}

/** What each last reply answers, in a tag or a box; those that are equal as mathematics are one answer. */
function answersOf(episodes: readonly Episode[]): (string | undefined)[] {
  const different: string[] = [];
  return episodes.map(({ messages }) => {
    const reply = messages.at(-1)?.content ?? "";
    const found = extract(reply, { kinds: reply.includes("</answer>") ? ["tag", "text"] : ["boxed"] });
    if (found === undefined) return undefined;
    const same = different.find((other) => other === found.text || verifyMath(other, found.text).equal === true); // prettier-ignore
    if (same === undefined) different.push(found.text);
    return same ?? found.text;
  });
}

function tokensOf(episodes: readonly Episode[]): Figures["tokens"] {
  const sum = (name: "inputTokens" | "outputTokens"): number =>
    episodes.reduce((total, one) => total + (one[name] ?? 0), 0);
  const untold = episodes.filter((one) => one.inputTokens === undefined || one.outputTokens === undefined).length;
  return { input: sum("inputTokens"), output: sum("outputTokens"), untold };
}

const costOf = ({ input, output }: Figures["tokens"], prices: Prices): number =>
  (input * prices.in + output * prices.out) / 1e6;

function percentiles(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] as number; // prettier-ignore
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** A row for each share, then what it took. */
export function textOf(figures: Figures): string {
  const { samples: k, problems, episodes, faults, tokens, cost, latency, first, cut } = figures;
  const shares = [["pass@1", figures.pass1], [`pass@${k}`, figures.passK], [`maj@${k}`, figures.majK]] as const; // prettier-ignore
  const rows = shares.flatMap(([name, share]) => (share === undefined ? [] : [[name, ...[share.mean, share.low, share.high].map((x) => (100 * x).toFixed(1))]])); // prettier-ignore
  const means = figures.return === undefined ? [] : [["mean return", ...[figures.return.mean, figures.return.low, figures.return.high].map((x) => x.toFixed(3))]]; // prettier-ignore
  const lines = [
    table([["", "MEAN", "95 % FROM", "TO"], ...rows, ...means]),
    `of ${count(problems)} problems x ${k}${faults > 0 ? `; ${count(faults)} of ${count(episodes + faults)} episodes failed and count in none of this` : ""}`,
    `${count(tokens.input)} tokens in, ${count(tokens.output)} out${tokens.untold > 0 ? ` (not told for ${count(tokens.untold)} episodes)` : ""}${cost === undefined ? "" : `; cost ${cost.toPrecision(4)}`}`,
    ...(cut > 0 ? [`${count(cut)} replies were cut at their longest length`] : []),
    ...(latency ? [`seconds a reply: ${secondsOf(latency)}`] : []),
    ...(first ? [`seconds to its first piece: ${secondsOf(first)}`] : []),
  ];
  return lines.join("\n");
}

const secondsOf = (percentiles: Percentiles): string =>
  Object.entries(percentiles)
    .map(([name, ms]) => `${name} ${((ms as number) / 1_000).toFixed(2)}`)
    .join(", ");
