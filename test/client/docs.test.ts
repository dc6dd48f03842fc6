/** docs/agents.md, run as the one program that it is, against a server: every line prints what stands behind it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { ROOT } from "../repo/sources.ts";
import { run } from "../support/child.ts";
import { serveAsWritten } from "../support/guide-server.ts";
import { blocksOf } from "../support/markdown.ts";

const blocks = blocksOf(readFileSync(join(ROOT, "docs/agents.md"), "utf8"));
const server = blocks.find(({ name }) => name === "server")!.code;
const program = blocks.filter(({ language }) => language === "ts").map(({ code }) => code).join("\n"); // prettier-ignore

it("prints what the page says it prints", { timeout: 60_000 }, async () => {
  const url = await serveAsWritten(server);
  const text = program.replace("ws://127.0.0.1:7766", url);
  const said = Array.from(program.matchAll(/(?:^|console\.log\(.*\); )\/\/ (.*)$/gm), ([, words]) => words);
  const args = ["--conditions=dojang-source", "--input-type=module-typescript", "--eval", text];
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: ROOT });
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.trimEnd().split("\n")).toEqual(said);
  expect(said.length).toBeGreaterThanOrEqual(program.split("console.log(").length - 1);
  expect(blocks.map(({ language }) => language)).toEqual(["sh", ...Array.from(blocks.slice(1), () => "ts")]);
});
