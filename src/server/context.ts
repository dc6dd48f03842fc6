/** What all sessions of a server share. */
import type { ObserverFactory } from "../env/observer.ts";
import type { Registry } from "../registry/registry.ts";
import type { Limits } from "./options.ts";
import type { Sealer } from "./seal.ts";

export interface ServerContext {
  readonly registry: Registry;
  readonly limits: Limits;
  readonly sealer: Sealer;
  readonly record: ObserverFactory | undefined;
  /** Name and version told to clients. */
  readonly server: { readonly name: string; readonly version: string };
  log(message: string): void;
}
