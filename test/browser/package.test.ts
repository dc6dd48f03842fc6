/** What npm publishes can be bundled for a browser: the conditions of package.json lead to the browser's socket. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { ROOT } from "../repo/sources.ts";
import { run } from "../support/child.ts";
import { blocksOf } from "../support/markdown.ts";
import { packedTarball } from "../support/packed.ts";
import { tempDir } from "../support/temp.ts";
import { bundle } from "./bundle.ts";

it(
  "bundles the program of docs/browser.md from the packed package, without an import left and in less than 90 kB",
  { timeout: 180_000 },
  async () => {
    const folder = tempDir();
    const installed = join(folder, "node_modules/dojang");
    mkdirSync(installed, { recursive: true });
    await run("tar", ["-xzf", await packedTarball(), "-C", installed, "--strip-components=1"]);
    symlinkSync(join(ROOT, "node_modules/msgpackr"), join(folder, "node_modules/msgpackr"), "dir");
    const program = blocksOf(readFileSync(join(ROOT, "docs/browser.md"), "utf8")).find(({ name }) => name === "app.js");
    writeFileSync(join(folder, "app.js"), program!.code);
    const { code, inputs, left, warnings } = await bundle(join(folder, "app.js"), []);
    expect(left).toEqual([]);
    expect(warnings).toEqual([]);
    expect(inputs.filter((path) => path.endsWith("dist/src/client/socket-browser.js"))).toHaveLength(1);
    expect(inputs.filter((path) => path.endsWith(".ts"))).toEqual([]);
    expect(code.length).toBeLessThan(90_000);
  },
);
