/** What can go wrong with a request to an endpoint, and what is to be done about it. */
import { GymError, type ErrorCode } from "../../../protocol/errors.ts";
import { oneLine } from "../errors.ts";

/** `stop`: no other request would fare better; `again`: the same one may; `fault`: this one will not, others may. */
export type Remedy = "stop" | "again" | "fault";

export class Failure extends Error {
  readonly remedy: Remedy;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;
  /** Milliseconds that the endpoint asks to be left alone. */
  readonly waitMs: number | undefined;
  /** Nobody was there to be asked. */
  readonly unreachable: boolean;

  constructor(
    remedy: Remedy,
    message: string,
    { status, waitMs, unreachable = false }: Circumstances = {},
    cause?: unknown,
  ) {
    super(oneLine(message).slice(0, LONGEST), { cause });
    this.remedy = remedy;
    this.status = status;
    this.waitMs = waitMs;
    this.unreachable = unreachable;
  }
}

interface Circumstances {
  readonly status?: number;
  readonly waitMs?: number | undefined;
  readonly unreachable?: boolean;
}

/** Characters of a message: some endpoints answer with a page. */
const LONGEST = 300;
/** An endpoint may not ask for more patience than this. */
const MOST_WAIT_MS = 600_000;

/** What the client library throws, by its looks: the library is loaded only where it is used. */
interface Thrown {
  readonly status?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly headers?: unknown;
}

/** @param error what the client library threw for a request that nobody cancelled */
export function failureOfRequest(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { status, message, code, headers } = Object(error) as Thrown;
  const text = typeof message === "string" ? message : String(error);
  if (typeof status !== "number") return withoutStatus(error, text);
  const waitMs = headers instanceof Headers ? waitAsked(headers) : undefined;
  const told = text.startsWith(String(status)) ? `HTTP ${text}` : `HTTP ${status}: ${text}`;
  return new Failure(remedyOf(status, code), told, { status, waitMs }, error);
}

function remedyOf(status: number, code: unknown): Remedy {
  // An account without money is not helped by patience.
  if ([401, 403, 404].includes(status) || code === "insufficient_quota") return "stop";
  return [408, 409, 425, 429].includes(status) || status >= 500 ? "again" : "fault";
}

/** No answer at all, or one that cannot be read. */
function withoutStatus(error: unknown, text: string): Failure {
  if (error instanceof SyntaxError) return new Failure("again", `an answer that is not JSON: ${text}`, {}, error);
  const causes = causesOf(error);
  const system = causes.map((cause) => (cause as NodeJS.ErrnoException).code).find((code) => code !== undefined);
  if (system === "ENOTFOUND" || system === "ECONNREFUSED")
    return new Failure("again", `expected an endpoint there, got no answer (${system})`, { unreachable: true }, error);
  const deepest = causes.at(-1)?.message ?? text;
  return new Failure("again", deepest === text ? text : `${text} ${deepest}`, {}, error);
}

/** The error and what caused it, down to what the system said. */
function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

/** Retry-After in seconds or as a date, or OpenAI's own header in milliseconds. */
function waitAsked(headers: Headers): number | undefined {
  const [ms, after] = [headers.get("retry-after-ms"), headers.get("retry-after")];
  const asked = ms !== null ? Number(ms) : after === null ? NaN : /^[\d.]+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - Date.now(); // prettier-ignore
  return asked >= 0 ? Math.min(asked, MOST_WAIT_MS) : undefined;
}

/** A failure that ends a run, as one line: where, what came, what to do. */
export function endOfRun(
  { status, message }: Failure,
  { baseUrl, model }: { baseUrl: string; model: string },
): GymError {
  const isKey = status === 401 || status === 403;
  const hints: Readonly<Record<number, string>> = {
    401: "Name the variable that holds its key by --api-key-env.",
    403: "Name the variable that holds a key that may use it by --api-key-env.",
    429: "Its account has nothing left to spend, as the endpoint says.",
    404: `Check --base-url, which ends with /v1 as a rule, and --model (${model}).`,
  };
  const code: ErrorCode = isKey ? "UNAUTHORIZED" : status === undefined ? "CONNECTION_LOST" : "BAD_PARAM";
  const hint = status === undefined ? undefined : (hints[status] ?? "The endpoint takes other requests: see `dojang eval --help` for what is sent, and --request."); // prettier-ignore
  return new GymError(code, `${baseUrl}: ${message.replace(/\.$/, "")}`, hint === undefined ? {} : { hint });
}
