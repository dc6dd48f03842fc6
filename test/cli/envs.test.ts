/** `dojang envs` shows the catalogue and each entry, for people and as JSON. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { tempDir } from "../support/temp.ts";
import { call, lastLine } from "./call.ts";
import { CORRIDOR } from "./plugins.ts";

const corridor = (): string => {
  const file = join(tempDir(), "corridor.ts");
  writeFileSync(file, CORRIDOR);
  return file;
};

describe("dojang envs", () => {
  it("lists every env with its spaces, limit, params and source", async () => {
    const { code, stdout, stderr } = await call("envs");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const row = stdout.split("\n").find((line) => line.startsWith("FrozenLake-v1 "));
    expect(row?.split(/\s{2,}/)).toEqual([
      "FrozenLake-v1",
      "discrete(16)",
      "discrete(4)",
      "100",
      "mapName desc isSlippery successRate rewardSchedule size frozenProbability mapSeed renderMode",
      "built-in",
    ]);
  });

  it("shows one env with the range and default of every param", async () => {
    const { stdout } = await call("envs", corridor());
    expect(stdout).toContain("corridor-v0: Walk to the end.");
    expect(stdout).toMatch(/length +an integer in 2\.\.1000, default 8\. Cells\./);
    expect(stdout).toMatch(/time limit +80 steps/);
  });

  it("gives the entries as JSON, sources and plugin files included", async () => {
    const file = corridor();
    const result = await call("envs", "--plugin", file, "--json");
    expect(result.stdout.trimEnd().split("\n")).toHaveLength(1);
    const { envs } = lastLine(result) as { envs: { id: string; source: string }[] };
    expect(envs.find(({ id }) => id === "FrozenLake-v1")).toMatchObject({
      source: "built-in",
      maxSteps: 100,
      action: { kind: "discrete", n: 4, start: 0 },
      params: { mapName: { type: "choice", default: "4x4" } },
    });
    expect(envs.find(({ id }) => id === "corridor-v0")).toMatchObject({ source: file, maxSteps: 80 });
    expect(lastLine(await call("envs", "FrozenLake-v1", "--json"))).toEqual(
      envs.find(({ id }) => id === "FrozenLake-v1"),
    );
  });

  it("says why an env is not built with its default params", async () => {
    const file = join(tempDir(), "broken.ts");
    writeFileSync(file, CORRIDOR.replace("rules({", '(() => { throw new Error("no map"); })() ?? rules({').replace("corridor-v0", "broken-v0")); // prettier-ignore
    const { code, stdout } = await call("envs", file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nnot built with the default params: broken-v0: build: no map.*\n$/);
    expect(lastLine(await call("envs", file, "--json"))).toMatchObject({
      error: expect.stringMatching(/^broken-v0: build: no map/) as string,
    });
  });

  it("asks for an id where a file holds several envs", async () => {
    const file = join(tempDir(), "two.ts");
    writeFileSync(file, 'export default ["a-v0", "b-v0"].map((id) => ({ id, build() {} }));');
    const { code, stderr } = await call("envs", file);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `${file}: expected a module with one env, got "2 of them". Use --plugin ${file} and one of the ids a-v0, b-v0.`,
    );
  });
});
