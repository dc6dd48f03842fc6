/** Serves a policy as an OpenAI-compatible endpoint: the door is that of `dojang serve`. */
import type { AddressInfo } from "node:net";
import { GymError } from "../../../protocol/errors.ts";
import type { R1Policy } from "../../../agents/index.ts";
import { gateOptions } from "../../server/gate.ts";
import { listen, needToken } from "../../server/http/listen.ts";
import { openHttp } from "../../server/http/open.ts";
import { LIMITS, type ServerOptions } from "../../server/index.ts";
import { silentLogger } from "../../server/log.ts";
import { policyApp } from "./app.ts";
import { Engine } from "./engine.ts";
import { POLICY_LIMITS, Served, type PolicyLimits } from "./served.ts";

export interface PolicyServerOptions extends Pick<
  ServerOptions,
  "host" | "port" | "tokens" | "allowOrigins" | "allowHosts" | "tls" | "log"
> {
  readonly policy: R1Policy;
  /** What clients call it. */
  readonly name: string;
  readonly limits?: Partial<PolicyLimits>;
}

export interface PolicyServer {
  /** What clients take for the base URL: http://host:port/v1 */
  readonly url: string;
  /** Requests that are not answered yet. */
  readonly underWay: number;
  /** Takes in nothing new, waits for what is under way, up to `drainMs`, and stops. */
  close(): Promise<void>;
}

/** @throws {GymError} BAD_PARAM when the address is not loopback and there are no tokens, or the port is taken */
export async function servePolicy(options: PolicyServerOptions): Promise<PolicyServer> {
  const { policy, name, host = "127.0.0.1", port = 7766, tokens = [], tls, log = silentLogger } = options;
  needToken(host, tokens);
  const limits = { ...POLICY_LIMITS, ...options.limits };
  const gate = gateOptions(host, options);
  const engine = new Engine(policy.text, limits);
  let stopping = false;
  const { fetch } = policyApp({ served: new Served(name, policy), engine, gate, limits, log, ready: () => !stopping });
  const http = openHttp({ tls, gate, limits: LIMITS, fetch, refused: (status) => log.debug({ status }, "refused") });
  http.on("request", (_, response) => {
    // A connection that has been answered is not kept for a next request when there is none to come.
    response.on("close", () => stopping && setImmediate(() => http.closeIdleConnections()));
  });
  await listen(http, host, port);
  const { port: bound } = http.address() as AddressInfo; // of a server that listens on TCP
  return {
    url: `${tls === undefined ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${bound}/v1`,
    get underWay() {
      return engine.jobs;
    },
    async close() {
      stopping = true;
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      const late = setTimeout(() => {
        engine.stop(new GymError("SHUTTING_DOWN", "the server is stopping"));
        // What was told of it in a stream has a moment to be read.
        setImmediate(() => http.closeAllConnections());
      }, limits.drainMs);
      await closed;
      clearTimeout(late);
    },
  };
}
