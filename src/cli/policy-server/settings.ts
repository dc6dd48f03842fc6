/** What completions and chat have in common: how tokens are drawn, how many, where a text ends, in which form it comes. */
import { ApiError, wrongField } from "./api-error.ts";
import type { Fields } from "./fields.ts";
import type { Served } from "./served.ts";

/** Fields of both. */
export const COMMON = [
  ...["model", "n", "temperature", "top_p", "seed", "stop", "include_stop_str_in_output", "stream", "stream_options"],
  ...["max_tokens", "user", "frequency_penalty", "presence_penalty", "logit_bias"],
];

export interface Settings {
  readonly n: number;
  readonly temperature: number;
  readonly topP: number;
  /** Absent: draws that nobody can repeat. */
  readonly seed: number | undefined;
  /** Texts that end an answer and are cut off. */
  readonly stop: readonly string[];
  /** Are those that ended an answer left in it? */
  readonly keepStop: boolean;
  readonly stream: boolean;
  /** Is the usage told at the end of a stream? */
  readonly streamUsage: boolean;
}

const MAX_SEED = Number.MAX_SAFE_INTEGER;
const MAX_STOPS = 16;
export const MAX_N = 128;
/** Likeliest tokens that are told beside each that is drawn. */
export const MAX_LISTED = 20;

/** @throws {ApiError} naming the field that is wrong */
export function readSettings(fields: Fields, served: Served): Settings {
  checkModel(fields.get("model"), served);
  const user = fields.get("user");
  if (user !== undefined && typeof user !== "string") throw wrongField("user", "a text", user);
  fields.neutral("frequency_penalty", 0);
  fields.neutral("presence_penalty", 0);
  fields.neutral("logit_bias", {});
  const stream = fields.flag("stream");
  const topP = fields.number("top_p", [0, 1]) ?? 1;
  if (topP === 0) throw wrongField("top_p", "a number above 0 and up to 1", topP);
  return {
    n: fields.integer("n", [1, MAX_N]) ?? 1,
    temperature: fields.number("temperature", [0, 2]) ?? 1,
    topP,
    seed: fields.integer("seed", [0, MAX_SEED]),
    stop: fields.texts("stop", MAX_STOPS),
    keepStop: fields.flag("include_stop_str_in_output"),
    stream,
    streamUsage: usageAsked(fields.get("stream_options"), stream),
  };
}

function checkModel(model: unknown, { name }: Served): void {
  if (typeof model !== "string") throw wrongField("model", JSON.stringify(name), model);
  if (model === name) return;
  throw new ApiError(404, `The model ${JSON.stringify(model)} does not exist; this server has ${JSON.stringify(name)}.`, { param: "model", code: "model_not_found" }); // prettier-ignore
}

function usageAsked(options: unknown, stream: boolean): boolean {
  if (options === undefined) return false;
  const { include_usage: usage = false, ...rest } = Object(options) as { include_usage?: unknown };
  const [stray] = Object.keys(rest);
  if (typeof options !== "object" || typeof usage !== "boolean" || stray !== undefined)
    throw wrongField("stream_options", '{"include_usage": true}', options);
  if (!stream) throw wrongField("stream_options", "nothing unless stream is true", options);
  return usage;
}

/** Tokens of the longest answer to a prompt. @throws {ApiError} 400 when the context does not hold both */
export function tokensFor(prompt: Int32Array, asked: number | undefined, served: Served, param: string): number {
  const room = served.contextTokens - prompt.length;
  if (room < 1 || (asked !== undefined && asked > room))
    throw new ApiError(400, `This model's context is ${served.contextTokens} tokens, prompt and completion together: the prompt has ${prompt.length}${asked === undefined ? "" : `, and ${param} asks for ${asked} more`}.`, { param: room < 1 ? "prompt" : param, code: "context_length_exceeded" }); // prettier-ignore
  return asked ?? Math.min(room, served.policy.maxTokens);
}
