/** The listener that sockets and HTTP routes share: how long a request may take to arrive, and how many may be on their way. */
import { getRequestListener } from "@hono/node-server";
import { createServer, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { judgeSource, type GateOptions, type Refusal } from "../gate.ts";
import type { Limits, ServerOptions } from "../options.ts";
import { PerAddress, type Held } from "./per-address.ts";
import { SAFE_HEADERS } from "./safe-headers.ts";

export interface OpenOptions {
  readonly tls?: ServerOptions["tls"];
  readonly gate: GateOptions;
  readonly limits: Pick<Limits, "upgradeTimeoutMs" | "maxPendingPerAddress">;
  /** Answers what the gate lets through. */
  readonly fetch: Parameters<typeof getRequestListener>[0];
  /** Told of each request and each connection that is not let in. */
  refused(status: number | "too-many"): void;
}

/** An HTTP response that nobody reads ends after this many milliseconds. */
const SILENCE_MS = 120_000;

/** A server that answers HTTP; upgrades are the caller's. It does not listen yet. */
export function openHttp({ tls, gate, limits, fetch, refused }: OpenOptions): Server {
  const { upgradeTimeoutMs, maxPendingPerAddress } = limits;
  const timing = {
    headersTimeout: upgradeTimeoutMs,
    requestTimeout: upgradeTimeoutMs,
    // Node looks for late requests only this often; its own default is 30 s.
    connectionsCheckingInterval: Math.min(1000, Math.max(10, upgradeTimeoutMs >> 3)),
  };
  const server = tls === undefined ? createServer(timing) : createTlsServer({ ...timing, ...tls, handshakeTimeout: upgradeTimeoutMs }); // prettier-ignore
  limitPending(server, maxPendingPerAddress, () => refused("too-many"));
  const answer = getRequestListener(fetch, { overrideGlobalObjects: false });
  server.on("request", (request, response) => {
    // Not for every connection: a socket keeps its timer for life, also when it has become a WebSocket and needs none.
    request.socket.setTimeout(SILENCE_MS);
    const refusal = judgeSource(request, gate);
    if (refusal === undefined) {
      void answer(request, response); // it answers what goes wrong, too
      return;
    }
    refused(refusal.status);
    refuse(response, refusal);
  });
  return server;
}

/** Before any route, and before a request object of the app exists. The rest of the request is not read: the connection ends with the answer. */
function refuse(response: ServerResponse, { status, reason }: Refusal): void {
  response.writeHead(status, { ...SAFE_HEADERS, "content-type": "text/plain", connection: "close" });
  response.end(`${reason}\n`);
}

/** Connections that have not become a WebSocket count against their address. What is too much is dropped without a word: an answer would cost what the limit saves. */
function limitPending(server: Server, limit: number, dropped: () => void): void {
  const places = new PerAddress(limit);
  const pending = new Map<string, { readonly socket: Socket; readonly held: Held }>();
  const over = (end: string): void => {
    const found = pending.get(end);
    if (found === undefined) return;
    pending.delete(end);
    places.give(found.held);
    found.socket.removeListener("close", closed);
  };
  function closed(this: Socket): void {
    const end = endOf(this);
    if (pending.get(end)?.socket === this) over(end);
  }
  server.prependListener("connection", (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) {
      socket.destroy(); // it has gone already
      return;
    }
    const held = places.take(remoteAddress);
    if (held === undefined) {
      dropped();
      socket.destroy();
      return;
    }
    const end = endOf(socket);
    over(end); // one whose end is told of later than its port was taken again
    pending.set(end, { socket, held });
    socket.on("close", closed);
  });
  server.on("upgrade", ({ socket }) => {
    over(endOf(socket));
  });
}

/** The client's end, by which a connection is found again behind TLS, where an upgrade has another socket than the one that was counted. */
const endOf = ({ remoteAddress = "", remotePort = 0 }: Socket): string => `${remoteAddress} ${remotePort}`;
