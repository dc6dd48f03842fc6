/** docs/r1.md, its section on programs followed in one folder: files written, server started, and the policy learns what the page says. */
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startServer, userFolder } from "../cli/user-folder.ts";
import { execArgv } from "../../src/registry/exec-argv.ts";
import { blocksOf, type Block } from "../support/markdown.ts";
import { run } from "../support/child.ts";
import { ROOT } from "./sources.ts";

const blocks = blocksOf(readFileSync(join(ROOT, "docs/r1.md"), "utf8"));
const named = (name: string): Block => {
  const block = blocks.find((one) => one.name === name);
  if (block === undefined) throw new Error(`docs/r1.md has no block ${name}`);
  return block;
};

it("raises the share of programs that pass by 0.15 or more, as its blocks say", { timeout: 600_000 }, async () => {
  const folder = userFolder();
  // Beside dojang where npm installs it.
  symlinkSync(join(ROOT, "node_modules/rxjs"), join(folder, "node_modules/rxjs"));
  const node = async (file: string): Promise<string> => {
    const { code, stdout, stderr } = await run(process.execPath, [...execArgv(), file], { cwd: folder, timeoutMs: 500_000 }); // prettier-ignore
    if (code !== 0) throw new Error(`${file} ended with ${code ?? ""}:\n${stdout}${stderr}`);
    return stdout;
  };
  for (const file of ["problems.mjs", "tokens.txt"]) writeFileSync(join(folder, file), named(file).code);
  await node("problems.mjs");
  const [, , , ...args] = named("server").code.trim().split(" ");
  const server = await startServer(folder, ...args);
  const address = server.url.replace("http", "ws");
  writeFileSync(join(folder, "learn.mjs"), named("learn.mjs").code.replace("ws://127.0.0.1:7766", address));
  const [figures = "", written] = (await node("learn.mjs")).split("\n");
  const [, before = NaN, after = NaN] = /^([\d.]+) of the programs pass at first, ([\d.]+) in the end/.exec(figures)?.map(Number) ?? []; // prettier-ignore
  server.child.kill("SIGTERM");
  await server.end();
  expect(written).toMatch(/^Write f\(a, b\): .*\. const f = \(a, b\) => .*;$/);
  expect(before).toBeGreaterThan(0.1);
  // 320 programs each: a standard error of 0.03.
  expect(after - before).toBeGreaterThan(0.15);
});
