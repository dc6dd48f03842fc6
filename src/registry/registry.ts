/** The catalogue of plugins: adds them, finds them by id, builds each once for a set of params. */
import { didYouMean } from "../env/did-you-mean.ts";
import { GymError, asGymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { buildRules, type AnyPlugin, type Host } from "../env/define.ts";
import { resolveParams } from "../env/resolve-params.ts";
import type { AnyRules } from "../env/rules.ts";

export interface Registered {
  readonly plugin: AnyPlugin;
  /** "built-in", a package name or a path. */
  readonly source: string;
}

export interface BuildOptions {
  /** Params marked `operator` may be given: configuration and command line, never a client. */
  readonly operator?: boolean;
}

export class Registry {
  readonly #plugins = new Map<string, Registered>();
  readonly #built = new Map<string, Promise<BuiltEnv>>();
  readonly #host: Host;

  constructor(host: Host = { log: () => undefined }) {
    this.#host = host;
  }

  /** @throws {GymError} BAD_PLUGIN when another source has the id already */
  add(plugin: AnyPlugin, source: string): void {
    const held = this.#plugins.get(plugin.id);
    if (held !== undefined && held.plugin !== plugin) {
      throw new GymError("BAD_PLUGIN", `${source}: env id ${plugin.id}`, {
        expected: "an id of its own",
        received: `one that ${held.source} has`,
        hint: "Rename it, or leave one of the two out.",
      });
    }
    this.#plugins.set(plugin.id, { plugin, source });
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

  /** The rules of `id` with `params` checked and completed; the same object for the same params. @throws {GymError} UNKNOWN_ENV, BAD_PARAM, BAD_PLUGIN */
  async build(
    id: string,
    params: Readonly<Record<string, JsonValue>> = {},
    options: BuildOptions = {},
  ): Promise<BuiltEnv> {
    const { plugin } = this.find(id);
    const resolved = resolveParams(plugin, params, options) as Readonly<Record<string, JsonValue>>;
    const key = JSON.stringify([id, resolved]);
    const held = this.#built.get(key);
    if (held !== undefined) return await held;
    const building = buildEnv(plugin, resolved, this.#host);
    this.#built.set(key, building);
    building.catch(() => this.#built.delete(key));
    return await building;
  }

  /** Frees everything that was built. */
  async close(): Promise<void> {
    const built = await Promise.allSettled(this.#built.values());
    this.#built.clear();
    for (const result of built) if (result.status === "fulfilled") await result.value.rules.close?.();
  }
}

async function buildEnv(plugin: AnyPlugin, params: Readonly<Record<string, JsonValue>>, host: Host): Promise<BuiltEnv> {
  const rules = await built(plugin, params, host);
  const { id, version = "0", secret = false, deterministic = true } = plugin;
  return { id, version, params, rules, secret, deterministic };
}

async function built(plugin: AnyPlugin, params: Readonly<Record<string, JsonValue>>, host: Host): Promise<AnyRules> {
  let rules: AnyRules;
  try {
    rules = await buildRules(plugin, params, host);
  } catch (error) {
    throw asGymError(error, "BAD_PLUGIN", `${plugin.id}: build`);
  }
  for (const name of ["reset", "step", "observe"] as const) {
    if (typeof (rules as Partial<AnyRules> | undefined)?.[name] === "function") continue;
    throw new GymError("BAD_PLUGIN", `${plugin.id}: build(...).${name}`, { expected: "a function", received: rules?.[name], hint: "Return rules({...}) from build." }); // prettier-ignore
  }
  return rules;
}
