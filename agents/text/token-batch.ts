/** Transcripts as the columns of a batch: each token, the one after it, and whether that one is learnt. */
import type { HostTensor } from "../nets/model.ts";
import type { Transcript } from "./transcripts.ts";

export interface TokenBatch extends Record<string, HostTensor> {
  /** [B, T] int32 */
  readonly tokens: HostTensor;
  /** [B, T] int32: the token after each */
  readonly target: HostTensor;
  /** [B, T] 1 = the target was sampled, or written for the learner; 0 = it is the env's, or padding */
  readonly weight: HostTensor;
  /** [B, T] log-probability of the target when it was drawn */
  readonly oldLogProb: HostTensor;
}

/** A multiple of 4 (the backend is slow at other lengths), or the whole context, that holds the longest of the rows, and at least `least`: every new length is compiled anew. */
export const batchLength = (rows: readonly Transcript[], context: number, least = 4): number =>
  Math.min(context, rows.reduce((length, { tokens }) => Math.max(length, 4 * Math.ceil((tokens.length - 1) / 4)), least)); // prettier-ignore

/** Rows that are undefined weigh nothing. Only tokens below `length` are read. */
export function tokenBatch(rows: readonly (Transcript | undefined)[], length: number, pad: number): TokenBatch {
  const shape = [rows.length, length];
  const tokens = new Int32Array(rows.length * length).fill(pad);
  const target = tokens.slice();
  const [weight, oldLogProb] = [new Float32Array(tokens.length), new Float32Array(tokens.length)];
  for (const [row, transcript] of rows.entries()) {
    const count = Math.min(length, (transcript?.tokens.length ?? 1) - 1);
    for (let t = 0; transcript !== undefined && t < count; t++) {
      const at = row * length + t;
      tokens[at] = transcript.tokens[t] as number;
      target[at] = transcript.tokens[t + 1] as number;
      weight[at] = transcript.sampled[t + 1] as number;
      oldLogProb[at] = transcript.logProbs[t + 1] as number;
    }
  }
  const column = (data: Float32Array | Int32Array): HostTensor => ({ data, shape });
  return { tokens: column(tokens), target: column(target), weight: column(weight), oldLogProb: column(oldLogProb) };
}
