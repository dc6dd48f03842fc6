/** docs/training.md, followed block by block in one folder: every file written, every command run. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

import { call } from "../cli/call.ts";
import { startJson, userFolder } from "../cli/user-folder.ts";
import { freePort } from "../support/free-port.ts";
import { run } from "../support/child.ts";
import { execArgv } from "../../src/registry/exec-argv.ts";
import { blocksOf } from "../support/markdown.ts";
import { ROOT } from "./sources.ts";

const page = readFileSync(join(ROOT, "docs/training.md"), "utf8");
const DOJANG = [process.execPath, ...execArgv(), join(ROOT, "bin.ts")].join(" ");

it("does what it says, block by block", { timeout: 300_000 }, async () => {
  const folder = userFolder();
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder);
  const port = String(await freePort());
  const said: string[] = [];
  for (const { language, name, code } of blocksOf(page)) {
    const words = code.replaceAll("7766", port);
    if (language !== "sh") writeFileSync(join(folder, name), words);
    else if (name === "server") await startJson(folder, ...argsOf(words)).line(() => true);
    else if (name === "online") await untilTold(folder, words);
    else said.push(await succeed(folder, words));
  }
  const all = said.join("\n");
  expect(all).toMatch(/target -13 \(evaluation\) reached at step/);
  expect(all).toContain("the target is out of reach");
  expect(all).toMatch(/alpha=0\.5 +2 /);
  expect(all).toMatch(/candidate 0 is where the search began/);
  expect(all).toMatch(/learnt from recordings; last evaluation: -13\.000/);
  for (const file of [
    "runs/offline/checkpoint.safetensors",
    "curves.svg",
    "curves.png",
    "runs/search/best.json",
    "runs/online/checkpoint.safetensors",
  ])
    expect(existsSync(join(folder, file)), file).toBe(true);
});

it("names every file of a run folder and no flag that does not exist", async () => {
  const help = await run(process.execPath, [...execArgv(), join(ROOT, "bin.ts"), "train", "--help"]);
  const others = ["tune", "runs", "plot", "eval"].map((name) => readFileSync(join(ROOT, `src/cli/commands/${name}.ts`), "utf8")); // prettier-ignore
  const flags = new Set(Array.from(page.matchAll(/`(--[a-z-]+)/g), ([, flag]) => flag!));
  expect(flags.size).toBeGreaterThan(15);
  const names = (flag: string): string => flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const missing = [...flags].filter((flag) => !help.stdout.includes(flag) && !others.some((text) => text.includes(`"${names(flag)}"`))); // prettier-ignore
  expect(missing.filter((flag) => flag !== "--json" && flag !== "--logdir")).toEqual([]);
});

const argsOf = (code: string): string[] => code.trim().split(" ").slice(2);

/** Plain calls run in this process, which saves most of their time; what needs a shell gets one. */
async function succeed(folder: string, code: string): Promise<string> {
  const lines = code.trim().split("\n");
  if (!lines.every((line) => /^npx dojang [^|;$]*$/.test(line))) return await inShell(folder, code);
  const outputs: string[] = [];
  for (const line of lines) {
    const { code: status, stdout, stderr } = await call(...argsOf(line));
    if (status !== 0) throw new Error(`${line} ended with ${status ?? ""}:\n${stdout}${stderr}`);
    outputs.push(stdout);
  }
  return outputs.join("\n");
}

async function inShell(folder: string, code: string): Promise<string> {
  const script = code.replaceAll("npx dojang", DOJANG);
  const result = await run("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, timeoutMs: 120_000 });
  if (result.code !== 0) throw new Error(`${code} ended with ${result.code ?? ""}:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** A training without end, stopped once it has told of its reward. */
async function untilTold(folder: string, code: string): Promise<void> {
  const online = startJson(folder, ...argsOf(code));
  await online.line<{ reward?: number }>(({ reward }) => reward !== undefined);
  online.child.kill("SIGTERM");
  expect(await online.end()).toMatchObject({ status: 143 });
}
