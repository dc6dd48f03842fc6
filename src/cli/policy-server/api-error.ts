/** What goes wrong with a request, in the form that OpenAI's clients read: `{error: {message, type, param, code}}`. */
import type { Context } from "hono";
import type { HttpEnv } from "../../server/http/admit.ts";
import { oneLine } from "../errors.ts";

/** Statuses that are answered, with the type that OpenAI gives them. */
const TYPES = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "invalid_request_error",
  405: "invalid_request_error",
  413: "invalid_request_error",
  415: "invalid_request_error",
  429: "rate_limit_error",
  500: "server_error",
  503: "server_error",
} as const;

export interface ErrorPlace {
  /** The field that is wrong. */
  readonly param?: string;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class ApiError extends Error {
  readonly status: keyof typeof TYPES;
  readonly place: ErrorPlace;

  constructor(status: keyof typeof TYPES, message: string, place: ErrorPlace = {}) {
    super(oneLine(message));
    this.status = status;
    this.place = place;
  }

  body(): object {
    const { param = null, code = null } = this.place;
    return { error: { message: this.message, type: TYPES[this.status], param, code } };
  }

  response(c: Context<HttpEnv>): Response {
    return c.json(this.body(), this.status, this.place.headers ?? {});
  }
}

/** A field that is wrong: what it should be, and what came, cut short. */
export function wrongField(param: string, expected: string, received: unknown): ApiError {
  const shown = received === undefined ? "nothing" : JSON.stringify(received);
  return new ApiError(400, `${param}: expected ${expected}, got ${shown.length > 120 ? `${shown.slice(0, 117)}...` : shown}`, { param }); // prettier-ignore
}
