/** docs/python.md, followed block by block. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { serveAsWritten } from "../support/guide-server.ts";
import type { Block } from "../support/markdown.ts";
import type { Python } from "./python.ts";

/** Runs the commands after the first, which has made `.venv`; only the port, 7766 in the guide, is a free one. Gives what each printed. */
export async function followGuide(blocks: readonly Block[], python: Python): Promise<string[]> {
  const outputs: string[] = [];
  let url = "";
  for (const { language, name, code } of blocks.slice(1)) {
    if (name === "server") url = await serveAsWritten(code);
    else if (language === "python") writeFileSync(join(python.folder, name), code.replace(GUIDE_URL, url));
    else outputs.push((await python.shell(code.replace(GUIDE_URL, url))).stdout);
  }
  return outputs;
}

const GUIDE_URL = "ws://127.0.0.1:7766";
