/** The version of dojang, from its own package.json. */
import { readFileSync } from "node:fs";

export function versionOf(): string {
  // This file is src/cli/version.ts in the repository and dist/src/cli/version.js in the package.
  const depth = import.meta.url.endsWith(".ts") ? "../../" : "../../../";
  const manifest = JSON.parse(readFileSync(new URL(`${depth}package.json`, import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
