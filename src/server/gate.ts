/** Who may come in: Host, Origin and token, judged from the HTTP request before anything is allocated. The same rule for the socket and every HTTP route. */
import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import { findToken, type Token } from "./tokens.ts";

export interface GateOptions {
  readonly tokens: readonly Token[];
  readonly allowOrigins: readonly string[];
  /** Names, without port, that Host may carry beside the loopback names. */
  readonly allowHosts: readonly string[];
}

export type Verdict =
  | { readonly ok: true; readonly token: Token | undefined }
  | { readonly ok: false; readonly status: 401 | 403; readonly reason: string };

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  if (isIPv4(host)) return host.startsWith("127.");
  return isIPv6(host) && (host === "::1" || host.startsWith("::ffff:127."));
}

/** Judges a request. A browser cannot set headers on a socket, so it may present its token as the subprotocol `bearer.<base64url>`. */
export function judge(request: IncomingMessage, options: GateOptions): Verdict {
  const host = nameOf(request.headers.host);
  if (host === undefined || !(LOOPBACK_NAMES.includes(host) || options.allowHosts.includes(host))) {
    return {
      ok: false,
      status: 403,
      reason: "Host is not a name of this server; start it with --allow-host NAME to add one.",
    };
  }
  const { origin } = request.headers;
  if (origin !== undefined && !options.allowOrigins.includes(origin)) {
    return {
      ok: false,
      status: 403,
      reason: "Origin is not allowed; start the server with --allow-origin ORIGIN to add one.",
    };
  }
  if (options.tokens.length === 0) return { ok: true, token: undefined };
  const presented = bearer(request);
  const token = presented === undefined ? undefined : findToken(options.tokens, presented);
  if (token !== undefined) return { ok: true, token };
  const reason =
    presented === undefined ? "A token is needed: Authorization: Bearer TOKEN." : "The token is not known.";
  return { ok: false, status: 401, reason };
}

/** The host of a Host header, lower case, without port; undefined when there is none or it is not one name. */
function nameOf(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^(\[[0-9a-f:.]+\]|[^:\s/@]+)(?::\d{1,5})?$/i.exec(header);
  return match?.[1]?.toLowerCase();
}

function bearer(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) return /^Bearer +(\S+)$/i.exec(header)?.[1];
  const offered = request.headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  const name = offered.find((protocol) => protocol.startsWith("bearer."));
  return name === undefined ? undefined : Buffer.from(name.slice("bearer.".length), "base64url").toString("utf8");
}
