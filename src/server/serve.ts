/** Listens: HTTP for the upgrade, then a connection for each socket. */
import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type Server as SocketServer } from "ws";
import { GymError } from "../../protocol/errors.ts";
import { SUBPROTOCOL } from "../../protocol/messages.ts";
import { Connection, type ConnectionHost } from "./connection.ts";
import type { ServerContext } from "./context.ts";
import { gateOptions, judge, type GateOptions } from "./gate.ts";
import { httpApp } from "./http/app.ts";
import { listen, needToken } from "./http/listen.ts";
import { openHttp } from "./http/open.ts";
import { PerAddress } from "./http/per-address.ts";
import { CodeService } from "./http/verify-code.ts";
import { MathService } from "./http/verify-math.ts";
import { LinkedSocket } from "./linked-socket.ts";
import { silentLogger, thrown } from "./log.ts";
import { Metrics, type Open } from "./metrics.ts";
import { LIMITS, type ServerOptions } from "./options.ts";
import { Sealer } from "./seal.ts";
import { SessionStore } from "./session-store.ts";
import { Sessions } from "./sessions.ts";
import { Violations } from "./violations.ts";
import { version } from "./version.ts";

export interface DojangServer {
  /** ws://host:port or wss://host:port */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Sessions open now. */
  readonly sessions: number;
  /** Stops listening, tells clients, closes every env; recordings are complete when it settles. */
  close(): Promise<void>;
}

/** Starts a server. @throws {GymError} BAD_PARAM when the address is not loopback and there are no tokens, or the port is taken */
export async function serve(options: ServerOptions): Promise<DojangServer> {
  const { host = "127.0.0.1", port = 7766, tokens = [] } = options;
  needToken(host, tokens);
  const listener = new Listener(options, host);
  await listener.listen(port);
  return listener;
}

class Listener implements DojangServer {
  readonly host: string;
  readonly #http: HttpServer;
  readonly #sockets: SocketServer<typeof LinkedSocket>;
  readonly #context: ServerContext;
  readonly #gate: GateOptions;
  readonly #secure: boolean;
  readonly #math: MathService;
  readonly #code: CodeService;
  readonly #connections = new Set<Connection>();
  readonly #sessions: Sessions;
  readonly #host: ConnectionHost;
  readonly #perAddress: PerAddress;
  #stopping = false;

  constructor(options: ServerOptions, host: string) {
    const limits = { ...LIMITS, ...options.limits };
    this.host = host;
    this.#secure = options.tls !== undefined;
    this.#context = {
      registry: options.registry,
      limits,
      sealer: new Sealer(options.snapshotKey),
      record: options.record,
      findSession: (id) => this.#sessions.get(id),
      server: { name: "dojang", version },
      log: options.log ?? silentLogger,
      metrics: new Metrics(() => this.#open()),
    };
    const { sessionFolder } = options;
    const store = sessionFolder === undefined ? undefined : new SessionStore(sessionFolder, this.#context.sealer, this.#context.log); // prettier-ignore
    this.#sessions = new Sessions(this.#context, store);
    this.#host = {
      context: this.#context,
      sessions: this.#sessions,
      violations: new Violations(limits),
      closed: (connection) => {
        this.#connections.delete(connection);
        this.#perAddress.give(connection.held);
      },
    };
    this.#gate = gateOptions(host, options);
    this.#perAddress = new PerAddress(limits.maxSocketsPerAddress);
    this.#math = new MathService(limits, this.#context.metrics);
    this.#code = new CodeService(limits, this.#context.metrics, options.checkers ?? {});
    const { fetch } = httpApp({
      ...this.#context,
      gate: this.#gate,
      math: this.#math,
      code: this.#code,
      ready: () => !this.#stopping,
    });
    const refused = (status: number | "too-many"): void => this.#context.metrics.refused(status);
    this.#http = openHttp({ tls: options.tls, gate: this.#gate, limits, fetch, refused });
    this.#http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head);
    });
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: limits.maxPayload,
      skipUTF8Validation: true,
      clientTracking: false,
      autoPong: false, // see Connection.onPing
      WebSocket: LinkedSocket,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    const host = this.host.includes(":") ? `[${this.host}]` : this.host;
    return `${this.#secure ? "wss" : "ws"}://${host}:${this.port}`;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  async listen(port: number): Promise<void> {
    await listen(this.#http, this.host, port);
    await this.#sessions.adopt(this.#gate.tokens);
    this.#http.on("error", (error) => {
      this.#context.log.error(thrown(error), "the listener failed");
    });
  }

  async close(): Promise<void> {
    this.#stopping = true;
    const reason = new GymError("SHUTTING_DOWN", "the server is stopping");
    for (const connection of this.#connections) connection.stop(reason);
    await Promise.all([this.#sessions.closeAll(), this.#math.close(), this.#code.close()]);
    // Until here it listened, so that /readyz could say 503 to whoever balances the load.
    const closed = new Promise<void>((resolve) => {
      this.#http.close(() => {
        resolve();
      });
    });
    this.#http.closeAllConnections();
    for (const connection of this.#connections) connection.terminate();
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", destroy);
    const verdict = judge(request, this.#gate);
    if (!verdict.ok) {
      this.#refuse(socket, verdict.status, verdict.reason);
      return;
    }
    if (this.#stopping) {
      this.#refuse(socket, 503, "The server is stopping.");
      return;
    }
    const { maxSessions, maxWaiting } = this.#context.limits;
    const room = this.#connections.size < maxSessions + maxWaiting;
    const held = room ? this.#perAddress.take(request.socket.remoteAddress) : undefined;
    if (held === undefined) {
      this.#refuse(socket, 503, "Too many sockets; close some or raise maxSocketsPerAddress, maxSessions or maxWaiting."); // prettier-ignore
      return;
    }
    request.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    let connection: Connection | undefined;
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      connection = new Connection(opened, socket, this.#host, verdict.token, held);
      this.#connections.add(connection);
    });
    // `ws` answers at once, and looks after the errors of a socket that it took.
    if (connection === undefined) this.#perAddress.give(held);
    else socket.removeListener("error", destroy);
  }

  #refuse(socket: Duplex, status: keyof typeof STATUS_TEXT, reason: string): void {
    this.#context.metrics.refused(status);
    refuse(socket, status, reason);
  }

  #open(): Open {
    const handles = [...this.#sessions].flatMap((session) => session.handles);
    const envs = handles.map(({ env, runner }) => ({ name: env.id, num: runner.num }));
    return { sessions: this.#sessions.size, sockets: this.#connections.size, envs };
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** Silence after which the kernel asks whether the client is there: a busy one answers, a half-open socket does not. */
const KEEP_ALIVE_MS = 10_000;

const STATUS_TEXT = { 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 503: "Service Unavailable" } as const;

/** Answers an upgrade that is refused, in one line, and is done with the socket: who stays must not cost anything. */
function refuse(socket: Duplex, status: keyof typeof STATUS_TEXT, reason: string): void {
  const body = `${reason}\n`;
  const lines = [`HTTP/1.1 ${status} ${STATUS_TEXT[status]}`, "connection: close", "content-type: text/plain", `content-length: ${Buffer.byteLength(body)}`]; // prettier-ignore
  socket.once("finish", () => socket.destroy());
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
