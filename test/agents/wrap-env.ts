/** An env with some of its methods replaced, for tests that watch or disturb it. */
import type { Client, Env } from "dojang/client";

export function wrapEnv(env: Env, changes: Partial<Env>): Env {
  return new Proxy(env, {
    get(target, name) {
      const value: unknown = Reflect.get(Object.hasOwn(changes, name) ? changes : target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

export const wrapClient = (client: Client, make: Client["make"]): Client => ({
  make,
  envs: () => client.envs(),
  close: () => client.close(),
});
