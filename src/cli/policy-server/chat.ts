/** `/v1/chat/completions`: what was said in a conversation, turn after turn, is the prompt, as in the episodes that the policy was trained on. */
import { ApiError, wrongField } from "./api-error.ts";
import { Fields } from "./fields.ts";
import type { Form } from "./form.ts";
import { chatLogProbs } from "./log-probs.ts";
import type { Served } from "./served.ts";
import { COMMON, MAX_LISTED, readSettings, tokensFor } from "./settings.ts";

const KNOWN = [
  ...[...COMMON, "messages", "logprobs", "top_logprobs", "max_completion_tokens", "response_format", "tools"],
  ...["tool_choice", "parallel_tool_calls", "store", "metadata"],
];
const MAX_MESSAGES = 1_024;

export const chatForm = (served: Served): Form => ({
  prefix: "chatcmpl-",
  object: "chat.completion",
  chunk: "chat.completion.chunk",
  read(body) {
    const fields = new Fields(body, KNOWN);
    const settings = readSettings(fields, served);
    fields.neutral("response_format", { type: "text" });
    fields.neutral("tools", []);
    fields.neutral("tool_choice", "none", "auto");
    fields.neutral("parallel_tool_calls", true, false);
    fields.neutral("store", false);
    fields.neutral("metadata", {});
    const prompt = served.encode(promptOf(fields.get("messages")), "messages");
    const { asked, param } = lengthOf(fields);
    const maxTokens = tokensFor(prompt, asked, served, param);
    const wanted = Array.from({ length: settings.n }, (_, index) => ({ index, prompt, maxTokens }));
    return { settings, listed: listedOf(fields), wanted, promptTokens: prompt.length };
  },
  choice: (part, listed) => ({
    index: part.index,
    message: { role: "assistant", content: part.text, refusal: null },
    logprobs: chatLogProbs(part, listed, served),
    finish_reason: part.finish,
  }),
  delta: (part, listed) => ({
    index: part.index,
    delta: part.text === "" ? {} : { content: part.text },
    logprobs: chatLogProbs(part, listed, served),
    finish_reason: part.finish,
  }),
  opening: (index) => ({ index, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null }),
});

function listedOf(fields: Fields): number | undefined {
  const top = fields.integer("top_logprobs", [0, MAX_LISTED]);
  if (fields.flag("logprobs")) return top ?? 0;
  if (top !== undefined) throw wrongField("top_logprobs", "nothing unless logprobs is true", top);
  return undefined;
}

function lengthOf(fields: Fields): { asked: number | undefined; param: string } {
  const range = [1, Number.MAX_SAFE_INTEGER] as const;
  const [newer, older] = [fields.integer("max_completion_tokens", range), fields.integer("max_tokens", range)];
  if (newer !== undefined && older !== undefined && newer !== older)
    throw wrongField("max_tokens", `${newer}, as max_completion_tokens says`, older);
  return { asked: newer ?? older, param: newer === undefined ? "max_tokens" : "max_completion_tokens" };
}

/** Turns of user and assistant, user first and last, one behind the other. */
function promptOf(messages: unknown): string {
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MAX_MESSAGES)
    throw wrongField("messages", `a list of 1 to ${MAX_MESSAGES}`, messages);
  const odd = messages.findIndex((message) => ["system", "developer"].includes(roleOf(message)));
  if (odd >= 0)
    throw new ApiError(400, `messages[${odd}].role: this policy was trained without a ${roleOf(messages[odd])} message. Leave it out.`, { param: `messages[${odd}].role` }); // prettier-ignore
  if (messages.length % 2 === 0) throw new ApiError(400, "messages: expected turns of user and assistant, a user's first and last", { param: "messages" }); // prettier-ignore
  return messages.map((message: unknown, i) => turnOf(message, i)).join("");
}

const roleOf = (message: unknown): string => String((Object(message) as { role?: unknown }).role);

function turnOf(message: unknown, i: number): string {
  const { role, content } = Object(message) as { role?: unknown; content?: unknown };
  const turn = i % 2 === 0 ? "user" : "assistant";
  if (role !== turn) throw wrongField(`messages[${i}].role`, `"${turn}": turns of user and assistant`, role);
  const parts: readonly unknown[] = Array.isArray(content) ? content : [{ type: "text", text: content }];
  const texts = parts.map((part) => Object(part) as { type?: unknown; text?: unknown });
  if (texts.every(({ type, text }) => type === "text" && typeof text === "string")) return texts.map(({ text }) => text as string).join(""); // prettier-ignore
  throw wrongField(`messages[${i}].content`, "a text, or parts of type text", content);
}
