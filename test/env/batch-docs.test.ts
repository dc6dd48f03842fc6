/** docs/batch-rules.md: its example, run as it stands, prints what it says; its table names every function there is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { run } from "../support/child.ts";
import { blocksOf } from "../support/markdown.ts";
import { ROOT } from "../repo/sources.ts";

const page = readFileSync(join(ROOT, "docs/batch-rules.md"), "utf8");
const program = blocksOf(page)
  .map(({ code }) => code)
  .join("\n");

it("prints what the page says it prints", async () => {
  const said = Array.from(program.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm), ([, words]) => words);
  expect(said).toHaveLength(2);
  const args = ["--conditions=dojang-source", "--input-type=module-typescript", "--eval", program];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: ROOT });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trimEnd().split("\n")).toEqual(said);
});

it("tells of every function of batch rules", () => {
  const types = readFileSync(join(ROOT, "src/env/batch-rules.ts"), "utf8");
  const [, erased = ""] = types.split("export interface AnyBatchRules");
  const names = Array.from(erased.matchAll(/^ {2}(\w+)\??\(/gm), ([, name]) => name);
  expect(names.length).toBeGreaterThanOrEqual(8);
  for (const name of names) expect(page).toContain(`| \`${name}(`);
});
