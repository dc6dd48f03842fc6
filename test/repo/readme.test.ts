/** The README's plugin, agent and commands, run as printed in an empty folder with the packed package. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { run, type RunResult } from "../support/child.ts";
import { blocksOf } from "../support/markdown.ts";
import { installPacked, userEnv } from "../support/packed.ts";
import { makeFolder, removeFolder } from "../support/temp.ts";
import { ROOT } from "./sources.ts";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const files = blocksOf(readme).filter(({ language }) => language === "ts");
const [, , ...commands] = blocksOf(readme).filter(({ language }) => language === "sh");
const linesOf = (name: string): number =>
  files
    .find((file) => file.name === name)!
    .code.trimEnd()
    .split("\n").length;

let folder = "";
const shell = (code: string): Promise<RunResult> =>
  run("bash", ["-euo", "pipefail", "-c", code], { cwd: folder, env: userEnv(), timeoutMs: 120_000 });

beforeAll(async () => {
  folder = makeFolder();
  await installPacked(folder);
  for (const { name, code } of files) writeFileSync(join(folder, name), code);
}, 180_000);

afterAll(() => {
  removeFolder(folder);
});

describe("the README", () => {
  it("shows a plugin of at most 20 lines and an agent of at most 10", () => {
    expect(linesOf("corridor.ts")).toBeLessThanOrEqual(20);
    expect(linesOf("agent.ts")).toBeLessThanOrEqual(10);
  });

  it("shows an agent that learns the shortest way: a return of -7", async () => {
    const { code, stdout, stderr } = await shell("node agent.ts");
    expect(stderr).toBe("");
    expect([code, stdout]).toEqual([0, "return -7\n"]);
  });

  it("shows a plugin that passes `dojang check`", async () => {
    expect(readme).toContain("`npx dojang check ./corridor.ts`");
    expect((await shell("npx dojang check ./corridor.ts")).stdout).toContain("0 broken");
  });

  it("shows commands that work as printed", async () => {
    expect(commands.length).toBeGreaterThan(0);
    for (const { code } of commands) expect(await shell(code)).toMatchObject({ code: 0 });
  }, 180_000);
});
