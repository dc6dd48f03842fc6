/** Exit statuses, and every failure as one line: what, expected, got, what to do. */
import { GymError, type ErrorCode } from "../../protocol/errors.ts";
import { didYouMean } from "../../protocol/did-you-mean.ts";

export const EXIT = {
  done: 0,
  /** what was checked does not hold, or the work failed under way */
  failed: 1,
  /** the call was wrong */
  wrong: 2,
  /** Ctrl-C, after a clean end */
  interrupted: 130,
} as const;

/** Failures that no other call would have avoided; all other codes say that the call was wrong. */
const UNDER_WAY: ReadonlySet<ErrorCode> = new Set([
  "CONNECTION_LOST",
  "DIVERGED",
  "ENV_FAULT",
  "INTERNAL",
  "NOT_A_NUMBER",
  "SESSION_LOST",
  "SHUTTING_DOWN",
  "STEP_DEADLINE",
  "VERIFIER_UNAVAILABLE",
] satisfies ErrorCode[]);

/** What Node says of files and sockets, in words. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: "expected permission to use it, got none",
  EADDRINUSE: "expected a free port, got one in use. Choose another --port, or 0 for any free one",
  EADDRNOTAVAIL: "expected an address of this machine, got another. Choose another --host",
  ECONNREFUSED: "expected a server there, got no answer. Start one with `dojang serve`",
  EEXIST: "expected a folder, or a name that is free, got a file. Choose another name",
  EISDIR: "expected a file, got a folder. Name a file in it",
  ENOENT: "expected a file or folder that exists, got none",
  ENOSPC: "expected room on the disk, got a full one",
  ENOTDIR: "expected a folder, got a file",
  ENOTFOUND: "expected the name of a machine, got one that nobody knows",
};

/** A wrong call: `where` is the flag, argument or file that is wrong. */
export const wrongCall = (where: string, expected: string, received: unknown, hint?: string): GymError =>
  new GymError("BAD_PARAM", where, { expected, received, ...(hint !== undefined && { hint }) });

/** A wrong call that leaves something out. */
export const nothingGiven = (where: string, expected: string, hint: string): GymError =>
  new GymError("BAD_PARAM", `${where}: expected ${expected}, got nothing`, { hint });

/** "Did you mean X?" for the details of an error; nothing where no name is near. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const meant = didYouMean(word, names);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

export interface Failure {
  readonly status: number;
  /** One line. */
  readonly message: string;
}

/** What to print of anything that was thrown, and the exit status. */
export function failureOf(error: unknown): Failure {
  if (error instanceof GymError && error.code !== "INTERNAL") {
    const message = wordsOf(error) ?? oneLine(error.message);
    return { status: UNDER_WAY.has(error.code) ? EXIT.failed : EXIT.wrong, message };
  }
  const system = systemFailure(error) ?? systemFailure((error as { cause?: unknown } | null)?.cause);
  if (system !== undefined) return { status: EXIT.wrong, message: system };
  const text = error instanceof Error ? error.message : String(error);
  const hint = "This is a defect of dojang: set DOJANG_DEBUG=1 for the stack trace and report it.";
  return { status: EXIT.failed, message: oneLine(`${text}. ${hint}`) };
}

/** In place of a message that merely repeats what the system said. */
const wordsOf = ({ message, cause }: GymError): string | undefined =>
  cause instanceof Error && message.includes(cause.message)
    ? systemFailure(cause, message.slice(0, message.indexOf(cause.message)).replace(/: $/, ""))
    : undefined;

/** @param where names the file where the system does not */
function systemFailure(error: unknown, where = ""): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, address, port, hostname } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
    hostname?: string;
  };
  if (code === undefined || !Object.hasOwn(SYSTEM, code)) return undefined;
  const place = address === undefined ? undefined : port === undefined ? address : `${address}:${port}`;
  return oneLine(`${path ?? place ?? hostname ?? (where === "" ? error.message : where)}: ${SYSTEM[code] ?? ""}.`);
}

export const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, " ").trim();
