/** `npm ci` accepts the lock file on every platform, and runs no install script that nobody looked at. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { findMissing, type Entry } from "../../scripts/lock-entries.ts";
import { ROOT } from "./sources.ts";

const read = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
const { packages } = read("package-lock.json") as { packages: Record<string, Entry> };
const { allowScripts } = read("package.json") as { allowScripts: Record<string, boolean> };

it("locks the optional packages of every platform", () => {
  expect([...findMissing(packages).keys()]).toEqual([]);
});

it("finds a platform that is left out, and takes version and platform from those that ask for it", () => {
  const { "node_modules/a": removed, ...rest } = {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { dev: true, optionalDependencies: { a: "1.0.0", "b-linux-arm64-musl": "2.0.0" } },
    "node_modules/b/node_modules/a": { version: "1.0.0" },
  };
  expect(removed).toBeDefined();
  const entry = { version: "2.0.0", dev: true, optional: true, os: ["linux"], cpu: ["arm64"] };
  expect([...findMissing(rest)]).toEqual([["node_modules/b-linux-arm64-musl", entry]]);
});

it("refuses to invent an entry for a package that is for every platform", () => {
  expect(() => findMissing({ "node_modules/b": { optionalDependencies: { anywhere: "1.0.0" } } })).toThrow(/anywhere/);
});

it("says yes or no to every install script", () => {
  const names = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)] : [],
  );
  expect(names).toContain("node");
  expect(names.filter((name) => !(name in allowScripts))).toEqual([]);
});
