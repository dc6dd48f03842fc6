/** The catalogue: adding, finding, building once, letting go. */
import { writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defineEnv, discrete, int, list, record, rules, string, type AnyPlugin } from "../../src/env/index.ts";
import { addBuiltIns, addPlugin, pluginsOf } from "../../src/registry/load.ts";
import { catalogue, envInfo } from "../../src/registry/catalogue.ts";
import { makeBatch } from "../../src/registry/make.ts";
import { Registry } from "../../src/registry/registry.ts";
import { tempDir } from "../support/temp.ts";

const code = (name: string, message: RegExp): Error =>
  expect.toSatisfy((error: { code: string; message: string }) => error.code === name && message.test(error.message)) as Error; // prettier-ignore

/** Counts how often it is built and closed. */
function counted(more: object = {}, id = "Counted-v0") {
  const seen = { built: 0, closed: 0 };
  const plugin = defineEnv({
    id,
    description: "Counts.",
    params: { size: int(3, { min: 1, max: 9 }), file: string("/data/gold", { operator: true }) },
    build: ({ size }) => {
      seen.built++;
      return {
        ...rules({
          action: discrete(2),
          observation: discrete(size),
          maxSteps: 7,
          reset: () => 0,
          step: (state) => ({ state, reward: 0, terminated: false }),
          observe: (state) => state,
          close: () => void seen.closed++,
        }),
        ...more,
      };
    },
  });
  return { plugin, seen };
}

function registryOf(...plugins: AnyPlugin[]): Registry {
  const registry = new Registry(undefined, { maxIdle: 1 });
  for (const plugin of plugins) registry.add(plugin, "test");
  return registry;
}

describe("finding an env", () => {
  it("names the nearest id when there is none", async () => {
    const registry = registryOf(counted().plugin);
    await expect(registry.build("Cuonted-v0")).rejects.toThrow(code("UNKNOWN_ENV", /got "Cuonted-v0". Did you mean Counted-v0\?/)); // prettier-ignore
    await expect(registry.build("xyz")).rejects.toThrow(code("UNKNOWN_ENV", /`dojang envs` lists them/));
  });
  it("refuses a second plugin under the same id, and names both sources", () => {
    const registry = registryOf(counted().plugin);
    expect(() => registry.add(counted().plugin, "./mine.ts")).toThrow(code("BAD_PLUGIN", /\.\/mine\.ts: env id Counted-v0.*test has/)); // prettier-ignore
  });
  it("lists ids in alphabetical order", () => {
    expect(registryOf(counted({}, "b-v0").plugin, counted({}, "a-v0").plugin).ids()).toEqual(["a-v0", "b-v0"]);
  });
});

describe("building", () => {
  it("happens once for the same params, written out or not, and once more for others", async () => {
    const { plugin, seen } = counted();
    const registry = registryOf(plugin);
    const [one, two, three] = await Promise.all([registry.build(plugin.id), registry.build(plugin.id, { size: 3 }), registry.build(plugin.id, { size: 4 })]); // prettier-ignore
    expect([one === two, one === three, seen.built, three.params["size"]]).toEqual([true, false, 2, 4]);
    await registry.close();
    expect(seen.closed).toBe(2);
  });
  it("refuses operator params to clients, and takes them from the operator", async () => {
    const { plugin } = counted();
    const registry = registryOf(plugin);
    await expect(registry.build(plugin.id, { file: "/etc/passwd" })).rejects.toThrow(code("BAD_PARAM", /Counted-v0: param file/)); // prettier-ignore
    const { params, publicParams } = await registry.build(plugin.id, { file: "/x" }, { operator: true });
    expect([params, publicParams]).toEqual([{ size: 3, file: "/x" }, { size: 3 }]);
  });
  it("keeps operator fields of records and lists from clients", async () => {
    const source = record({ url: string("u", { operator: true }), name: string("n") });
    const plugin = { ...counted().plugin, params: { size: int(3, { min: 1, max: 9 }), source, all: list(source, [{ url: "a", name: "b" }]) } } as AnyPlugin; // prettier-ignore
    const { publicParams } = await registryOf(plugin).build(plugin.id);
    expect(publicParams).toEqual({ size: 3, source: { name: "n" }, all: [{ name: "b" }] });
  });
  it.each([
    [{ step: undefined }, /Counted-v0: build\(\.\.\.\)\.step: expected a function, got undefined/],
    [{ observation: 5 }, /build\(\.\.\.\)\.observation: expected a space, got 5/],
    [{ maxSteps: 1.5 }, /maxSteps: expected an integer from 1 on, or none, got 1.5/],
    [{ info: () => 0 }, /infoSpace: expected the space of what info returns, got undefined/],
    [{ action: { kind: "text" }, legal: () => [] }, /Counted-v0: rules.legal: expected a discrete or multiDiscrete/],
  ])("refuses rules with %j", async (more, message) => {
    const { plugin } = counted(more);
    await expect(registryOf(plugin).build(plugin.id)).rejects.toThrow(code("BAD_PLUGIN", message));
  });
  it("that failed is tried anew", async () => {
    let fails = true;
    const { plugin } = counted();
    const shaky = { ...plugin, build: (params: never, host: never) => { if (fails) throw new Error("no disk"); return plugin.build(params, host); } }; // prettier-ignore
    const registry = registryOf(shaky);
    await expect(registry.build(plugin.id)).rejects.toThrow(code("BAD_PLUGIN", /Counted-v0: build: no disk/));
    fails = false;
    expect((await registry.build(plugin.id)).id).toBe("Counted-v0");
  });
});

