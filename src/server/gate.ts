/** Who may come in: the form of the request, Host, Origin and token, judged before anything is allocated. The same rule for the socket and every HTTP route. */
import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6 } from "node:net";
import { GymError } from "../../protocol/errors.ts";
import { findToken, type Token } from "./tokens.ts";

export interface GateOptions {
  readonly tokens: readonly Token[];
  readonly allowOrigins: readonly string[];
  /** Names, lower case, without port, that Host may carry beside the loopback names. */
  readonly allowHosts: readonly string[];
}

export type Refusal = { readonly ok: false; readonly status: 400 | 401 | 403; readonly reason: string };
export type Verdict = { readonly ok: true; readonly token: Token | undefined } | Refusal;

const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  if (isIPv4(host)) return host.startsWith("127.");
  return isIPv6(host) && (host === "::1" || /^::ffff:127\.\d/i.test(host));
}

/** The gate's options, checked once. @param host what the server listens on @throws {GymError} BAD_PARAM for a name or origin that no request could ever carry */
export function gateOptions(
  host: string,
  { tokens = [], allowOrigins = [], allowHosts = [] }: Partial<GateOptions>,
): GateOptions {
  const own = host.includes(":") ? `[${host.replace(/%.*$/, "")}]` : host;
  return { tokens, allowOrigins: allowOrigins.map(checkOrigin), allowHosts: [own, ...allowHosts].map(checkName) };
}

/** Judges a request as a whole. */
export function judge(request: IncomingMessage, options: GateOptions): Verdict {
  return judgeSource(request, options) ?? judgeToken(request, options.tokens);
}

/** Where a request comes from and whom it is for; undefined where nothing is wrong. A page whose name was rebound to this machine still sends its own name as Host. */
export function judgeSource(request: IncomingMessage, options: GateOptions): Refusal | undefined {
  const twice = ONCE.find((name) => count(request.rawHeaders, name) > 1);
  if (twice !== undefined) return refused(400, `The header ${twice} is there more than once.`);
  // An absolute target names a host of its own, and which of the two counts is where servers differ.
  if (request.url?.startsWith("/") !== true) return refused(400, "The request target is not a path.");
  const host = nameOf(request.headers.host);
  if (host === undefined || !isMine(host, request, options)) return refused(403, REASONS.host);
  const { origin } = request.headers;
  if (origin !== undefined && !options.allowOrigins.includes(origin)) return refused(403, REASONS.origin);
  return undefined;
}

/** Judges the token. A browser cannot set headers on a socket, so on an upgrade it may present it as the subprotocol `bearer.<base64url>`. */
export function judgeToken(request: IncomingMessage, tokens: readonly Token[]): Verdict {
  if (tokens.length === 0) return { ok: true, token: undefined };
  const presented = bearer(request);
  if (presented === undefined) return refused(401, "A token is needed: Authorization: Bearer TOKEN.");
  const token = findToken(tokens, presented);
  return token === undefined ? refused(401, "The token is not known.") : { ok: true, token };
}

/** Headers of which a second one could say something else to whoever looks next. */
const ONCE = ["host", "origin", "authorization"];

const REASONS = {
  host: "Host is not a name of this server; start it with --allow-host NAME to add one.",
  origin: "Origin is not allowed; start the server with --allow-origin ORIGIN to add one.",
};

const refused = (status: Refusal["status"], reason: string): Refusal => ({ ok: false, status, reason });

/** Names and values alternate in raw headers. */
function count(rawHeaders: readonly string[], name: string): number {
  let found = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) found++;
  return found;
}

/** A loopback name, a configured one, or the very address that the client connected to: a page cannot rebind a number. */
function isMine(host: string, { socket }: IncomingMessage, { allowHosts }: GateOptions): boolean {
  if (LOOPBACK_NAMES.includes(host) || allowHosts.includes(host)) return true;
  const local = (socket.localAddress ?? "").replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return local !== "" && host === (local.includes(":") ? `[${local}]` : local);
}

/** The host of a Host header, lower case, without port and without the dot at its end; undefined when there is none or it is not one name. */
function nameOf(header: string | undefined): string | undefined {
  const match = header === undefined ? null : /^(\[[0-9a-f:.]+\]|[^[\]:\s/@,]+?)\.?(?::\d{1,5})?$/i.exec(header);
  return match?.[1]?.toLowerCase();
}

function bearer({ headers, method }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (method !== "GET" || headers.upgrade === undefined) return undefined;
  const offered = headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim()) ?? [];
  const presented = offered.filter((protocol) => protocol.startsWith("bearer."));
  // Two of them, or other characters than base64url has, would leave room for a reader that picks differently.
  const text = presented.length === 1 ? /^bearer\.([\w-]+)$/.exec(presented[0] ?? "")?.[1] : undefined;
  return text === undefined ? undefined : Buffer.from(text, "base64url").toString("utf8");
}

function checkName(name: string): string {
  const read = nameOf(name);
  if (read !== undefined && !/:\d+$/.test(name.replace(/^\[.*\]/, ""))) return read;
  throw new GymError("BAD_PARAM", "allow-host", { expected: "a host name without port", received: name });
}

function checkOrigin(origin: string): string {
  const lower = origin.toLowerCase();
  if (/^[a-z][a-z\d+.-]*:\/\/(\[[\da-f:.]+\]|[^\s/:@?#*,[\]]+)(:\d{1,5})?$/.test(lower)) {
    const { origin: normal } = new URL(lower); // drops a default port, as browsers do
    return normal === "null" ? lower : normal;
  }
  throw new GymError("BAD_PARAM", "allow-origin", {
    expected: "scheme://host or scheme://host:port, one for each page that may connect",
    received: origin,
  });
}
