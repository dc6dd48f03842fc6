/** Params that only the operator sets: by flag, variable or config file, for server and training; refused to clients; broken files are told by row and column. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

import { connect, type Client } from "../../src/client/index.ts";
import { loadRegistry } from "../../src/cli/catalogue.ts";
import { OperatorParams, type OperatorOptions } from "../../src/cli/operator-params.ts";
import { Registry } from "../../src/registry/index.ts";
import { defineEnv, discrete, int, record, rules, string } from "../../src/env/index.ts";
import { serve } from "../../src/server/index.ts";
import { tempDir } from "../support/temp.ts";
import { call, callIn, lastLine, wrong } from "./call.ts";
import { startServer, userFolder } from "./user-folder.ts";

/** Two assets, five days. */
const PRICES = "day,left,right\n1,1,1\n2,2,1\n3,4,1\n4,8,1\n5,16,1\n";
const SMALL = { window: 1, steps: 2 };

/** A folder with files; those below `data/` may be served. */
function folderWith(files: Readonly<Record<string, string>>, root = tempDir()): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

/** A server over a real socket with operator params as the command line gives them, a client of it, and the operator's log. */
async function served(options: OperatorOptions): Promise<{ client: Client; log: string[] }> {
  const log: string[] = [];
  const registry = await loadRegistry([], {
    operator: new OperatorParams(options),
    log: (line) => log.push(line),
  });
  const server = await serve({ registry, port: 0 });
  const client = connect(server.url);
  onTestFinished(async () => {
    await client.close();
    await server.close();
    await registry.close();
  });
  return { client, log };
}

const refusal = (call: Promise<unknown>): Promise<{ code: string; message: string }> =>
  call.then(
    () => Promise.reject(new Error("expected a refusal")),
    (error: unknown) => error as { code: string; message: string },
  );

