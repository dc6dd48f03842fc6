/** A small policy, served until the test ends, and OpenAI's own client of it. */
import OpenAI, { APIError, type ClientOptions } from "openai";
import { onTestFinished } from "vitest";

import { servePolicy, type PolicyServer, type PolicyServerOptions } from "../../src/cli/policy-server/serve-policy.ts";
import { smallPolicy } from "./small-policy.ts";

export const policy = smallPolicy();
export const MODEL = { model: "small" } as const;

export async function start(options: Partial<PolicyServerOptions> = {}): Promise<PolicyServer> {
  const server = await servePolicy({ policy, name: "small", port: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

export const clientOf = ({ url }: PolicyServer, options: ClientOptions = {}): OpenAI =>
  new OpenAI({ baseURL: url, apiKey: "none", maxRetries: 0, ...options });

/** What the client throws. */
export const failure = async (promise: PromiseLike<unknown>): Promise<APIError> => {
  const error: unknown = await Promise.resolve(promise).catch((thrown: unknown) => thrown);
  if (error instanceof APIError) return error;
  throw new Error("expected an APIError");
};
