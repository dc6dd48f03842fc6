/** The door of the HTTP routes: the gate's verdict on the token as middleware, and no body that a web page could send without asking. */
import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";
import { judgeToken } from "../gate.ts";
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

/** Judges the token. */
export const admit =
  (tokens: readonly Token[], metrics: Metrics): Middleware =>
  async (c, next) => {
    if (c.req.path !== OPEN) {
      const verdict = judgeToken(c.env.incoming, tokens);
      if (!verdict.ok) {
        metrics.refused(verdict.status);
        return c.text(`${verdict.reason}\n`, verdict.status, { "www-authenticate": "Bearer", connection: "close" });
      }
      c.set("token", verdict.token);
    }
    await next();
    return;
  };

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
