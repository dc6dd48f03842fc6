/** What a recording was made on: versions that can make a replay differ. */
import { createRequire } from "node:module";

export interface Machine {
  readonly dojang: string;
  readonly node: string;
  readonly v8: string;
  readonly arch: string;
}

// The package's own manifest by its own name: found from the sources and from dist alike.
const { version } = createRequire(import.meta.url)("dojang/package.json") as { version: string };

export const thisMachine = (): Machine => ({
  dojang: version,
  node: process.versions.node,
  v8: process.versions.v8,
  arch: process.arch,
});
