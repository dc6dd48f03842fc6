/** A folder as a user has it: dojang installed, plugin files beside. And the `dojang` processes that run in it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { startCli } from "../support/cli.ts";
import { tempDir } from "../support/temp.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** @param files by name, for instance plugins */
export function userFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = tempDir();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules", "dojang"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export interface Running {
  readonly child: ChildProcess;
  /** The next JSON line that fits, those before it are skipped. @throws Error with stderr when the process ends without one */
  line<T extends object>(fits: (line: T) => boolean): Promise<T>;
  /** Exit status (or signal) and everything on stderr. */
  end(): Promise<{ status: number | NodeJS.Signals | null; stderr: string }>;
}

/** `dojang ARGS --json` left running in `folder`. */
export function startJson(folder: string, ...args: readonly string[]): Running {
  const child = startCli([...args, "--json"], { cwd: folder });
  const { stdout, stderr } = child as ChildProcess & { stdout: NodeJS.ReadableStream; stderr: NodeJS.ReadableStream };
  const remarks = text(stderr);
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    child,
    async line<T extends object>(fits: (line: T) => boolean) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`dojang ${args.join(" ")} ended: ${await remarks}`);
        const line = JSON.parse(value) as T;
        if (fits(line)) return line;
      }
    },
    async end() {
      const [code, signal] = await closed;
      return { status: signal ?? code, stderr: await remarks };
    },
  };
}

/** `dojang serve` on a free port. */
export async function startServer(
  folder: string,
  ...args: readonly string[]
): Promise<Running & { readonly url: string }> {
  const running = startJson(folder, "serve", "--port", "0", ...args);
  const { url } = await running.line<{ url: string }>((line) => line.url !== "");
  return { ...running, url };
}
