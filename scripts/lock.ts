/** Completes package-lock.json after a change of dependencies, so that `npm ci` accepts it on every platform. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { findMissing, type Entry } from "./lock-entries.ts";

const file = join(dirname(import.meta.dirname), "package-lock.json");

execFileSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], { stdio: "inherit" });
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Entry> };
const missing = findMissing(lock.packages);
for (const [path, entry] of missing) lock.packages[path] = entry;
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(file, JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2) + "\n");
console.log(`${missing.size} entries for other platforms added`);
