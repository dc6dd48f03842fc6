/** docs/browser.md, followed block by block. */
import { symlinkSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";
import { onTestFinished } from "vitest";

import { freePort } from "../support/free-port.ts";
import { startChild } from "../support/child.ts";
import { serveAsWritten } from "../support/guide-server.ts";
import type { Block } from "../support/markdown.ts";
import { tempDir } from "../support/temp.ts";
import { ROOT } from "../repo/sources.ts";

/** Gives what the page says in the end. The ports are free ones here, and `npm install dojang esbuild` gives this repository's. */
export async function followGuide(blocks: readonly Block[], browser: Browser): Promise<string> {
  const folder = tempDir();
  const named = new Map(blocks.map(({ name, code }) => [name, code]));
  const install = blocks.find(({ language, name }) => language === "sh" && name === "")?.code.trim();
  if (install !== "npm install dojang esbuild")
    throw new Error(`the guide installs something else: ${String(install)}`);
  installFromHere(folder);
  const port = String(await freePort());
  const url = await serveAsWritten(named.get("server")!.replace("8000", port));
  writeFileSync(join(folder, "index.html"), named.get("index.html")!);
  writeFileSync(join(folder, "app.js"), named.get("app.js")!.replace("ws://127.0.0.1:7766", url));
  await servePage(folder, named.get("page")!.replace("8000", port));

  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(`http://127.0.0.1:${port}`);
  const said = page.getByText("arrived");
  await said.waitFor();
  return await said.innerText();
}

function installFromHere(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/dojang"), "dir");
}

/** Ready when esbuild has said where it serves. The flags added take the client from its source. */
async function servePage(folder: string, command: string): Promise<void> {
  const line = command.trim().replace(/^npx esbuild/, join(ROOT, "node_modules/.bin/esbuild"));
  const fromSource = "--conditions=dojang-source,browser --log-override:ignored-bare-import=silent";
  const child = startChild("bash", ["-c", `exec ${line} ${fromSource}`], { cwd: folder });
  const said: string[] = [];
  for await (const text of createInterface({ input: child.stderr! })) {
    if (text.includes("http://127.0.0.1:")) return;
    said.push(text);
  }
  throw new Error(`${line} ended before it served:\n${said.join("\n")}`);
}