describe("over a socket, an operator param", () => {
  const file = "Portfolio-v0.file=prices.csv";

  it("set by the operator is played: the assets are those of the operator's file", async () => {
    const data = join(folderWith({ "data/prices.csv": PRICES }), "data");
    const { client } = await served({ data, envParam: [file] });
    const env = await client.make("Portfolio-v0", { params: SMALL, seed: 1 });
    expect(env.spaces.action).toMatchObject({ kind: "box", shape: [2] });
    await env.reset({ options: [{ start: 1 }] });
    const frame = await env.step(Float32Array.of(1, 0));
    // All in the left asset, which doubles, less a fee of 0.001.
    expect(frame.rewards[0]).toBeCloseTo(Math.log(2) + Math.log(0.999), 12);
  });
  it("is neither shown to clients nor given by them", async () => {
    const data = join(folderWith({ "data/prices.csv": PRICES, "data/other.csv": PRICES }), "data");
    const { client } = await served({ data, envParam: [file] });
    const env = await client.make("Portfolio-v0", { params: SMALL });
    expect(Object.keys(env.params)).not.toContain("file");
    expect(JSON.stringify(env.params)).not.toContain("prices.csv");
    for (const params of [{ file: "other.csv" }, { folder: "/etc" }, { file: "prices.csv" }]) {
      const { code, message } = await refusal(client.make("Portfolio-v0", { params: { ...SMALL, ...params } }));
      expect(code).toBe("BAD_PARAM");
      expect(message).toMatch(/^Portfolio-v0: param (file|folder): .*only the operator may set it/);
    }
  });
  it("set for one env leaves the others as they are, and a client's own params still count", async () => {
    const data = join(folderWith({ "data/prices.csv": PRICES }), "data");
    const { client } = await served({ data, envParam: [file] });
    expect((await client.make("Logged-v0")).spaces.action).toMatchObject({ n: 3 });
    expect((await client.make("Portfolio-v0", { params: { ...SMALL, window: 2 } })).spaces.observation).toMatchObject({
      shape: [3, 2],
    });
  });
  it.each([
    ["Portfolio-v0", "day,left\n1,1\n2,s3cret\n", "CSV row 3, column 2: expected a price in 1e-9..1000000000000", "s3cret"], // prettier-ignore
    ["Portfolio-v0", "day,left\n1,1\n2,3,4\n", "CSV row 3, column 3: expected 2 cells as in the header", "3 cells"],
    ["Logged-v0", "state,action,next,count,reward,terminated\n0,0,0,1,0,maybe\nstart,,0,1,,\n", "CSV row 2, column 6: expected an integer in 0..1", "maybe"], // prettier-ignore
  ])(
    "of %s that names a broken file is told by row and column, and to the operator alone with its name and content",
    async (id, csv, says, content) => {
      // prettier-ignore
      const root = folderWith({ "data/private-name.csv": csv });
      const { client, log } = await served({ data: join(root, "data"), envParam: [`${id}.file=private-name.csv`] });
      const { code, message } = await refusal(client.make(id, { num: 2 }));
      expect(code).toBe("BAD_PARAM");
      expect(message).toBe(`${id}: ${says}. The operator's log shows what stands there.`);
      expect(log.join("\n")).toContain(`${says.split(":")[0] ?? ""} of private-name.csv: expected`);
      expect(log.join("\n")).toContain(content);
      // Mended while the server runs, it is played.
      folderWith({ "data/private-name.csv": id === "Logged-v0" ? csv.replace("maybe", "1") : PRICES }, root);
      const params = id === "Logged-v0" ? { minCount: 1 } : SMALL;
      expect((await client.make(id, { params })).id).toBe(id);
    },
  );
  it.each(["../secret.csv", "a/../../secret.csv", "link.csv", "linked/secret.csv", "missing.csv", "a"])(
    "may not lead out of the data folder: %s",
    async (path) => {
      const root = folderWith({ "secret.csv": PRICES, "data/a/prices.csv": PRICES });
      symlinkSync(join(root, "secret.csv"), join(root, "data/link.csv"));
      symlinkSync(root, join(root, "data/linked"));
      const { client, log } = await served({ data: join(root, "data"), envParam: [`Portfolio-v0.file=${path}`] });
      const { code, message } = await refusal(client.make("Portfolio-v0", { params: SMALL }));
      expect(code).toBe("BAD_PARAM");
      expect(message).toMatch(/^Portfolio-v0: param file: expected a file( inside the data folder)?\. The operator's log says more\.$/); // prettier-ignore
      expect(log.join("\n")).toContain(`file ${path}:`);
    },
  );
  it("may not be an absolute path, even one into the data folder", async () => {
    const data = join(folderWith({ "data/prices.csv": PRICES }), "data");
    const { client, log } = await served({ data, envParam: [`Portfolio-v0.file=${join(data, "prices.csv")}`] });
    const { message } = await refusal(client.make("Portfolio-v0", { params: SMALL }));
    expect(message).not.toContain(data);
    expect(log.join("\n")).toContain("the path is absolute");
  });
});

describe("the command line", () => {
  it("trains on the operator's file: by flag over variable over config file", async () => {
    const root = folderWith({
      "good/log.csv": "state,action,next,count,reward,terminated\n0,0,0,9,7,1\nstart,,0,1,,\n",
      "bad/log.csv": "broken",
      "dojang.config.ts": 'export default { data: "nowhere", envParam: ["Logged-v0.file=none.csv"] };',
    });
    const train = (variables: Record<string, string>, ...args: string[]) =>
      callIn({ folder: root, variables }, "train", "random", "Logged-v0", "--steps", "20", "--param", "minCount=1", "--out", join(tempDir(), "run"), "--json", ...args); // prettier-ignore
    const variables = { DOJANG_DATA: join(root, "good"), DOJANG_ENV_PARAM: "Logged-v0.file=log.csv" };
    expect((await train({})).stderr).toContain("dojang: Logged-v0: param file: expected a file inside the data folder");
    const byVariable = await train(variables);
    expect(byVariable.code).toBe(0);
    // The only action pays 7 and ends the episode.
    expect(lastLine(byVariable)).toMatchObject({ status: "done", recentReturn: 7 });
    const byFlag = await train(variables, "--data", join(root, "bad"));
    expect(byFlag.code).toBe(2);
    expect(byFlag.stderr).toContain("dojang: Logged-v0: CSV row 1, column 1: expected the name state");
    // The operator reads what stands there on stderr.
    expect(byFlag.stderr).toContain('of log.csv: expected the name state, got "broken"');
  });
  it("evaluates a run on the file that is named again, beside random play on the same", async () => {
    const data = folderWith({ "log.csv": "state,action,next,count,reward,terminated\n0,0,0,9,7,1\nstart,,0,1,,\n" });
    const operator = ["--data", data, "--env-param", "Logged-v0.file=log.csv"];
    const run = join(data, "run");
    await call("train", "q-learning", "Logged-v0", "--steps", "20", "--param", "minCount=1", "--out", run, ...operator);
    const score = lastLine(await call("eval", run, "--episodes", "10", "--json", ...operator));
    expect(score).toMatchObject({ mean: 7, random: { mean: 7 } });
  });
  it.each<[string, string[], string]>([
    ["an unknown env", ["Portfolo-v0.file=x"], '--env-param: expected ENV.PARAM=VALUE with the id of a known env, got "Portfolo-v0.file=x". Did you mean Portfolio-v0?'], // prettier-ignore
    ["no value", ["Portfolio-v0.file"], '--env-param Portfolio-v0.: expected KEY=VALUE, got "file"'],
    ["an unknown param", ["Portfolio-v0.fil=x"], "Portfolio-v0: param fil: expected one of"],
    ["a param of clients", ["Portfolio-v0.window=3"], "--env-param Portfolio-v0.window: expected a param that only the operator sets"], // prettier-ignore
    ["a nested param of clients", ["FrozenLake-v1.rewardSchedule.goal=3"], "--env-param FrozenLake-v1.rewardSchedule.goal: expected a param that only the operator sets"], // prettier-ignore
  ])("refuses %s in one line, for serve, train and replay", async (_, items, says) => {
    const flags = items.flatMap((item) => ["--env-param", item]);
    const { code, stdout, stderr } = await call("serve", "--port", "0", ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^dojang: [^\n]*\n$/);
    expect(stderr).toContain(says);
    const trained = await call("train", "random", "Taxi-v4", "--out", join(tempDir(), "run"), ...flags);
    expect(trained.code).toBe(2);
    expect(trained.stderr).toContain(says);
  });
  it("refuses both flags beside --server", async () => {
    const train = (...args: string[]) => call("train", "random", "Taxi-v4", "--server", "ws://127.0.0.1:9", ...args);
    expect(await train("--data", "x")).toEqual(
      wrong('--data: expected none beside --server, got "x". Give --data to `dojang serve`.'),
    );
    expect((await train("--env-param", "Portfolio-v0.file=x")).stderr).toMatch(
      /^dojang: --env-param: expected none beside --server, .* Give --env-param to `dojang serve`\.\n$/,
    );
  });
  it("serves with a broken file, warns the operator at once, and tells clients row and column", async () => {
    const folder = userFolder();
    folderWith({ "data/mine.csv": "day,a\n1,hidden-cell\n2,2\n" }, folder);
    const server = await startServer(folder, "--env-param", "Portfolio-v0.file=mine.csv");
    const client = connect(server.url);
    const { message } = await refusal(client.make("Portfolio-v0"));
    expect(message).toContain("CSV row 2, column 2");
    expect((await client.make("Taxi-v4")).id).toBe("Taxi-v4");
    await client.close();
    server.child.kill("SIGTERM");
    const { status, stderr } = await server.end();
    expect(status).toBe(0);
    const lines = stderr.trimEnd().split("\n").map((line) => JSON.parse(line) as { level: string; msg: string }); // prettier-ignore
    expect(lines.find(({ level }) => level === "warn")?.msg).toMatch(/^clients cannot make Portfolio-v0: .*CSV row 2, column 2/); // prettier-ignore
    expect(lines.some(({ msg }) => msg.includes("of mine.csv") && msg.includes("hidden-cell"))).toBe(true);
  });
});

describe("a registry", () => {
  const nested = defineEnv({
    id: "Nested-v0",
    params: {
      store: record({ url: string("a", { operator: true }), retries: int(1, { min: 0, max: 9 }) }),
    },
    build: ({ store }) =>
      rules({
        action: discrete(2),
        observation: discrete(store.url.length + 1),
        reset: () => 0,
        step: (state) => ({ state, reward: store.retries, terminated: true }),
        observe: (state) => state,
      }),
  });
  const registryWith = (values: Record<string, string | object>): Registry => {
    const registry = new Registry(undefined, { operatorParams: () => values as Record<string, never> });
    registry.add(nested, "test");
    return registry;
  };

  it("joins a client's fields of a record with the operator's", async () => {
    const registry = registryWith({ store: { url: "long" } });
    const { params, publicParams } = await registry.build("Nested-v0", { store: { retries: 3 } });
    expect(params).toEqual({ store: { url: "long", retries: 3 } });
    expect(publicParams).toEqual({ store: { retries: 3 } });
    await expect(registry.build("Nested-v0", { store: { url: "mine" } })).rejects.toMatchObject({ code: "BAD_PARAM" });
  });
  it("lets a caller who is the operator overrule what is set", async () => {
    const registry = registryWith({ store: { url: "long" } });
    const { params } = await registry.build("Nested-v0", { store: { url: "mine" } }, { operator: true });
    expect(params).toEqual({ store: { url: "mine", retries: 1 } });
  });
});
