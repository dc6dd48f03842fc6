/** The two functions a plugin calls: `defineEnv` for the plugin, `rules` for its rules. Both return their argument; they exist for the types. */
import type { Space } from "../../protocol/spaces.ts";
import type { ParamsOf, ParamsSchema } from "./params.ts";
import type { AnyRules, Rules } from "./rules.ts";

/** What the gym offers a plugin while it is built. */
export interface Host {
  /** One line to the operator's log. */
  log(message: string): void;
}

export interface Plugin<P extends ParamsSchema = ParamsSchema, R = unknown> {
  /** `[namespace/]Name-vN`; a new N whenever results stop being comparable. */
  readonly id: string;
  /** Version of the implementation; snapshots and recordings name it. Default "0". */
  readonly version?: string;
  /** One sentence for `dojang envs`. */
  readonly description?: string;
  readonly params?: P;
  /** False when verdicts depend on time or the machine; replay then compares observations only. Default true. */
  readonly deterministic?: boolean;
  /** True when the state holds an answer that must not reach the agent. Default false. */
  readonly secret?: boolean;
  /** Called once for a set of params; the rules it gives are shared by all instances. */
  build(params: ParamsOf<P>, host: Host): R | Promise<R>;
}

/** A plugin whose types are not known. `params` is contravariant, so lists of mixed plugins need this erased form. */
export interface AnyPlugin {
  readonly id: string;
  readonly version?: string;
  readonly description?: string;
  readonly params?: ParamsSchema;
  readonly deterministic?: boolean;
  readonly secret?: boolean;
  build(params: never, host: Host): unknown;
}

export const defineEnv = <P extends ParamsSchema, R extends { readonly action: Space; readonly observation: Space }>(
  plugin: Plugin<P, R>,
): Plugin<P, R> => plugin;

export const rules = <S, A extends Space, O extends Space, I extends Space = never, C = unknown>(
  spec: Rules<S, A, O, I, C>,
): Rules<S, A, O, I, C> => spec;

/** Builds a plugin's rules. The one place where their types are erased: params were resolved against the plugin's own schema. */
export async function buildRules(
  plugin: AnyPlugin,
  params: Readonly<Record<string, unknown>>,
  host: Host,
): Promise<AnyRules> {
  return (await plugin.build(params as never, host)) as AnyRules;
}
