/** The policy that is served: its name to clients, its texts in tokens, and what one request or all together may take. */
import { GymError } from "../../../protocol/errors.ts";
import type { R1Policy } from "../../../agents/index.ts";
import { ApiError } from "./api-error.ts";

export const POLICY_LIMITS = {
  /** sequences that grow side by side */
  maxBatch: 64,
  /** sequences that may wait for a place; a request that would make them more is answered with 429 */
  maxWaiting: 1_024,
  /** bytes of the body of a request */
  maxBody: 1024 * 1024,
  /** milliseconds that requests under way have when the server is stopped */
  drainMs: 30_000,
};
export type PolicyLimits = { readonly [K in keyof typeof POLICY_LIMITS]: number };

export class Served {
  /** What clients call it. */
  readonly name: string;
  readonly policy: R1Policy;
  /** Most tokens of a prompt and its completion: the last one is drawn and never read. */
  readonly contextTokens: number;
  /** Characters that the context could hold at most: what is longer is not even cut into tokens. */
  readonly #longestText: number;
  /** Seconds since 1970. */
  readonly created = Math.floor(Date.now() / 1_000);

  constructor(name: string, policy: R1Policy) {
    this.name = name;
    this.policy = policy;
    this.contextTokens = policy.text.decoder.options.context + 1;
    const { vocab } = policy.text.tokenizer;
    const longest = Math.max(...Array.from({ length: vocab }, (_, token) => this.pieceOf(token).length));
    this.#longestText = longest * this.contextTokens;
  }

  /** @throws {ApiError} 400 for an empty text, and words that have no tokens */
  encode(text: string, param: string): Int32Array {
    if (text === "") throw new ApiError(400, `${param}: expected a character or more, got none`, { param });
    if (text.length > this.#longestText)
      throw new ApiError(400, `${param}: expected at most ${this.#longestText} characters, for the context has ${this.contextTokens} tokens, got ${text.length}`, { param, code: "context_length_exceeded" }); // prettier-ignore
    try {
      return this.policy.text.tokenizer.encode(text);
    } catch (error) {
      if (!(error instanceof GymError)) throw error;
      throw new ApiError(400, `${param}: ${error.message}`, { param, code: "unknown_token" });
    }
  }

  /** @throws {ApiError} 400 for numbers that are no tokens */
  check(tokens: readonly number[], param: string): Int32Array {
    const { vocab } = this.policy.text.tokenizer;
    const wrong = tokens.find((token) => !Number.isInteger(token) || token < 0 || token >= vocab);
    if (tokens.length > 0 && wrong === undefined) return Int32Array.from(tokens);
    throw new ApiError(400, `${param}: expected tokens in 0..${vocab - 1}, got ${wrong ?? "none"}`, { param, code: "unknown_token" }); // prettier-ignore
  }

  /** The text of one token; empty for those that stand for none. */
  pieceOf(token: number): string {
    return this.policy.text.tokenizer.decode([token]);
  }

  /** What a token is called where log-probabilities are listed: its text, or a name that no text has. */
  nameOf(token: number): string {
    const { pad, end } = this.policy.text.tokenizer;
    return token === end ? "<|end|>" : token === pad ? "<|pad|>" : this.pieceOf(token);
  }
}
