/** Every message of dojang.v1: what a client may ask for and what a server may answer, keyed by `op`. In words, with byte examples: README.md. */
import type { Autoreset, Capsule, JsonValue, Timing } from "./frames.ts";
import type { Leaf } from "./layout.ts";
import type { DType } from "./spaces.ts";

/** Versions of the protocol that this code speaks, first to last. */
export const PROTOCOL_VERSIONS: readonly [min: number, max: number] = [1, 1];

/** The WebSocket subprotocol of version 1. */
export const SUBPROTOCOL = "dojang.v1";

/** Columns of a batch; see README.md, "Columns". */
export type Columns = readonly Uint8Array[];
/** Little-endian u32 row numbers, ascending, 4 bytes each. */
export type RowIndex = Uint8Array;
export type JsonRecord = Readonly<Record<string, JsonValue>>;

/** One column that an agent sends along with its actions: rows * k elements, row-major. */
export interface ExtraColumn {
  readonly dtype: DType;
  readonly data: Uint8Array;
}

/** Seeds and options for the episodes that autoreset begins: a list for each instance, first come first. */
export interface ResetQueue {
  readonly seeds?: readonly (readonly number[])[];
  readonly options?: readonly (readonly JsonValue[])[];
}

/** Takes a session up again after its socket was lost. */
export interface Resume {
  readonly session: string;
  readonly token: string;
  /** [handle, highest seq whose reply arrived] of each env; what came later is sent again. */
  readonly acks?: readonly (readonly [env: number, ack: number])[];
  /** Ids of requests without a seq whose replies did not arrive: they are sent again, or answered STALE. */
  readonly waiting?: readonly number[];
}

type NoFields = object;

export interface Requests {
  /** First message of a socket. */
  hello: {
    readonly versions: readonly [min: number, max: number];
    /** Name and version of the client, for logs. */
    readonly client: string;
    readonly resume?: Resume;
    /** Optional features the client understands. */
    readonly features?: readonly string[];
  };
  /** The catalogue. */
  envs: NoFields;
  make: {
    readonly env: string;
    readonly num: number;
    /** What episode seeds derive from. Absent: drawn by the server. */
    readonly seed?: number;
    readonly params?: JsonRecord;
    readonly autoreset?: Autoreset;
    /** 0: no limit */
    readonly maxSteps?: number;
    /** [num] of the first episodes */
    readonly seeds?: readonly number[];
    /** [num] of the first episodes */
    readonly options?: readonly JsonValue[];
    readonly queue?: ResetQueue;
    /** Replies the server keeps until they are acked = step requests that may be under way. */
    readonly window?: number;
    readonly record?: { readonly observations?: boolean };
    readonly mode?: "lockstep" | "first-ready";
    /** Reserved: agents in one world. */
    readonly players?: number;
  };
  reset: {
    readonly env: number;
    /** One for each row that is reset. */
    readonly seeds?: readonly number[];
    readonly options?: readonly JsonValue[];
    /** [num] 1 = reset this row. Absent: all. */
    readonly mask?: Uint8Array;
    readonly queue?: ResetQueue;
  };
  step: {
    readonly env: number;
    readonly seq: number;
    readonly ack: number;
    readonly actions: Columns;
    readonly index?: RowIndex;
    readonly extras?: Readonly<Record<string, ExtraColumn>>;
  };
  /** First-ready mode: answered by `delivery` messages. */
  send: {
    readonly env: number;
    readonly seq: number;
    /** The highest delivery number that arrived without a gap. */
    readonly ack?: number;
    readonly index: RowIndex;
    readonly actions: Columns;
    readonly extras?: Readonly<Record<string, ExtraColumn>>;
  };
  render: { readonly env: number; readonly index?: RowIndex };
  snapshot: { readonly env: number; readonly index?: RowIndex };
  restore: { readonly env: number; readonly snapshots: readonly Uint8Array[]; readonly index?: RowIndex };
  /** Copies rows `from` over rows `to`, one for one, RNG included. */
  fork: { readonly env: number; readonly from: RowIndex; readonly to: RowIndex };
  /** Cancels a request by its id, or all of an env. */
  cancel: { readonly request?: number; readonly env?: number };
  subscribe: { readonly topic: string; readonly env?: number; readonly latest?: boolean; readonly credit?: number };
  unsubscribe: { readonly subscription: number };
  recordings: { readonly env?: string; readonly limit?: number; readonly cursor?: string };
  close: { readonly env: number };
  ping: NoFields;
}

/** A frame (see frames.ts) as columns. */
export interface FrameFields {
  readonly seq: number;
  readonly index?: RowIndex;
  readonly status: Uint8Array;
  readonly observations: Columns;
  readonly mask?: Uint8Array;
  readonly rewards: Uint8Array;
  readonly parts?: Readonly<Record<string, Uint8Array>>;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly final?: { readonly index: RowIndex; readonly observations: Columns; readonly mask?: Uint8Array };
  readonly episode?: { readonly index: RowIndex; readonly return: Uint8Array; readonly length: Uint8Array };
  readonly seeds?: { readonly index: RowIndex; readonly episode: Uint8Array; readonly seed: Uint8Array };
  readonly info?: Columns;
  readonly timing: Timing;
  readonly errors?: readonly WireRowError[];
}

