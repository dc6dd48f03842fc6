/** The door of the HTTP routes: the gate's verdict as middleware, and no body that a web page could send without asking. */
import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";
import { judgeSource, judgeToken, type GateOptions, type Verdict } from "../gate.ts";
import type { Metrics } from "../metrics.ts";
import type { Token } from "../tokens.ts";

/** `incoming` is Node's own request, whose raw headers the gate looks at; `token` is who asks. */
export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: { token: Token | undefined };
}

type Middleware = MiddlewareHandler<HttpEnv>;

/** Answered without a token: who keeps the process alive need not know one, and learns nothing. */
const OPEN = "/healthz";

/** Judges where a request comes from, then its token. */
export function admit(gate: GateOptions, metrics: Metrics): [source: Middleware, token: Middleware] {
  const source: Middleware = async (c, next) => {
    const refusal = judgeSource(c.env.incoming, gate);
    if (refusal !== undefined) return refuse(c, refusal, metrics);
    await next();
    return;
  };
  const token: Middleware = async (c, next) => {
    if (c.req.path !== OPEN) {
      const verdict = judgeToken(c.env.incoming, gate.tokens);
      if (!verdict.ok) return refuse(c, verdict, metrics);
      c.set("token", verdict.token);
    }
    await next();
    return;
  };
  return [source, token];
}

function refuse(c: Parameters<Middleware>[0], verdict: Exclude<Verdict, { ok: true }>, metrics: Metrics): Response {
  metrics.refused(verdict.status);
  const headers = verdict.status === 401 ? { "www-authenticate": "Bearer" } : {};
  // The rest of the request is not read: the connection ends with the answer.
  return c.text(`${verdict.reason}\n`, verdict.status, { ...headers, connection: "close" });
}

const BODILESS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses what is not JSON: a form or plain text is what a page can post to any server without its consent. */
export const json: Middleware = async (c, next) => {
  if (!BODILESS.has(c.req.method)) {
    const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (type !== "application/json") return c.text("Send content-type: application/json.\n", 415);
  }
  await next();
  return;
};
