/** What the documents say about the repository is so: links lead somewhere, dependencies are listed, named scripts exist. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

import { ROOT } from "./sources.ts";

const documents = ["*.md", "docs/**/*.md", "{protocol,envs,agents,bench}/**/*.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
  .sort();
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

type Versions = Readonly<Record<string, string>>;
interface Manifest {
  readonly scripts: Versions;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly optionalDependencies: Versions;
}
const manifest = JSON.parse(read("package.json")) as Manifest;

it("finds the documents that every project of its kind has", () => {
  expect(documents).toEqual(expect.arrayContaining(["CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"]));
});

it.each(documents)("%s links only to files that exist", (file) => {
  const links = Array.from(read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g), ([, link]) => link!);
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(file), link)))).toEqual([]);
});

it.each(documents)("%s names only npm scripts that exist", (file) => {
  const named = Array.from(
    read(file).matchAll(/\bnpm (?:run (?:-s )?([\w:]+)|(start|test)\b)/g),
    ([, run, own]) => run ?? own!,
  );
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

describe("docs/dependencies.md", () => {
  const rows = read("docs/dependencies.md").split("\n");
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };

  it.each(Object.entries(all))("says why %s %s is here", (name, version) => {
    const row = rows.find(
      (line) =>
        line.startsWith("|") &&
        line
          .split("|")[1]!
          .match(/[^\s,()]+/g)
          ?.includes(name),
    );
    expect(row, `no row for ${name}: say why it is here, and which version`).toBeDefined();
    expect(row).toContain(version);
  });
});

describe("README.md", () => {
  it("starts the main job with its first sh block and tests with its second", () => {
    const commands = Array.from(read("README.md").matchAll(/^```sh\n([^]*?)\n```$/gm), ([, command]) => command);
    expect(commands.slice(0, 2)).toEqual(["npm ci && npm start", "npm test"]);
  });
});
