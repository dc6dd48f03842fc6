/** A server on a free port whose one token may choose seeds, as GRPO needs it. */
import { addBuiltIns, makeToken, Registry, serve } from "dojang/server";
import { connect, type Client } from "dojang/client";
import { Lab } from "../../../agents/text/r1/lab.ts";
import type { R1Settings } from "../../../agents/text/r1/settings.ts";

const TOKEN = "a-token-of-this-test-only";

export interface Wire {
  readonly client: Client;
  close(): Promise<void>;
}

export async function wire(
  capabilities: readonly ("step" | "seeds")[] = ["step", "seeds"],
  registry = new Registry(),
): Promise<Wire> {
  await addBuiltIns(registry);
  const server = await serve({ registry, port: 0, tokens: [makeToken(TOKEN, capabilities)] });
  const client = connect(server.url, { token: TOKEN });
  return {
    client,
    async close() {
      await client.close();
      await server.close();
      await registry.close();
    },
  };
}

export const openLab = (
  client: Client,
  folder: string,
  settings: R1Settings,
  abort?: { at: number; signal: AbortController },
): Promise<Lab> =>
  // prettier-ignore
  Lab.open({
    ...{ client, folder, settings, seed: 1, note: () => undefined },
    signal: abort?.signal.signal ?? new AbortController().signal,
    onProgress: (_stage, done) => done === abort?.at && abort.signal.abort(),
  });
