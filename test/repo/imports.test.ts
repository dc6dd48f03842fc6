/** The layers of the design hold in every import of the repository, and the rule that checks it can fail. */
import { expect, it } from "vitest";

import { refusal } from "./directions.ts";
import { importsOf, sourceFiles, specifiersOf, type SourceImport } from "./sources.ts";

const files = sourceFiles("protocol", "src", "envs", "agents");

it("finds no import against the layers of the design", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap(importsOf).map(refusal).filter(Boolean)).toEqual([]);
});

it("keeps every file that a browser loads with dojang/client free of Node and ws", () => {
  const seen = new Set(["src/client/index.ts"]);
  for (const file of seen) {
    if (!file.endsWith(".ts")) continue; // a package
    for (const { specifier, target } of importsOf(file)) {
      seen.add(specifier === "#socket" ? "src/client/socket-browser.ts" : target);
    }
  }
  expect(seen).toContain("src/client/socket-browser.ts");
  expect([...seen].filter((name) => !name.endsWith(".ts")).sort()).toEqual(["msgpackr"]);
});

const imported = (file: string, specifier: string, target = specifier): SourceImport => ({ file, specifier, target });

it.each([
  ["an env that imports the server", imported("envs/a/index.ts", "../../src/server/x.ts", "src/server/x.ts")],
  ["an env that imports rxjs", imported("envs/a/index.ts", "rxjs")],
  ["an env that imports an agent", imported("envs/a/index.ts", "dojang/agents")],
  ["an agent that imports an env", imported("agents/a.ts", "../envs/a/index.ts", "envs/a/index.ts")],
  ["an agent that imports the server", imported("agents/a.ts", "dojang/server")],
  ["a client that needs Node", imported("src/client/a.ts", "node:net")],
  ["a protocol that needs Node", imported("protocol/a.ts", "node:buffer")],
  ["a recording that imports the server", imported("src/recording/a.ts", "../server/x.ts", "src/server/x.ts")],
  ["an SDK that imports the registry", imported("src/env/a.ts", "../registry/x.ts", "src/registry/x.ts")],
  ["a source that imports itself by package name", imported("src/server/a.ts", "dojang/env")],
])("refuses %s", (_, bad) => {
  expect(refusal(bad)).toContain(bad.file);
});

it.each([
  imported("src/server/a.ts", "../recording/x.ts", "src/recording/x.ts"),
  imported("agents/a.ts", "dojang/env"),
  imported("agents/a.ts", "rxjs/operators"),
  imported("src/client/local/a.ts", "../../registry/x.ts", "src/registry/x.ts"),
])("allows $file to import $specifier", (good) => {
  expect(refusal(good)).toBeUndefined();
});

it("sees static, type-only, re-exported and dynamic imports", () => {
  const text = `
    import { a } from "./a.ts";
    import type { B } from "./b.ts";
    export * from "./c.ts";
    const d = await import("./d.ts");
    const e = "import x from './not-code.ts'";
  `;
  expect(specifiersOf(text)).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts"]);
});
