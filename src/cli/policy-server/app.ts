/** The routes of a served policy, after OpenAI's API. Where a request comes from was judged before. */
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { judgeToken, type GateOptions } from "../../server/gate.ts";
import { thrown, type Logger } from "../../server/log.ts";
import type { HttpEnv } from "../../server/http/admit.ts";
import { limitBody } from "../../server/http/limit-body.ts";
import { SAFE_HEADERS } from "../../server/http/safe-headers.ts";
import { ApiError } from "./api-error.ts";
import { chatForm } from "./chat.ts";
import { completionsForm } from "./completions.ts";
import type { Form, Request } from "./form.ts";
import { errorOf, Responding, type Responder } from "./respond.ts";
import type { PolicyLimits, Served } from "./served.ts";

export interface AppOptions extends Responder {
  readonly gate: GateOptions;
  readonly limits: PolicyLimits;
  readonly log: Logger;
  /** Whether new requests are taken in. */
  ready(): boolean;
}

type App = Hono<HttpEnv>;

/** Answered without a token: who keeps the process alive need not know one, and learns nothing. */
const OPEN = "/health";

export function policyApp(options: AppOptions): App {
  const { gate, limits, served, log } = options;
  const app: App = new Hono<HttpEnv>();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SAFE_HEADERS)) c.header(name, value);
  });
  // Answers a browser's question before the token is looked at: the question cannot carry one.
  app.use(cors({ origin: [...gate.allowOrigins], allowMethods: ["GET", "HEAD", "POST"], allowHeaders: ["authorization", "content-type"], maxAge: 600 })); // prettier-ignore
  app.use(admit(gate));
  app.use(limitBody(limits.maxBody, () => { throw new ApiError(413, `The body is larger than ${limits.maxBody} bytes (maxBody).`); })); // prettier-ignore
  get(app, OPEN, (c) => (options.ready() ? c.text("ok\n") : c.text("stopping\n", 503)));
  get(app, "/v1/models", (c) => c.json({ object: "list", data: [modelOf(served)] }));
  // A name may hold slashes.
  get(app, "/v1/models/*", (c) => {
    const name = decoded(c.req.path.slice("/v1/models/".length));
    if (name === served.name) return c.json(modelOf(served));
    throw new ApiError(404, `The model ${JSON.stringify(name)} does not exist; this server has ${JSON.stringify(served.name)}.`, { code: "model_not_found" }); // prettier-ignore
  });
  post(app, "/v1/completions", completionsForm(served), options);
  post(app, "/v1/chat/completions", chatForm(served), options);
  app.notFound((c) => new ApiError(404, "There is nothing here; this server has /v1/models, /v1/completions and /v1/chat/completions.").response(c)); // prettier-ignore
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) log.error(thrown(error), "a request failed");
    return errorOf(error).response(c);
  });
  return app;
}

const modelOf = ({ name, created, contextTokens, policy }: Served): object => ({
  ...{ id: name, object: "model", created, owned_by: "dojang" },
  ...{ max_model_len: contextTokens, stage: policy.stage, title: policy.title },
});

const admit =
  ({ tokens }: GateOptions): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const verdict = c.req.path === OPEN ? undefined : judgeToken(c.env.incoming, tokens);
    if (verdict?.ok === false)
      throw new ApiError(401, verdict.reason, { code: "invalid_api_key", headers: { "www-authenticate": "Bearer", connection: "close" } }); // prettier-ignore
    await next();
  };

/** A part of a path as text; as it is where it cannot be decoded. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Answering = (c: Context<HttpEnv>) => Response;

/** A route that is read and nothing else. */
function get(app: App, path: string, answer: Answering): void {
  app.get(path, answer);
  app.all(path, () => refuseMethod(path, "GET, HEAD"));
}

function post(app: App, path: string, form: Form, options: AppOptions): void {
  app.post(path, async (c) => {
    if (!options.ready()) throw new ApiError(503, "The server is stopping.", { headers: { "retry-after": "5", connection: "close" } }); // prettier-ignore
    const request = form.read(await bodyOf(c));
    checkRoom(request, options);
    const responding = new Responding(options, form, request);
    const { signal } = c.req.raw;
    if (!request.settings.stream) return c.json(await responding.whole(signal));
    return c.body(responding.stream(signal), 200, { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" }); // prettier-ignore
  });
  app.all(path, () => refuseMethod(path, "POST"));
}

/** JSON and nothing else: a form or plain text is what a page can post to any server without its consent. */
async function bodyOf(c: Context<HttpEnv>): Promise<unknown> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new ApiError(415, "Send content-type: application/json.");
  const text = await c.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ApiError(400, `The body is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.`);
  }
}

function checkRoom({ wanted }: Request, { engine, limits: { maxWaiting } }: AppOptions): void {
  if (wanted.length > maxWaiting)
    throw new ApiError(400, `A request may have at most ${maxWaiting} answers (maxWaiting), and this one asks for ${wanted.length}.`, { param: "n" }); // prettier-ignore
  if (engine.hasRoom(wanted.length)) return;
  throw new ApiError(429, `Too many answers are waiting; ask again (maxWaiting is ${maxWaiting}).`, { code: "rate_limit_exceeded", headers: { "retry-after": "1" } }); // prettier-ignore
}

function refuseMethod(path: string, allow: string): never {
  throw new ApiError(405, `${path} answers ${allow} only.`, { headers: { allow } });
}
