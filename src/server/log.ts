/** The server's log: JSON lines through pino, or lines for a function. Tokens, seeds and answers never reach it. */
import { pino, type DestinationStream } from "pino";
import type { LogLevel } from "./log-levels.ts";

/** What the server writes to. A pino logger is one. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds these fields to each line. */
  child(fields: object): Logger;
}

/** Fields that would give a secret away wherever a caller puts them; the server passes none of them on purpose. */
const HIDDEN = ["token", "tokens", "authorization", "secret", "seed", "seeds", "gold", "answer", "state", "actions", "snapshot", "resume"]; // prettier-ignore

export interface JsonLoggerOptions {
  /** Lines below it are not written. Default info. */
  readonly level?: LogLevel;
  /** Default: standard error. */
  readonly stream?: DestinationStream;
}

/** One JSON object a line: level, time (ISO 8601), msg and fields. */
export function jsonLogger({ level = "info", stream }: JsonLoggerOptions = {}): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: HIDDEN.flatMap((name) => [name, `*.${name}`]), censor: "(hidden)" },
  };
  // Written at once: a line about the end of the process must not stay in a buffer.
  return pino(options, stream ?? pino.destination({ dest: 2, sync: true }));
}

/** Gives each message as one line of text, its fields left out but for the session. For tests and embedding programs. */
export function lineLogger(write: (line: string) => void, session?: string): Logger {
  const line = (_fields: object, message: string): void => {
    write(session === undefined ? message : `session ${session}: ${message}`);
  };
  return {
    debug: line,
    info: line,
    warn: line,
    error: line,
    child: (fields) => lineLogger(write, "session" in fields ? String(fields.session) : session),
  };
}

const nothing = (): void => undefined;
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLogger,
};

/** Most characters of a message that came from elsewhere, and most frames of a stack, in one line of the log. */
const MESSAGE = 300;
const FRAMES = 8;

/** A thrown value as fields: its kind, the beginning of its message, and where it was thrown. */
export function thrown(value: unknown): { readonly error: object } {
  if (!(value instanceof Error)) return thrownWhere(value);
  const message = value.message.length > MESSAGE ? `${value.message.slice(0, MESSAGE)}...` : value.message;
  return { error: { ...thrownWhere(value).error, message } };
}

/** The same without the message, for errors whose text may hold an answer. */
export function thrownWhere(value: unknown): { readonly error: object } {
  if (!(value instanceof Error)) return { error: { kind: typeof value } };
  // The message stands before the frames and may have lines that look like one.
  const stack = (value.stack ?? "").replace(`${value.message}\n`, "\n");
  const at = stack.split("\n").filter((line) => /^ {4}at /.test(line)).slice(0, FRAMES); // prettier-ignore
  return { error: { kind: value.name, at: at.map((line) => line.trim()) } };
}
