/** What plugins built, once for each set of params: shared while in use, kept for a while after, closed when nobody has a use for it. */
import { GymError, asGymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import { checkBatchShape } from "../env/batch-shape.ts";
import { maskWidth, type BuiltEnv } from "../env/built-env.ts";
import { buildRules, type AnyPlugin, type Host } from "../env/define.ts";
import type { AnyRules } from "../env/rules.ts";
import { asFault } from "../env/thrown.ts";
import { publicParams } from "./public-params.ts";

/** A built env that stays open until it is released. */
export interface Lease {
  readonly env: BuiltEnv;
  /** Later calls do nothing. */
  release(): Promise<void>;
}

interface Build {
  readonly env: Promise<BuiltEnv>;
  users: number;
}

export class Builds {
  readonly #host: Host;
  readonly #maxIdle: number;
  /** Those used last come last. */
  readonly #builds = new Map<string, Build>();

  /** @param maxIdle how many are kept open that nobody uses */
  constructor(host: Host, maxIdle: number) {
    this.#host = host;
    this.#maxIdle = maxIdle;
  }

  /** @param params resolved. @throws {GymError} BAD_PLUGIN */
  async lease(plugin: AnyPlugin, params: Readonly<Record<string, JsonValue>>): Promise<Lease> {
    const key = JSON.stringify([plugin.id, params]);
    const build = this.#builds.get(key) ?? { env: buildEnv(plugin, params, this.#host), users: 0 };
    this.#builds.delete(key);
    this.#builds.set(key, build);
    build.users++;
    try {
      return new BuildLease(await build.env, this, build);
    } catch (error) {
      // What failed is tried anew by the next one who asks.
      if (this.#builds.get(key) === build) this.#builds.delete(key);
      throw error;
    }
  }

  /** Closes what has been idle for longest, where more than `maxIdle` are. */
  async closeIdle(): Promise<void> {
    if (this.#builds.size <= this.#maxIdle) return; // as nearly always, and this is asked for every session that ends
    const idle = [...this.#builds].filter(([, { users }]) => users === 0);
    for (const [key, { env }] of idle.slice(0, Math.max(0, idle.length - this.#maxIdle))) {
      this.#builds.delete(key);
      await closeEnv(await env);
    }
  }

  /** Closes everything, in use or not. @throws what the first plugin that fails at it throws, after all are closed */
  async close(): Promise<void> {
    const builds = [...this.#builds.values()];
    this.#builds.clear();
    const built = await Promise.allSettled(builds.map(({ env }) => env));
    const closed = await Promise.allSettled(
      built.map(async (result) => {
        if (result.status === "fulfilled") await closeEnv(result.value);
      }),
    );
    for (const result of closed) if (result.status === "rejected") throw result.reason;
  }
}

class BuildLease implements Lease {
  readonly env: BuiltEnv;
  readonly #builds: Builds;
  /** Undefined once released. */
  #build: Build | undefined;

  constructor(env: BuiltEnv, builds: Builds, build: Build) {
    this.env = env;
    this.#builds = builds;
    this.#build = build;
  }

  async release(): Promise<void> {
    if (this.#build === undefined) return;
    this.#build.users--;
    this.#build = undefined;
    await this.#builds.closeIdle();
  }
}

async function closeEnv({ id, rules }: BuiltEnv): Promise<void> {
  try {
    await rules.close?.();
  } catch (error) {
    throw asFault(error, "ENV_FAULT", `${id}: close`);
  }
}

async function buildEnv(plugin: AnyPlugin, params: Readonly<Record<string, JsonValue>>, host: Host): Promise<BuiltEnv> {
  const { id, version = "0", secret = false, deterministic = true } = plugin;
  let rules: AnyRules;
  try {
    rules = await buildRules(plugin, params, host);
  } catch (error) {
    throw asFault(error, "BAD_PLUGIN", `${id}: build`);
  }
  checkRules(id, rules);
  return {
    id,
    version,
    params,
    publicParams: publicParams(plugin.params ?? {}, params),
    rules,
    secret,
    deterministic,
  };
}

/** What every runner relies on; `dojang check` looks at all the rest. @throws {GymError} BAD_PLUGIN */
function checkRules(id: string, rules: Partial<AnyRules> | undefined): asserts rules is AnyRules {
  const need = (name: string, fits: boolean, expected: string, received: unknown): void => {
    if (fits) return;
    throw new GymError("BAD_PLUGIN", `${id}: build(...).${name}`, {
      expected,
      received,
      hint: "Return rules({...}) from build.",
    });
  };
  for (const name of ["reset", "step", "observe"] as const) {
    need(name, typeof rules?.[name] === "function", "a function", rules?.[name]);
  }
  for (const name of ["action", "observation"] as const) {
    need(name, typeof rules?.[name]?.kind === "string", "a space", rules?.[name]);
  }
  const { maxSteps, info, infoSpace } = rules ?? {};
  const isCount = maxSteps === undefined || (Number.isSafeInteger(maxSteps) && maxSteps >= 0);
  need("maxSteps", isCount, "an integer from 1 on, or none", maxSteps);
  need("infoSpace", info === undefined || infoSpace !== undefined, "the space of what info returns", infoSpace);
  try {
    maskWidth(rules as AnyRules);
    checkBatchShape(rules as AnyRules);
  } catch (error) {
    throw new GymError("BAD_PLUGIN", `${id}: ${asGymError(error).message}`, {}, error);
  }
}
