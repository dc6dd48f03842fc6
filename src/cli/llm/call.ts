/** What a call of `dojang eval llm` says, read and filled in. */
import { drawSeed } from "../../../agents/index.ts";
import type { JsonValue } from "../../../protocol/frames.ts";
import { nothingGiven, wrongCall } from "../errors.ts";
import type { Given, OptionName } from "../options.ts";
import type { EndpointOptions } from "./endpoint.ts";
import type { Settings } from "./settings.ts";

export const LLM = [
  ...["episodes", "seed", "samples", "baseUrl", "model", "api", "apiKeyEnv", "concurrency", "retries", "timeoutMs"],
  ...["temperature", "topP", "maxTokens", "system", "request", "stream", "priceIn", "priceOut", "items", "maxSteps"],
  ...["param", "out", "resume", "record", "recordObservations", "server", "tokenFile", "plugin", "envParam", "data"],
] as const satisfies readonly OptionName[];
export type LlmOptions = Given<(typeof LLM)[number]>;

const EPISODES = 100;
/** Fields of a request that only this command can set. */
const OWN = ["model", "messages", "prompt", "n", "stream", "stream_options"];
const TIMEOUT_MS = 600_000;

/** What is given, as settings. @throws {GymError} BAD_PARAM */
export function givenIn(env: string | undefined, options: LlmOptions): Partial<Settings> {
  const { request, baseUrl, topP, priceIn, priceOut } = options;
  // Half a price would be a wrong cost.
  if (priceIn !== undefined && priceOut === undefined)
    throw nothingGiven("--price-out", "the price beside --price-in", "Give both.");
  if (priceOut !== undefined && priceIn === undefined)
    throw nothingGiven("--price-in", "the price beside --price-out", "Give both.");
  if (topP === 0) throw wrongCall("--top-p", "a number above 0 and up to 1", topP);
  if (baseUrl !== undefined && !["http:", "https:"].includes(URL.parse(baseUrl)?.protocol ?? ""))
    throw wrongCall("--base-url", "an address such as http://127.0.0.1:8000/v1", baseUrl);
  const given = {
    ...{ env, baseUrl, topP, request: request === undefined ? undefined : readRequest(request) },
    ...{ model: options.model, api: options.api, system: options.system, seed: options.seed, samples: options.samples },
    ...{ temperature: options.temperature, maxTokens: options.maxTokens, maxSteps: options.maxSteps },
    ...{ param: options.param, items: options.items, episodes: options.episodes },
  };
  // Absent is not undefined: what is left out is not kept either.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @throws {GymError} BAD_PARAM for what is no JSON object, or holds a field that only this command can set */
function readRequest(text: string): Readonly<Record<string, JsonValue>> {
  const value = parsed(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrongCall("--request", 'a JSON object such as {"reasoning_effort": "low"}', text);
  // A list is an object, too, and `isArray` does not tell the compiler so of readonly ones.
  const fields = value as Readonly<Record<string, JsonValue>>;
  const own = OWN.find((name) => Object.hasOwn(fields, name));
  if (own === undefined) return fields;
  throw wrongCall("--request", `no ${own}, which this command sets itself`, text);
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** With defaults for what is left out. @throws {GymError} BAD_PARAM for what has none */
export function wholeOf(given: Partial<Settings>): Settings {
  const { env, baseUrl, model } = given;
  if (env === undefined) throw nothingGiven("dojang eval llm", "ENV", "See `dojang eval --help`.");
  if (baseUrl === undefined)
    throw nothingGiven("--base-url", "an OpenAI-compatible endpoint", "For instance http://127.0.0.1:8000/v1.");
  if (model === undefined) throw nothingGiven("--model", "the name of a model at the endpoint", "Its /models lists them."); // prettier-ignore
  const defaults = { param: [], items: false, api: "chat", request: {}, samples: 1, episodes: EPISODES } as const;
  return { ...defaults, seed: drawSeed() % 2 ** 32, ...given, env, baseUrl, model };
}

/** @throws {GymError} BAD_PARAM for a variable that is not set */
export function endpointOf(settings: Settings, options: LlmOptions): EndpointOptions {
  const { baseUrl, model, api, temperature, topP, maxTokens, request } = settings;
  const { stream = false, timeoutMs = TIMEOUT_MS, apiKeyEnv } = options;
  const drawing = {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  };
  const apiKey = apiKeyEnv === undefined ? undefined : process.env[apiKeyEnv];
  if (apiKeyEnv !== undefined && (apiKey ?? "") === "")
    throw wrongCall("--api-key-env", "the name of a variable that holds the key", apiKeyEnv, "It is not set.");
  return { baseUrl, model, api, stream, timeoutMs, body: { ...drawing, ...request }, ...(apiKey !== undefined && { apiKey }) }; // prettier-ignore
}
