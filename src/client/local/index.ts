/** `dojang/client/local`: envs in this process, without a server. */
import type { EnvInfo } from "../../../protocol/env-info.ts";
import type { AnyPlugin } from "../../env/define.ts";
import type { ObserverFactory } from "../../env/observer.ts";
import { addBuiltIns, addPlugin } from "../../registry/load.ts";
import { catalogue } from "../../registry/catalogue.ts";
import { makeBatch } from "../../registry/make.ts";
import { Registry } from "../../registry/registry.ts";
import type { Client, Env, MakeOptions } from "../env.ts";
import { LocalEnv } from "./local-env.ts";

export interface LocalOptions {
  /** Further plugins: themselves, or paths and package names to load them from. */
  readonly plugins?: readonly (AnyPlugin | string)[];
  /** A catalogue that is loaded already; then `plugins` are added to it. */
  readonly registry?: Registry;
  /** Records every batch. */
  readonly record?: ObserverFactory;
  /** Most instances in a batch. Default 65,536. */
  readonly maxNum?: number;
  /** Milliseconds an async step may take. Default 30,000. */
  readonly stepDeadlineMs?: number;
}

/** A client whose envs live in this process. Operator params may be given: whoever calls this is the operator. */
export function local(options: LocalOptions = {}): Client {
  const registry = load(options);
  const open = new Set<LocalEnv>();
  return {
    async make(env: string, given: MakeOptions = {}): Promise<Env> {
      const { maxNum = 65_536, stepDeadlineMs, record } = options;
      const limits = { maxNum, operator: true, record, ...(stepDeadlineMs !== undefined && { stepDeadlineMs }) };
      const made = await makeBatch(await registry, { env, ...given }, limits);
      const handle = new LocalEnv(made, (closed) => open.delete(closed));
      open.add(handle);
      return handle as unknown as Env;
    },
    async envs(): Promise<EnvInfo[]> {
      return await catalogue(await registry);
    },
    async close(): Promise<void> {
      for (const env of open) await env.close();
      if (options.registry === undefined) await (await registry).close();
    },
  };
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
