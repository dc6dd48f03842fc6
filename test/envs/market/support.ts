/** Portfolios over tables of one's own, in a temporary data folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resolveParams, type AnyPlugin, type AnyRules } from "dojang/env";
import { tempDir } from "../../support/temp.ts";

export interface Built {
  readonly rules: AnyRules;
  /** What the operator's log got. */
  readonly log: readonly string[];
}

/** A data folder with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = tempDir();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Builds with an operator's params; `log` also fills when it throws. */
export function buildWith(plugin: AnyPlugin, params: Readonly<Record<string, unknown>>, log: string[] = []): Built {
  const resolved = resolveParams(plugin, params, { operator: true });
  // The params were checked against the plugin's own schema.
  const rules = plugin.build(resolved as never, { log: (message) => log.push(message) }) as AnyRules;
  return { rules, log };
}

/** The error that a build throws, and the log. */
export function refusalOf(plugin: AnyPlugin, params: Readonly<Record<string, unknown>>): { error: Error; log: string } {
  const log: string[] = [];
  try {
    buildWith(plugin, params, log);
  } catch (error) {
    if (error instanceof Error) return { error, log: log.join("\n") };
  }
  throw new Error("expected the build to be refused");
}
