/** Every built-in environment holds every rule of the plugin contract. */
import { readdirSync, existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assertEnv, type AnyPlugin } from "dojang/env";

const ENVS = new URL("../../envs/", import.meta.url);
const folders = readdirSync(ENVS).filter((name) => existsSync(new URL(`${name}/index.ts`, ENVS)));

const plugins = await Promise.all(
  folders.map(async (name) => {
    const module = (await import(new URL(`${name}/index.ts`, ENVS).href)) as { default: AnyPlugin | AnyPlugin[] };
    return [module.default].flat();
  }),
);

describe("the built-in env", () => {
  it.each(plugins.flat().map((plugin) => [plugin.id, plugin] as const))("%s holds every rule", async (_, plugin) => {
    const { skipped } = await assertEnv(plugin);
    expect(skipped).toEqual([]);
  });
  it("has an id that no other has", () => {
    const ids = plugins.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
