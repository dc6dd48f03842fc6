/** The source files of the repository and what each of them imports, as the compiler's own scanner finds it. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface SourceImport {
  /** The importing file, relative to the root. */
  readonly file: string;
  /** As written. */
  readonly specifier: string;
  /** For a relative import the file it names, relative to the root; else the specifier. */
  readonly target: string;
}

/** Every TypeScript file that git would keep under the given folders, relative to the root, sorted. */
export function sourceFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT })).sort();
}

export function importsOf(file: string): SourceImport[] {
  const specifiers = specifiersOf(readFileSync(join(ROOT, file), "utf8"));
  return specifiers.map((specifier) => ({ file, specifier, target: targetOf(file, specifier) }));
}

/** Static, dynamic and type imports and re-exports whose specifier is a literal, in order. */
export function specifiersOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function targetOf(file: string, specifier: string): string {
  return specifier.startsWith(".") ? relative(ROOT, join(ROOT, dirname(file), specifier)) : specifier;
}
