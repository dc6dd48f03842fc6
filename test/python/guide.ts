/** docs/python.md, followed block by block. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";

import { startCli } from "../support/cli.ts";
import type { Python } from "./python.ts";

export interface Block {
  readonly language: string;
  /** The file to write, or what a command is (`server`). */
  readonly name: string;
  readonly code: string;
}

/** Fenced blocks in order: "```python cartpole.py" has language python and name cartpole.py. */
export const blocksOf = (markdown: string): Block[] =>
  Array.from(markdown.matchAll(/^```(\w+) ?(\S*)\n([^]*?)^```$/gm), ([, language = "", name = "", code = ""]) => ({
    language,
    name,
    code,
  }));

/** Runs the commands after the first, which has made `.venv`; only the port, 7766 in the guide, is a free one. Gives what each printed. */
export async function followGuide(blocks: readonly Block[], python: Python): Promise<string[]> {
  const outputs: string[] = [];
  let url = "";
  for (const { language, name, code } of blocks.slice(1)) {
    if (name === "server") url = await startServer(code);
    else if (language === "python") writeFileSync(join(python.folder, name), code.replace(GUIDE_URL, url));
    else outputs.push((await python.shell(code.replace(GUIDE_URL, url))).stdout);
  }
  return outputs;
}

const GUIDE_URL = "ws://127.0.0.1:7766";

async function startServer(command: string): Promise<string> {
  const [npx, name, ...args] = command.trim().split(" ");
  expect([npx, name]).toEqual(["npx", "dojang"]);
  const server = startCli([...args, "--port", "0"]);
  const [line] = (await once(createInterface({ input: server.stdout! }), "line", {
    signal: AbortSignal.timeout(30_000),
  })) as [string];
  return /^(ws:\/\/127\.0\.0\.1:\d+) serves/.exec(line)![1]!;
}
