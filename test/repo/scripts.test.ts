/** No npm script and no `dojang` runs on a Node too old for the sources without saying so in one line. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";

import { ROOT } from "./sources.ts";
import { run } from "../support/child.ts";
import { tempDir } from "../support/temp.ts";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** Flags under which Node says that it is `version`, loaded before any script. */
function pretend(version: string): string[] {
  const shim = join(tempDir(), "old-node.cjs");
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(shim, `Object.defineProperty(process, "versions", { value: ${versions} });`);
  return ["--require", shim];
}

describe("npm scripts", () => {
  it.each(Object.entries(scripts))("%s checks the Node version first", (_, command) => {
    const first = command.split(" && ")[0]!;
    expect(first.startsWith("npm run") || first.includes("scripts/require-node.cjs")).toBe(true);
  });
});

describe.each(["scripts/require-node.cjs", "bin.ts"])("%s", (script) => {
  it.each(["12.22.12", "20.20.2", "22.17.1"])("prints one line and exits 2 on Node %s", async (version) => {
    const { code, stdout, stderr } = await run(process.execPath, [...pretend(version), join(ROOT, script), "envs"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^dojang: expected Node 22\.18 or newer, got [\d.]+\. .+\n$/);
  });

  it("holds no syntax newer than ES2019 but import()", () => {
    const emit = (target: ts.ScriptTarget): string =>
      ts.transpileModule(read(script), {
        compilerOptions: { target, module: ts.ModuleKind.ESNext, removeComments: true },
      }).outputText;
    expect(emit(ts.ScriptTarget.ESNext)).toBe(emit(ts.ScriptTarget.ES2019));
  });
});

it.each(["22.18.0", "24.0.0", "26.1.0"])("lets scripts run on Node %s", async (version) => {
  const { code, stderr } = await run(process.execPath, [...pretend(version), join(ROOT, "scripts/require-node.cjs")]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