describe("a lease", () => {
  it("keeps an env open until the last user lets go; 1 idle one is kept where maxIdle is 1", async () => {
    const { plugin, seen } = counted();
    const registry = registryOf(plugin);
    const leases = await Promise.all([1, 1, 2, 3].map((size) => registry.lease(plugin.id, { size })));
    await leases[0]?.release();
    await leases[0]?.release();
    await leases[2]?.release();
    expect([seen.built, seen.closed]).toEqual([3, 0]);
    await leases[3]?.release();
    expect(seen.closed).toBe(1);
    await registry.lease(plugin.id, { size: 3 });
    expect(seen.built).toBe(3);
    await leases[1]?.release();
    await registry.close();
    expect(seen.closed).toBe(3);
  });
  it("is let go by a batch that is closed, and by one that could not be made", async () => {
    const { plugin, seen } = counted();
    const registry = new Registry(undefined, { maxIdle: 0 });
    registry.add(plugin, "test");
    const made = await makeBatch(registry, { env: plugin.id, seed: 1 }, { maxNum: 1 });
    await made.close();
    const record = (): never => {
      throw new Error("disk full");
    };
    await expect(makeBatch(registry, { env: plugin.id }, { maxNum: 1, record })).rejects.toThrow("disk full");
    expect([seen.built, seen.closed]).toEqual([2, 2]);
  });
  it("of a plugin that fails at closing says so, after all others are closed", async () => {
    const { plugin, seen } = counted();
    const bad = counted({ close: () => Promise.reject(new Error("stuck")) }, "Bad-v0").plugin;
    const registry = registryOf(bad, plugin);
    await registry.build("Bad-v0");
    await registry.build(plugin.id);
    await expect(registry.close()).rejects.toThrow("Bad-v0: close: stuck");
    expect(seen.closed).toBe(1);
  });
});

