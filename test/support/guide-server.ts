/** The server of a guide: `npx dojang serve ...` as it is written there, run from source on a free port. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "vitest";

import { startCli } from "./cli.ts";

/** Gives the address that the server prints; it is killed when the current test ends. */
export async function serveAsWritten(command: string): Promise<string> {
  const [npx, name, ...args] = command.trim().split(/\s+/);
  expect([npx, name, args[0]]).toEqual(["npx", "dojang", "serve"]);
  const server = startCli([...args, "--port", "0"]);
  const signal = AbortSignal.timeout(30_000);
  const [line] = (await once(createInterface({ input: server.stdout! }), "line", { signal })) as [string];
  return /^(ws:\/\/127\.0\.0\.1:\d+) serves/.exec(line)![1]!;
}
