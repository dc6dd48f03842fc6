/** `/v1/completions`: goes on from texts, or from tokens. */
import { wrongField } from "./api-error.ts";
import type { Wanted } from "./answer.ts";
import { Fields } from "./fields.ts";
import type { Form } from "./form.ts";
import { completionLogProbs } from "./log-probs.ts";
import type { Served } from "./served.ts";
import { COMMON, MAX_LISTED, readSettings, tokensFor } from "./settings.ts";

const KNOWN = [...COMMON, "prompt", "logprobs", "echo", "best_of", "suffix"];
/** Prompts of one request. */
const MAX_PROMPTS = 1_024;

export const completionsForm = (served: Served): Form => ({
  prefix: "cmpl-",
  object: "text_completion",
  chunk: "text_completion",
  read(body) {
    const fields = new Fields(body, KNOWN);
    const settings = readSettings(fields, served);
    fields.neutral("echo", false);
    fields.neutral("suffix");
    fields.neutral("best_of", settings.n, 1);
    const listed = fields.integer("logprobs", [0, MAX_LISTED]);
    const asked = fields.integer("max_tokens", [1, Number.MAX_SAFE_INTEGER]);
    const prompts = readPrompts(fields.get("prompt"), served);
    const wanted = prompts.flatMap((prompt, p) => {
      const maxTokens = tokensFor(prompt, asked, served, "max_tokens");
      return Array.from({ length: settings.n }, (_, i): Wanted => ({ index: p * settings.n + i, prompt, maxTokens }));
    });
    return { settings, listed, wanted, promptTokens: prompts.reduce((sum, { length }) => sum + length, 0) };
  },
  choice: (part, listed) => choiceOf(part, completionLogProbs(part, listed, served)),
  delta: (part, listed) => choiceOf(part, completionLogProbs(part, listed, served)),
});

const choiceOf = ({ index, text, finish }: { index: number; text: string; finish: string | null }, logprobs: object | null) => ({ index, text, logprobs, finish_reason: finish }); // prettier-ignore

/** A text, tokens, or a list of either. */
function readPrompts(prompt: unknown, served: Served): Int32Array[] {
  const list = Array.isArray(prompt) ? (prompt as readonly unknown[]) : [prompt];
  const isTokens = (value: unknown): value is number[] => Array.isArray(value) && value.every((token) => typeof token === "number"); // prettier-ignore
  if (list.length > 0 && isTokens(prompt)) return [served.check(prompt, "prompt")];
  if (list.length === 0 || list.length > MAX_PROMPTS)
    throw wrongField("prompt", `1 to ${MAX_PROMPTS} prompts`, list.length);
  return list.map((one, i) => {
    const where = list.length === 1 ? "prompt" : `prompt[${i}]`;
    if (typeof one === "string") return served.encode(one, where);
    if (isTokens(one)) return served.check(one, where);
    throw wrongField("prompt", "a text, a list of tokens, or a list of either", prompt);
  });
}
