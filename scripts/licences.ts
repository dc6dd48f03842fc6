/** Fails when an installed package has a licence that a copy of Dojang could not be shipped under, or none at all. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);

/** Licences that ask for no more than a notice. The weak copyleft of MPL-2.0 covers files that we do not change. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "Python-2.0",
  "Unlicense",
]);

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string | { readonly type?: string };
}

/** "(MIT OR GPL-2.0)" needs one allowed side, "MIT AND ISC" both. */
export function isAllowed(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, "");
  return bare.split(" OR ").some((side) => side.split(" AND ").every((licence) => ALLOWED.has(licence.trim())));
}

const bad: string[] = [];
let count = 0;
for (const path of globSync("node_modules/**/package.json", { cwd: root })) {
  // Only the manifest of a package itself: node_modules/NAME or node_modules/@SCOPE/NAME.
  if (!/node_modules\/(?:@[^/]+\/)?[^/@]+\/package\.json$/.test(path)) continue;
  const { name, version, license } = JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
  if (name === undefined || version === undefined) continue; // a package.json that only marks a folder as CommonJS or a module
  count++;
  const licence = typeof license === "string" ? license : (license?.type ?? "none");
  if (!isAllowed(licence)) bad.push(`${name}@${version} has licence ${licence}`);
}

if (count === 0) bad.push("no package found under node_modules: run `npm ci` first");
for (const line of bad) console.error(line);
console.log(`${count} packages looked at`);
process.exitCode = bad.length === 0 ? 0 : 1;
