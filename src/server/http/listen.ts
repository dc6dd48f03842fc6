/** Where a server listens: loopback without more ado, anything else with a token; and what is said of an address that cannot be had. */
import type { Server } from "node:http";
import { GymError } from "../../../protocol/errors.ts";
import { isLoopback } from "../gate.ts";
import type { Token } from "../tokens.ts";

/** @throws {GymError} BAD_PARAM when the address is not loopback and there are no tokens */
export function needToken(host: string, tokens: readonly Token[]): void {
  if (isLoopback(host) || tokens.length > 0) return;
  throw new GymError("BAD_PARAM", `host ${host}`, {
    expected: "a token file for any address but loopback",
    hint: "Add --token-file FILE, or listen on 127.0.0.1.",
  });
}

/** Settles when the server listens. @throws {GymError} BAD_PARAM when the address or the port cannot be had */
export async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once("error", reject);
  server.listen(port, host, () => {
    server.off("error", reject);
    resolve(undefined);
  });
  try {
    await promise;
  } catch (error) {
    throw portError(error as NodeJS.ErrnoException, host, port);
  }
}

function portError(error: NodeJS.ErrnoException, host: string, port: number): GymError {
  const where = `listen on ${host}:${port}`;
  if (error.code === "EADDRINUSE") {
    return new GymError("BAD_PARAM", where, { expected: "a free port", received: "one that is in use", hint: "Stop the other server, or use --port 0 for any free one." }, error); // prettier-ignore
  }
  return new GymError("BAD_PARAM", `${where}: ${error.message}`, {}, error);
}
