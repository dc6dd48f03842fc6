/** Errors that travel over the wire. A code is stable for ever; a message may be reworded. */
import type { LostSession } from "./messages.ts";
import { show } from "./show.ts";

/** code -> whether the connection is closed by it, and whether the same request may succeed later. */
export const ERROR_CODES = {
  BAD_MESSAGE: { closes: true, retryable: false }, // bytes are not a known message
  BAD_VERSION: { closes: true, retryable: false }, // no protocol version in common
  UNAUTHORIZED: { closes: true, retryable: false }, // no valid token where one is needed
  HELLO_NEEDED: { closes: true, retryable: false }, // the first message was not hello
  UNSUPPORTED: { closes: false, retryable: false }, // this server does not have the op
  FORBIDDEN: { closes: false, retryable: false }, // the token lacks the capability
  UNKNOWN_ENV: { closes: false, retryable: false }, // no plugin with this id
  UNKNOWN_AGENT: { closes: false, retryable: false }, // no agent with this id
  UNKNOWN_HANDLE: { closes: false, retryable: false }, // no env with this handle in the session
  BAD_PARAM: { closes: false, retryable: false }, // plugin has no such parameter, or its value is out of range
  BAD_ACTION: { closes: false, retryable: false }, // action lies outside the action space, or its columns have another shape
  BAD_SEED: { closes: false, retryable: false }, // seed is no integer in 0..2^53-1
  BAD_OPTIONS: { closes: false, retryable: false }, // reset options that the env does not take
  BAD_SNAPSHOT: { closes: false, retryable: false }, // bytes are no snapshot of this env, or the seal does not fit
  RESET_NEEDED: { closes: false, retryable: false }, // step before reset, or after the episode ended
  STALE: { closes: false, retryable: false }, // seq lies before what the server keeps, or skips ahead
  ROW_BUSY: { closes: false, retryable: true }, // the row has an action under way
  BUSY: { closes: false, retryable: true }, // not while a step is under way
  LIMIT: { closes: false, retryable: true }, // a named limit of the server is reached
  STEP_DEADLINE: { closes: false, retryable: true }, // the step was not done in time and was undone
  CANCELLED: { closes: false, retryable: true }, // the caller cancelled; nothing was committed
  ENV_FAULT: { closes: false, retryable: false }, // the plugin threw or broke its own contract
  VERIFIER_UNAVAILABLE: { closes: false, retryable: true }, // a verifier could not decide: never a reward
  SESSION_LOST: { closes: true, retryable: false }, // the session to resume is gone
  SHUTTING_DOWN: { closes: true, retryable: true }, // the server is stopping
  BAD_PLUGIN: { closes: false, retryable: false }, // a module does not hold a usable plugin
  BAD_RECORDING: { closes: false, retryable: false }, // a file is no recording, or is damaged
  BAD_RUN: { closes: false, retryable: false }, // a run folder is missing something or belongs to other code
  DIVERGED: { closes: false, retryable: false }, // a replay does not give what was recorded
  NOT_A_NUMBER: { closes: false, retryable: false }, // a learner produced NaN or infinity
  CONNECTION_LOST: { closes: true, retryable: true }, // the socket is gone (client side)
  INTERNAL: { closes: false, retryable: false }, // a defect of dojang itself
} as const satisfies Record<string, { closes: boolean; retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ErrorDetails {
  /** What would have been right, as a noun phrase. */
  readonly expected?: string;
  /** What came instead. Any value: it is shown by a bounded formatter that cannot throw. */
  readonly received?: unknown;
  /** What to do, as a sentence. */
  readonly hint?: string;
}

/** The one error class of the project: `code` is for programs, `message` is for people (where, expected, got, what to do). */
export class GymError extends Error {
  override readonly name = "GymError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** With SESSION_LOST: the last saved states, where the server had any. */
  lost?: LostSession;

  constructor(code: ErrorCode, where: string, details: ErrorDetails = {}, cause?: unknown) {
    super(sentence(where, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = ERROR_CODES[code].retryable;
  }

  /** Rebuilds an error that came over the wire. An unknown code becomes INTERNAL and stays in the message. */
  static fromWire(code: string, message: string): GymError {
    return isErrorCode(code) ? new GymError(code, message) : new GymError("INTERNAL", `${code}: ${message}`);
  }
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code);

/** Any thrown value as a GymError; what is none becomes `code` with the original as cause. */
export function asGymError(error: unknown, code: ErrorCode = "INTERNAL", where?: string): GymError {
  if (error instanceof GymError) return error;
  const text = error instanceof Error ? error.message : show(error);
  return new GymError(code, where === undefined ? text : `${where}: ${text}`, {}, error);
}

function sentence(where: string, details: ErrorDetails): string {
  let text = where;
  if (details.expected !== undefined) text += `: expected ${details.expected}`;
  if ("received" in details) text += `${details.expected === undefined ? ":" : ","} got ${show(details.received)}`;
  return details.hint === undefined ? text : `${text}. ${details.hint}`;
}