describe("making a batch", () => {
  it.each([
    [{ num: 0 }, "BAD_PARAM", /Counted-v0: num: expected an integer in 1..8, got 0/],
    [{ num: 9 }, "BAD_PARAM", /num: expected an integer in 1..8, got 9/],
    [{ autoreset: "sometimes" }, "BAD_PARAM", /autoreset: expected next-step, same-step, disabled, got "sometimes"/],
    [{ maxSteps: -1 }, "BAD_PARAM", /maxSteps: expected an integer in 0/],
    [{ seed: 2 ** 53 }, "BAD_SEED", /Counted-v0: seed/],
    [{ params: { size: 10 } }, "BAD_PARAM", /param size/],
    [{ params: { sise: 1 } }, "BAD_PARAM", /sise/],
    [{ env: "Counted-v1", num: 0 }, "UNKNOWN_ENV", /Counted-v0/],
  ])("refuses %j", async (request, name, message) => {
    const { plugin } = counted();
    const made = makeBatch(registryOf(plugin), { env: plugin.id, ...request } as never, { maxNum: 8 });
    await expect(made).rejects.toThrow(code(name, message));
  });
  it("draws a seed in 0..2^53-1 where none is given, another each time", async () => {
    const { plugin } = counted();
    const registry = registryOf(plugin);
    const seeds = await Promise.all(Array.from({ length: 20 }, async () => (await makeBatch(registry, { env: plugin.id }, { maxNum: 1 })).runner.seed)); // prettier-ignore
    expect(new Set(seeds).size).toBe(20);
    expect(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  });
});

describe("the catalogue", () => {
  it("says of an env its spaces, limit and source, and goes without spaces where it cannot be built", async () => {
    const { plugin, seen } = counted();
    const registry = registryOf(plugin, { ...counted({}, "Broken-v0").plugin, build: () => ({}) });
    expect((await catalogue(registry)).map(({ id, source }) => [id, source])).toEqual([
      ["Broken-v0", "test"],
      ["Counted-v0", "test"],
    ]);
    expect(await envInfo(registry, plugin.id)).toMatchObject({
      version: "0",
      description: "Counts.",
      action: { kind: "discrete", n: 2 },
      observation: { n: 3 },
      maxSteps: 7,
    });
    expect((await envInfo(registry, "Broken-v0")).action).toBeUndefined();
    await registry.close();
    expect(seen.closed).toBe(seen.built);
  });
});

describe("loading plugins", () => {
  const source = (id: string): string =>
    `export default { id: "${id}", build: () => ({ action: { kind: "discrete", n: 2, start: 0 }, observation: { kind: "discrete", n: 2, start: 0 }, reset: () => 0, step: (state) => ({ state, reward: 0, terminated: true }), observe: () => 0 }) };`;

  it("finds a file, a folder and an installed package", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "mine.mjs"), source("File-v0"));
    mkdirSync(join(folder, "suite"));
    writeFileSync(join(folder, "suite", "index.mjs"), source("Folder-v0"));
    const home = join(folder, "node_modules", "some-env");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), JSON.stringify({ exports: { ".": { import: "./lib.mjs" } } }));
    writeFileSync(join(home, "lib.mjs"), source("Package-v0"));
    const registry = new Registry();
    for (const spec of ["./mine.mjs", "suite", "some-env"]) await addPlugin(registry, spec, folder);
    expect(registry.ids()).toEqual(["File-v0", "Folder-v0", "Package-v0"]);
    expect(registry.find("Package-v0").source).toBe("some-env");
  });

  it.each([
    ["./none.ts", /^\.\/none\.ts: expected a file or folder that exists/],
    ["no-such-package", /Install it \(npm install no-such-package\)/],
    ["./empty", /expected a folder with an index\.ts/],
    ["./broken.mjs", /^\.\/broken\.mjs: [^\n]*[^.]\. The module must load by itself: try `node FILE`\.$/],
    ["./wrong.mjs", /wrong\.mjs: default export: expected defineEnv.* got 7/],
    ["./one-wrong.mjs", /default export\[0\]: expected defineEnv/],
    ["./needy.mjs", /needy\.mjs: .*Is dojang installed in this folder/],
  ])("refuses %s in one line", async (spec, message) => {
    const folder = tempDir();
    mkdirSync(join(folder, "empty"));
    writeFileSync(join(folder, "broken.mjs"), "export default {");
    writeFileSync(join(folder, "wrong.mjs"), "export default 7");
    writeFileSync(join(folder, "one-wrong.mjs"), "export default [{ id: 'x' }]");
    writeFileSync(join(folder, "needy.mjs"), "import 'not-there-at-all'; export default []");
    await expect(addPlugin(new Registry(), spec, folder)).rejects.toThrow(code("BAD_PLUGIN", message));
    await expect(addPlugin(new Registry(), spec, folder)).rejects.toThrow(/^[^\n]*$/);
  });

  it("takes a module without a default export for what it is: no plugin", () => {
    expect(() => pluginsOf({}, "./x.ts")).toThrow(code("BAD_PLUGIN", /x\.ts: default export: .* got undefined/));
  });

  it("of the built-ins gives FrozenLake-v1, Taxi-v4 and CartPole-v1, all of them from one source", async () => {
    const registry = new Registry();
    await addBuiltIns(registry);
    expect(registry.ids()).toEqual(expect.arrayContaining(["FrozenLake-v1", "Taxi-v4", "CartPole-v1"]));
    expect(new Set(registry.ids().map((id) => registry.find(id).source))).toEqual(new Set(["built-in"]));
  });
});
