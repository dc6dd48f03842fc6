/** docs/wrappers.md, run as the one program that it is: every line prints what stands behind it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as env from "../../../src/env/wrappers/index.ts";
import { run } from "../../support/child.ts";
import { blocksOf } from "../../support/markdown.ts";
import { ROOT } from "../../repo/sources.ts";

const page = readFileSync(join(ROOT, "docs/wrappers.md"), "utf8");
const program = blocksOf(page)
  .map(({ code }) => code)
  .join("\n");

it("prints what the page says it prints", async () => {
  const said = Array.from(program.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm), ([, words]) => words);
  const args = ["--conditions=dojang-source", "--input-type=module-typescript", "--eval", program];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: ROOT });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trimEnd().split("\n")).toEqual(said);
  expect(said.length).toBe(program.split("console.log(").length - 1);
});

it("shows every wrapper at work", () => {
  const shown = Object.keys(env).filter((name) => program.includes(`gym.${name}(`));
  expect(shown).toEqual(Object.keys(env));
});
