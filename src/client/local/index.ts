/** `dojang/client/local`: envs in this process, without a server. */
import type { EnvInfo } from "../../../protocol/env-info.ts";
import { GymError } from "../../../protocol/errors.ts";
import type { AnyPlugin } from "../../env/define.ts";
import type { ObserverFactory } from "../../env/observer.ts";
import { addBuiltIns, addPlugin } from "../../registry/load.ts";
import { catalogue } from "../../registry/catalogue.ts";
import { makeBatch } from "../../registry/make.ts";
import { Registry } from "../../registry/registry.ts";
import type { Client, Env, MakeOptions } from "../env.ts";
import { checkMake, checkOptions, optionsOf } from "../options.ts";
import { LocalEnv } from "./local-env.ts";

export interface LocalOptions {
  /** Further plugins: themselves, or paths and package names to load them from. */
  readonly plugins?: readonly (AnyPlugin | string)[];
  /** A catalogue that is loaded already; then `plugins` are added to it, and closing the client leaves it open. */
  readonly registry?: Registry;
  /** Records every batch. */
  readonly record?: ObserverFactory;
  /** Most instances in a batch. Default 65,536. */
  readonly maxNum?: number;
  /** Milliseconds an async step may take. Default 30,000. */
  readonly stepDeadlineMs?: number;
  /** Async steps of a batch under way at once. Default 64. */
  readonly maxConcurrent?: number;
}

const LOCAL = optionsOf<LocalOptions>(
  "local",
  { plugins: 0, registry: 0, record: 0, maxNum: 0, stepDeadlineMs: 0, maxConcurrent: 0 },
  { elsewhere: { envs: "plugins" } },
);

/** A client whose envs live in this process. Plugins are loaded when the first env is asked for. Operator params may be given: whoever calls this is the operator. @throws {GymError} BAD_PARAM for an option that is none */
export function local(options: LocalOptions = {}): Client {
  checkOptions(LOCAL, options);
  return new LocalClient(options);
}

class LocalClient implements Client {
  readonly #options: LocalOptions;
  readonly #open = new Set<LocalEnv>();
  #registry: Promise<Registry> | undefined;
  #closed = false;

  constructor(options: LocalOptions) {
    this.#options = options;
  }

  async make(env: string, given: MakeOptions = {}): Promise<Env> {
    checkMake(given, env);
    const { maxNum = 65_536, stepDeadlineMs, maxConcurrent, record } = this.#options;
    const registry = await this.#load();
    const made = await makeBatch(
      registry,
      { env, ...given },
      {
        maxNum,
        operator: true,
        record,
        ...(stepDeadlineMs !== undefined && { stepDeadlineMs }),
        ...(maxConcurrent !== undefined && { maxConcurrent }),
      },
    );
    const handle = new LocalEnv(made, given.mode === "first-ready", (closed) => this.#open.delete(closed));
    this.#open.add(handle);
    // Closed while the env was built: nobody else would close it.
    if (this.#closed) await handle.close();
    return handle;
  }

  async envs(): Promise<EnvInfo[]> {
    return await catalogue(await this.#load());
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = await Promise.allSettled(Array.from(this.#open, (env) => env.close()));
    const registry = await this.#registry?.catch(() => undefined);
    if (this.#options.registry === undefined) await registry?.close();
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }

  #load(): Promise<Registry> {
    if (this.#closed) throw new GymError("UNKNOWN_HANDLE", "local client", { expected: "an open client", hint: "It was closed; call local() again." }); // prettier-ignore
    return (this.#registry ??= load(this.#options));
  }
}

async function load(options: LocalOptions): Promise<Registry> {
  const registry = options.registry ?? new Registry();
  if (options.registry === undefined) await addBuiltIns(registry);
  for (const plugin of options.plugins ?? []) {
    if (typeof plugin === "string") await addPlugin(registry, plugin);
    else registry.add(plugin, "given in code");
  }
  return registry;
}