/** A row error as it travels: the code is any text, for a newer server may know more of them. */
export interface WireRowError {
  readonly index: number;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly capsule?: Capsule;
}

/** The last saved state of an env of a lost session: `make` it again, reset it, and `restore` the snapshots. */
export interface LostEnv {
  /** Its handle in the lost session. */
  readonly env: number;
  readonly name: string;
  readonly num: number;
  readonly params: JsonRecord;
  readonly seed?: number;
  readonly autoreset?: Autoreset;
  readonly maxSteps?: number;
  /** The last seq that had been accepted when it was saved. */
  readonly seq: number;
  /** Rows that the snapshots are of. */
  readonly index: RowIndex;
  readonly snapshots: readonly Uint8Array[];
}

export interface LostSession {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly envs: readonly LostEnv[];
}

/** One env of the catalogue; spaces in JSON form. */
export interface EnvLine {
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly source: string;
  readonly params: JsonRecord;
  readonly action?: JsonValue;
  readonly observation?: JsonValue;
  readonly maxSteps?: number;
}

export type WirePicture = string | { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

type OfEnv = { readonly env: number };

export interface Replies {
  welcome: {
    readonly version: number;
    readonly server: { readonly name: string; readonly version: string };
    readonly session: string;
    /** Resume token; a new one at each resume. */
    readonly token: string;
    /** Seconds a session outlives its socket. */
    readonly grace: number;
    readonly resumed: boolean;
    /** After a resume: the highest request id received. The client sends again what it sent beyond it. */
    readonly lastId?: number;
    /** Limits by name. */
    readonly limits: Readonly<Record<string, number>>;
    /** Ops of this server, and optional features. */
    readonly features: readonly string[];
  };
  envs: { readonly envs: readonly EnvLine[] };
  make: {
    /** Handle for later requests. */
    readonly env: number;
    readonly name: string;
    readonly version: string;
    readonly num: number;
    readonly spaces: { readonly action: JsonValue; readonly observation: JsonValue; readonly info?: JsonValue };
    readonly layout: {
      readonly action: readonly Leaf[];
      readonly observation: readonly Leaf[];
      readonly info?: readonly Leaf[];
    };
    readonly params: JsonRecord;
    readonly autoreset: Autoreset;
    readonly maxSteps: number;
    /** Flags per row of `mask`; 0: there is none. */
    readonly maskWidth: number;
    /** What episode seeds derive from; absent where the token may not know it (secret envs). */
    readonly seed?: number;
    readonly window: number;
    readonly mode: "lockstep" | "first-ready";
    readonly secret: boolean;
    readonly deterministic: boolean;
    /** What this env can do: "render", "snapshot". */
    readonly features: readonly string[];
  };
  reset: OfEnv & FrameFields;
  step: OfEnv & FrameFields;
  send: OfEnv & { readonly seq: number };
  render: OfEnv & { readonly pictures: readonly WirePicture[] };
  snapshot: OfEnv & { readonly snapshots: readonly Uint8Array[] };
  restore: OfEnv & FrameFields;
  fork: OfEnv & FrameFields;
  cancel: { readonly cancelled: number };
  subscribe: { readonly subscription: number };
  unsubscribe: NoFields;
  recordings: { readonly recordings: readonly JsonRecord[]; readonly cursor?: string };
  close: OfEnv;
  ping: NoFields;
  /** Answers any request; id 0 where the request's could not be read. */
  error: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly env?: number;
    readonly details?: JsonRecord;
    /** With SESSION_LOST, where the server had saved the session before it crashed. */
    readonly lost?: LostSession;
  };
  /** Unasked: rows that are ready (first-ready mode) or a frame of a subscription. `number` counts deliveries from 1. */
  delivery: OfEnv &
    FrameFields & { readonly number: number; readonly subscription?: number; readonly dropped?: number };
  /** Unasked: something a client should know, such as "shutting-down". */
  notice: {
    readonly kind: string;
    readonly message: string;
    readonly env?: number;
    readonly details?: JsonRecord;
  };
}

export type Op = keyof Requests;
export type ReplyOp = keyof Replies;
/** Ids are integers 1 .. 2^53-1 chosen by the client. */
export type Request<K extends Op = Op> = { [P in K]: { readonly op: P; readonly id: number } & Requests[P] }[K];
/** The id of the request, 0 for what nobody asked for. */
export type Reply<K extends ReplyOp = ReplyOp> = { [P in K]: { readonly op: P; readonly id: number } & Replies[P] }[K];
/** The op that answers each request when it succeeds. */
export type ReplyTo<K extends Op> = Reply<K extends "hello" ? "welcome" : Exclude<K, "hello">>;

export type ErrorReply = Reply<"error">;
