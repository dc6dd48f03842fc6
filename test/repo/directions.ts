/** Who may import whom: one entry for each part of the repository, the narrowest path first. */
import type { SourceImport } from "./sources.ts";

interface Part {
  /** Folder, relative to the root. */
  readonly path: string;
  /** Parts whose files it may import; its own are always allowed. */
  readonly parts: readonly string[];
  /** Packages it may import; absent: any. A trailing * stands for the rest of a name. */
  readonly packages?: readonly string[];
}

const PARTS: readonly Part[] = [
  { path: "src/client/local", parts: ["protocol", "src/env", "src/registry", "src/client"] },
  // A browser loads the client: no node: module. Only the file behind #socket differs there, and `ws` is in Node's.
  { path: "src/client", parts: ["protocol"], packages: ["#socket", "ws"] },
  // The wire contract runs wherever a client does.
  { path: "protocol", parts: [], packages: ["msgpackr*"] },
  { path: "src/env", parts: ["protocol"], packages: ["node:*"] },
  { path: "src/registry", parts: ["protocol", "src/env", "src/verify"] },
  { path: "src/recording", parts: ["protocol", "src/env", "src/registry"] },
  { path: "src/verify", parts: ["protocol"] },
  { path: "src/server", parts: ["protocol", "src/env", "src/registry", "src/recording", "src/verify"] },
  {
    path: "src/cli",
    parts: [
      "protocol",
      "src/env",
      "src/registry",
      "src/client",
      "src/client/local",
      "src/recording",
      "src/server",
      "src/verify",
      "agents",
      // The demo computes its baselines from the table that FrozenLake exports.
      "envs",
    ],
  },
  // Built-in envs and agents use what the package exports, like anyone's: no relative way out of their folder.
  { path: "envs", parts: [], packages: ["node:*", "dojang/env", "dojang/protocol", "dojang/verify", "hyparquet*"] },
  {
    path: "agents",
    parts: [],
    packages: [
      "node:*",
      "rxjs*",
      "@jax-js/*",
      "dojang/client",
      "dojang/client/local",
      "dojang/protocol",
      "dojang/recording",
      "dojang/env",
    ],
  },
];

/** Why an import is not allowed, as one line, or undefined when it is. */
export function refusal({ file, specifier, target }: SourceImport): string | undefined {
  const part = partOf(file);
  if (part === undefined) return undefined;
  if (specifier.startsWith(".")) {
    const other = partOf(target);
    if (other?.path === part.path || (other !== undefined && part.parts.includes(other.path))) return undefined;
    return `${file} imports ${target}: ${part.path} may import ${[part.path, ...part.parts].join(", ")}`;
  }
  if (specifier.startsWith("dojang") && part.path.startsWith("src") && part.path !== "src/cli") {
    return `${file} imports ${specifier}: inside src imports are relative`;
  }
  const { packages } = part;
  if (packages === undefined || packages.some((name) => matches(name, specifier))) return undefined;
  return `${file} imports ${specifier}: ${part.path} may import the packages ${packages.join(", ")}`;
}

function partOf(file: string): Part | undefined {
  return PARTS.find(({ path }) => file.startsWith(`${path}/`));
}

function matches(name: string, specifier: string): boolean {
  return name.endsWith("*") ? specifier.startsWith(name.slice(0, -1)) : specifier === name;
}
