/** A server for one test: a free port, closed when the test ends. */
import { onTestFinished } from "vitest";

import type { AnyPlugin } from "../../src/env/define.ts";
import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";
import { lineLogger } from "../../src/server/log.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import { serve, type DojangServer } from "../../src/server/serve.ts";

export interface TestServer extends DojangServer {
  /** What the server logged. */
  readonly logs: string[];
}

export async function testServer(
  options: Partial<ServerOptions> & { readonly plugins?: readonly AnyPlugin[] } = {},
): Promise<TestServer> {
  const { plugins, ...rest } = options;
  const registry = new Registry();
  if (plugins === undefined) await addBuiltIns(registry);
  for (const plugin of plugins ?? []) registry.add(plugin, "test");
  const logs: string[] = [];
  const server = await serve({ registry, port: 0, log: lineLogger((line) => logs.push(line)), ...rest });
  onTestFinished(async () => {
    await server.close();
    await registry.close();
  });
  return Object.assign(server, { logs });
}
