/** The catalogue of plugins: adds them, finds them by id, builds each once for a set of params. */
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import type { AnyPlugin, Host } from "../env/define.ts";
import { isPlainObject } from "../env/param-values.ts";
import { resolveParams } from "../env/resolve-params.ts";
import { Builds, type Lease } from "./builds.ts";

export interface Registered {
  readonly plugin: AnyPlugin;
  /** "built-in", a package name or a path. */
  readonly source: string;
  /** URL of the module that it came from; absent for what was given in code. */
  readonly module?: string;
}

export interface BuildOptions {
  /** Params marked `operator` may be given: configuration and command line, never a client. */
  readonly operator?: boolean;
}

export interface RegistryOptions {
  /** Built envs kept open that nobody uses. Default 64. */
  readonly maxIdle?: number;
  /** Params that configuration sets for a plugin: those of the operator, which no client may give. What `operator` callers give wins. */
  readonly operatorParams?: (plugin: AnyPlugin) => Readonly<Record<string, JsonValue>>;
}

export class Registry {
  readonly #plugins = new Map<string, Registered>();
  readonly #builds: Builds;
  readonly #operatorParams: RegistryOptions["operatorParams"];

  constructor(host: Host = { log: () => undefined }, { maxIdle = 64, operatorParams }: RegistryOptions = {}) {
    this.#builds = new Builds(host, maxIdle);
    this.#operatorParams = operatorParams;
  }

  /** @throws {GymError} BAD_PLUGIN when another source has the id already */
  add(plugin: AnyPlugin, source: string, module?: string): void {
    const held = this.#plugins.get(plugin.id);
    if (held !== undefined && held.plugin !== plugin) {
      throw new GymError("BAD_PLUGIN", `${source}: env id ${plugin.id}`, {
        expected: "an id of its own",
        received: `one that ${held.source} has`,
        hint: "Rename it, or leave one of the two out.",
      });
    }
    this.#plugins.set(plugin.id, { plugin, source, ...(module !== undefined && { module }) });
  }

  /** @throws {GymError} UNKNOWN_ENV, with the nearest id */
  find(id: string): Registered {
    const found = this.#plugins.get(id);
    if (found !== undefined) return found;
    const near = didYouMean(id, this.ids());
    throw new GymError("UNKNOWN_ENV", "env", {
      expected: near === undefined ? "the id of an env" : "the id of a known env",
      received: id,
      hint: near === undefined ? "`dojang envs` lists them." : `Did you mean ${near}?`,
    });
  }

  ids(): string[] {
    return [...this.#plugins.keys()].sort();
  }

  /** The rules of `id` with `params` checked and completed; the same object for the same params, open until the registry is closed.
   *  @throws {GymError} UNKNOWN_ENV, BAD_PARAM, BAD_PLUGIN */
  async build(
    id: string,
    params: Readonly<Record<string, JsonValue>> = {},
    options: BuildOptions = {},
  ): Promise<BuiltEnv> {
    const { env } = await this.lease(id, params, options);
    return env;
  }

  /** As `build`, but open only until it is released by all who lease it; then for as long as it is among the `maxIdle` used last. */
  async lease(
    id: string,
    params: Readonly<Record<string, JsonValue>> = {},
    options: BuildOptions = {},
  ): Promise<Lease> {
    const { plugin } = this.find(id);
    const resolved = resolveParams(plugin, params, options);
    const set = this.#operatorParams?.(plugin) ?? {};
    if (Object.keys(set).length === 0) return await this.#builds.lease(plugin, resolved);
    // What the caller gave was judged alone, above; only now the operator's values join it.
    return await this.#builds.lease(plugin, resolveParams(plugin, merge(set, params), { operator: true }));
  }

  /** Frees everything that was built. */
  async close(): Promise<void> {
    await this.#builds.close();
  }
}

type Values = Readonly<Record<string, JsonValue>>;

/** The values of both, field by field in records; where both have one it is `over`'s. */
function merge(under: Values, over: Values): Values {
  const merged: Record<string, JsonValue> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = Object.hasOwn(under, name) ? under[name] : undefined;
    merged[name] = isPlainObject(below) && isPlainObject(value) ? merge(below as Values, value as Values) : value;
  }
  return merged;
}
