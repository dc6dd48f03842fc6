/** What all sessions of a server share. */
import type { ObserverFactory } from "../env/observer.ts";
import type { Registry } from "../registry/registry.ts";
import type { Logger } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Limits } from "./options.ts";
import type { Sealer } from "./seal.ts";
import type { Session } from "./session.ts";

export interface ServerContext {
  readonly registry: Registry;
  readonly limits: Limits;
  readonly sealer: Sealer;
  readonly record: ObserverFactory | undefined;
  findSession(id: string): Session | undefined;
  /** Name and version told to clients. */
  readonly server: { readonly name: string; readonly version: string };
  readonly log: Logger;
  readonly metrics: Metrics;
}
