/** The version of this package, read from its package.json. */
import { readFileSync } from "node:fs";

function find(from: URL): string {
  for (let folder = from; ; folder = new URL("../", folder)) {
    try {
      const manifest = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (manifest.name === "dojang" && manifest.version !== undefined) return manifest.version;
    } catch {
      // not here: one folder up
    }
    if (folder.pathname === "/") return "0.0.0";
  }
}

export const version = find(new URL("./", import.meta.url));
