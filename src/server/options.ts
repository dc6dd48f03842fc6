/** Every limit of the server, by name, with its unit and default. */
import type { ObserverFactory } from "../env/observer.ts";
import type { Registry } from "../registry/registry.ts";
import type { Checkers } from "../verify/index.ts";
import type { Logger } from "./log.ts";
import type { Token } from "./tokens.ts";

export interface ServerOptions {
  readonly registry: Registry;
  /** Address to listen on. Any but loopback needs tokens. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 picks a free one. Default 7766. */
  readonly port?: number;
  /** Who may connect. Empty: anyone, on loopback only. */
  readonly tokens?: readonly Token[];
  /** Origins of web pages that may connect. Default none. */
  readonly allowOrigins?: readonly string[];
  /** Names that the Host header may carry beside loopback names and `host`. */
  readonly allowHosts?: readonly string[];
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** Records every batch. */
  readonly record?: ObserverFactory;
  /** 32 bytes that seal snapshots. Default: random, so that snapshots end with the server. */
  readonly snapshotKey?: Uint8Array;
  /** Folder in which sessions are kept over a stop and a start; needs a `snapshotKey`. Default: they end with the server. */
  readonly sessionFolder?: string;
  /** The operator's log: a pino logger, `jsonLogger()` or `lineLogger(write)`. Default: none. */
  readonly log?: Logger;
  readonly limits?: Partial<Limits>;
  /** Functions that tests of code may name as `compare.checker`. They run in this process. Default: none. */
  readonly checkers?: Checkers;
}

export const LIMITS = {
  /** sessions at once */
  maxSessions: 16_384,
  /** clients that may wait for a session while all are taken */
  maxWaiting: 1_024,
  /** milliseconds a client may wait for a session */
  admissionMs: 60_000,
  /** subscriptions in a session */
  maxSubscriptions: 64,
  /** open sockets from one address */
  maxSocketsPerAddress: 16_384,
  /** connections from one address that have not become a WebSocket */
  maxPendingPerAddress: 2_048,
  /** bytes of the body of an HTTP request */
  maxBody: 1024 * 1024,
  /** answers in one request to a verifier */
  maxVerifyItems: 4_096,
  /** answers of all such requests that are under way */
  maxVerifying: 16_384,
  /** milliseconds that one verdict of the math verifier may take */
  verifyMs: 2_000,
  /** milliseconds that all verdicts of one request may take; those left over are `unavailable` */
  verifyBatchMs: 60_000,
  /** worker threads of the math verifier */
  verifyWorkers: 1,
  /** submissions that the code runner judges at once; 0 for as many as there are cores */
  verifyCodeAtOnce: 0,
  /** milliseconds that a submission to the code runner may ask for, and has where it asks for none */
  verifyCodeMs: 10_000,
  /** bytes of memory that a submission to the code runner may ask for */
  verifyCodeBytes: 1024 * 1024 * 1024,
  /** env handles in a session */
  maxHandles: 64,
  /** instances in a handle */
  maxNum: 65_536,
  /** bytes of the observations of one frame of a handle, as far as the space fixes them */
  maxFrameBytes: 256 * 1024 * 1024,
  /** bytes of the pictures of one render */
  maxPictureBytes: 64 * 1024 * 1024,
  /** instances in a session */
  maxInstances: 262_144,
  /** bytes of a frame from a client */
  maxPayload: 8 * 1024 * 1024,
  /** bytes that may wait for a client that does not read, before reading from it stops */
  maxBuffered: 16 * 1024 * 1024,
  /** messages that break the protocol, of all clients, that are answered in a second; the others wait, unread */
  maxViolationsPerSecond: 500,
  /** milliseconds such an answer may wait; what would have to wait longer is dropped without one */
  violationWaitMs: 1_000,
  /** requests of a session, beside steps, that may be under way */
  maxPending: 1_024,
  /** requests of a session that may wait for their turn */
  maxQueued: 64,
  /** replies kept for a client that has not acknowledged them */
  maxWindow: 16,
  /** deliveries kept for a first-ready env whose client has not acknowledged them */
  maxDeliveries: 4_096,
  /** replies to other requests kept for a client that lost its socket */
  maxKeptReplies: 64,
  /** bytes of those replies together */
  maxKeptBytes: 16 * 1024 * 1024,
  /** milliseconds a session outlives its socket */
  graceMs: 60_000,
  /** milliseconds between savings of open sessions, for a server that is killed */
  saveEveryMs: 30_000,
  /** milliseconds a saved session is kept for a client that does not come back */
  savedForMs: 24 * 3_600_000,
  /** milliseconds without any message after which a session is closed */
  idleMs: 30 * 60_000,
  /** milliseconds an async step may take */
  stepDeadlineMs: 30_000,
  /** async steps of a handle under way at once */
  maxConcurrent: 64,
  /** milliseconds from the connection to a complete upgrade request */
  upgradeTimeoutMs: 10_000,
  /** milliseconds from the upgrade to `hello` */
  helloTimeoutMs: 10_000,
};
export type Limits = { readonly [K in keyof typeof LIMITS]: number };
