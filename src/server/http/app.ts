/** The HTTP routes beside the socket: is it alive, is it ready, its numbers, its envs. Where a request comes from was judged before. */
import { Hono, type Context } from "hono";
import { cors } from "hono/cors";
import { catalogue } from "../../registry/catalogue.ts";
import type { Registry } from "../../registry/registry.ts";
import type { GateOptions } from "../gate.ts";
import { thrown, type Logger } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import { envLine } from "../ops/catalogue.ts";
import type { Limits } from "../options.ts";
import { admit, json, type HttpEnv } from "./admit.ts";
import { limitBody } from "./limit-body.ts";
import { SAFE_HEADERS } from "./safe-headers.ts";
import { verifyCodeRoute, type CodeService } from "./verify-code.ts";
import { verifyMathRoute, type MathService } from "./verify-math.ts";

export interface HttpOptions {
  readonly gate: GateOptions;
  readonly registry: Registry;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly limits: Limits;
  readonly math: MathService;
  readonly code: CodeService;
  /** Whether new work is accepted. */
  ready(): boolean;
}

export type App = Hono<HttpEnv>;

export function httpApp(options: HttpOptions): App {
  const app: App = new Hono<HttpEnv>();
  const { gate, limits, math, code } = options;
  const { maxBody } = limits;
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SAFE_HEADERS)) c.header(name, value);
  });
  // Answers a browser's question before the token is looked at: the question cannot carry one.
  app.use(cors({ origin: [...gate.allowOrigins], allowMethods: ["GET", "HEAD", "POST"], allowHeaders: ["authorization", "content-type"], maxAge: 600 })); // prettier-ignore
  app.use(admit(gate.tokens, options.metrics));
  app.use(json);
  app.use(limitBody(maxBody, (c) => c.text(`The body is larger than ${maxBody} bytes (maxBody).\n`, 413)));
  routes(app, options);
  verifyMathRoute(app, math, limits);
  verifyCodeRoute(app, code, limits);
  app.notFound((c) => c.text("There is nothing here; GET /v1/envs lists the envs.\n", 404));
  app.onError((error, c) => {
    options.log.error(thrown(error), "an HTTP request failed");
    return c.text("The server failed; its log says why.\n", 500);
  });
  return app;
}

function routes(app: App, { registry, metrics, ready }: HttpOptions): void {
  get(app, "/", (c) => c.text("This is a WebSocket server: connect with dojang/client; GET /v1/envs lists its envs.\n", 426, { upgrade: "websocket" })); // prettier-ignore
  get(app, "/healthz", (c) => c.text("alive\n"));
  get(app, "/readyz", (c) => (ready() ? c.text("ready\n") : c.text("The server is stopping.\n", 503)));
  get(app, "/metrics", async (c) => c.body(await metrics.text(), 200, { "content-type": metrics.contentType }));
  get(app, "/v1/envs", async (c) => c.json({ envs: (await catalogue(registry)).map(envLine) }));
}

type Answer = (c: Context<HttpEnv>) => Response | Promise<Response>;

/** A route that is read and nothing else. */
function get(app: App, path: string, answer: Answer): void {
  app.get(path, answer);
  app.all(path, (c) => c.text(`${path} answers GET and HEAD only.\n`, 405, { allow: "GET, HEAD" }));
}
