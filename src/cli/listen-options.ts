/** Where a server listens and whom it lets in: what all servers of this command line have in common. */
import { readFileSync } from "node:fs";
import { readTokens, type ServerOptions } from "../server/index.ts";
import { nothingGiven } from "./errors.ts";
import type { Given } from "./options.ts";

export const LISTEN = ["host", "port", "tokenFile", "allowOrigin", "allowHost", "tlsCert", "tlsKey"] as const;
type Listening = Given<(typeof LISTEN)[number]>;

/** @throws {GymError} BAD_PARAM for a file that cannot be used */
export function listenOptions(
  options: Listening,
): Pick<ServerOptions, "host" | "port" | "tokens" | "allowOrigins" | "allowHosts" | "tls"> {
  const { host, port, tokenFile, allowOrigin, allowHost } = options;
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(tokenFile !== undefined && { tokens: readTokens(tokenFile) }),
    ...(allowOrigin !== undefined && { allowOrigins: allowOrigin }),
    ...(allowHost !== undefined && { allowHosts: allowHost }),
    ...tlsOf(options),
  };
}

function tlsOf({ tlsCert, tlsKey }: Listening): Pick<ServerOptions, "tls"> {
  if (tlsCert === undefined && tlsKey === undefined) return {};
  if (tlsCert === undefined)
    throw nothingGiven("--tls-cert", "the certificate that belongs to --tls-key", "Give both.");
  if (tlsKey === undefined) throw nothingGiven("--tls-key", "the key that belongs to --tls-cert", "Give both.");
  return { tls: { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) } };
}
