/** Log-probabilities of a stretch of tokens as completions list them, and as chat does. */
import type { Listed, Part } from "./answer.ts";
import type { Served } from "./served.ts";

/** JSON has no infinity: what a token that cannot be drawn is given. */
const LEAST = -9999;
const shown = (logProb: number): number => Math.max(LEAST, logProb);

/** Columns, a row a token; the token that was drawn is always among the likeliest. */
export function completionLogProbs({ sequence, from, to }: Part, listed: Listed, served: Served): object | null {
  if (listed === undefined) return null;
  const offsets = [0];
  for (const token of sequence.tokens) offsets.push(offsets.at(-1)! + served.pieceOf(token).length);
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  const nameAt = (row: number): string => served.nameOf(sequence.tokens[row]!);
  return {
    tokens: rows.map(nameAt),
    token_logprobs: rows.map((row) => shown(sequence.logProbs[row]!)),
    top_logprobs: rows.map((row) => ({
      ...Object.fromEntries((sequence.alternatives[row] ?? []).map(({ token, logProb }) => [served.nameOf(token), shown(logProb)])), // prettier-ignore
      [nameAt(row)]: shown(sequence.logProbs[row]!),
    })),
    text_offset: rows.map((row) => offsets[row]),
  };
}

/** A record a token, with its text as UTF-8 bytes: none for a token that stands for no text. */
export function chatLogProbs({ sequence, from, to }: Part, listed: Listed, served: Served): object | null {
  if (listed === undefined) return null;
  const record = (token: number, logProb: number): object => ({
    token: served.nameOf(token),
    logprob: shown(logProb),
    bytes: [...new TextEncoder().encode(served.pieceOf(token))],
  });
  const content = sequence.tokens.slice(from, to).map((token, i) => ({
    ...record(token, sequence.logProbs[from + i]!),
    top_logprobs: (sequence.alternatives[from + i] ?? []).map(({ token: other, logProb }) => record(other, logProb)),
  }));
  return { content, refusal: null };
}
