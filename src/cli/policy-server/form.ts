/** What an endpoint makes of a request and of the answers: completions and chat differ in nothing else. */
import type { Listed, Part, Wanted } from "./answer.ts";
import type { Settings } from "./settings.ts";

export interface Request {
  readonly settings: Settings;
  readonly listed: Listed;
  readonly wanted: readonly Wanted[];
  /** Tokens of all prompts, each counted once. */
  readonly promptTokens: number;
}

export interface Form {
  /** Begins the ids of its answers. */
  readonly prefix: string;
  /** What the answer says it is, whole and in a stream. */
  readonly object: string;
  readonly chunk: string;
  /** @throws {ApiError} 400 naming the field that is wrong */
  read(body: unknown): Request;
  /** A choice of a whole answer. */
  choice(part: Part, listed: Listed): object;
  /** A choice of a stream. */
  delta(part: Part, listed: Listed): object;
  /** What a stream begins each choice with, where there is such a thing. */
  opening?(index: number): object;
}
