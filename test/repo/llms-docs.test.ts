/** docs/llms.md, followed block by block: a model plays, a stopped run goes on, a policy is served, asked and played. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

import { OPTIONS } from "../../src/cli/options.ts";
import { flagName } from "../../src/cli/settings.ts";
import { makeRun } from "../agents/text/served-run.ts";
import { call, lastLine } from "../cli/call.ts";
import { chat, fakeEndpoint, lastOf } from "../cli/fake-endpoint.ts";
import { startJson, userFolder } from "../cli/user-folder.ts";
import { run } from "../support/child.ts";
import { freePort } from "../support/free-port.ts";
import { blocksOf } from "../support/markdown.ts";
import { ROOT } from "./sources.ts";

const page = readFileSync(join(ROOT, "docs/llms.md"), "utf8");
const blocks = new Map(blocksOf(page).map(({ name, code }) => [name, code.trim()]));

/** The words of the last line of a block, behind `npx dojang`. */
const argsOf = (name: string): string[] =>
  Array.from((blocks.get(name)?.split("\n").at(-1) ?? "").matchAll(/'([^']*)'|(\S+)/g), ([, quoted, word]) => quoted ?? word ?? "").slice(2); // prettier-ignore

it("does what it says, block by block", { timeout: 300_000 }, async () => {
  const folder = userFolder();
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder);
  symlinkSync(join(ROOT, "node_modules", "openai"), join(folder, "node_modules", "openai"));
  expect([...blocks.keys()]).toEqual(["eval", "resume", "serve", "ask.mjs", "both"]);
  expect(blocks.get("eval")).toMatch(/^npm install openai@7\n/);

  const endpoint = await fakeEndpoint((asked, response) => chat(response, `<answer>${lastOf(asked).length}</answer>`));
  const there = (args: readonly string[], url: string): string[] => args.map((word) => word.replace("http://127.0.0.1:8000/v1", url)); // prettier-ignore
  const played = await call(...there(argsOf("eval"), endpoint.url));
  expect(played.code).toBe(0);
  for (const figure of ["pass@1", "pass@4", "maj@4", "mean return"]) expect(played.stdout).toContain(figure);
  const files = ["answers.jsonl", "config.json", "result.json", "samples.md"];
  for (const file of files) expect([page.includes(file), existsSync(join("evals/adder", file))]).toEqual([true, true]);
  const again = await call(...argsOf("resume"));
  expect([again.code, endpoint.asked.length]).toEqual([0, 200]);

  mkdirSync(join(folder, "runs/my-r1"), { recursive: true });
  await makeRun(join(folder, "runs/my-r1"));
  const port = String(await freePort());
  const server = startJson(folder, ...argsOf("serve").map((word) => word.replace("8000", port)));
  const { url } = await server.line<{ url: string }>(() => true);
  expect(url).toBe(`http://127.0.0.1:${port}/v1`);
  writeFileSync(join(folder, "ask.mjs"), blocks.get("ask.mjs")!.replace("8000", port));
  const asked = await run(process.execPath, ["ask.mjs"], { cwd: folder });
  expect({ code: asked.code, stderr: asked.stderr }).toEqual({ code: 0, stderr: "" });
  expect(asked.stdout.match(/<think>/g)).toHaveLength(2);
  expect(asked.stdout).toContain("prompt_tokens: 9");
  const both = await call(...there(argsOf("both"), url), "--json");
  expect(both.code).toBe(0);
  expect(lastLine(both)).toMatchObject({ problems: 100, faults: 0 });
});

it("names no flag that does not exist", () => {
  const flags = new Set(Array.from(page.matchAll(/--[a-z][a-z-]+/g), ([flag]) => flag));
  const known = new Set(Object.keys(OPTIONS).map(flagName));
  expect(flags.size).toBeGreaterThan(20);
  expect([...flags].filter((flag) => !known.has(flag) && flag !== "--help")).toEqual([]);
});
