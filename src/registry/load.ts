/** Finds plugins: the built-in folders, a path, or an installed package. Nothing is registered by magic: a module's default export is what it offers. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { GymError } from "../../protocol/errors.ts";
import type { AnyPlugin } from "../env/define.ts";
import { placeOf, syntaxPlaceOf } from "../env/thrown.ts";
import type { Registry } from "./registry.ts";

const BUILT_IN = new URL("../../envs/", import.meta.url);

/** Adds every env that comes with dojang. */
export async function addBuiltIns(registry: Registry): Promise<void> {
  const index = `index${extname(fileURLToPath(import.meta.url))}`;
  const folders = readdirSync(BUILT_IN, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders.sort((a, b) => a.name.localeCompare(b.name))) {
    const file = new URL(`${name}/${index}`, BUILT_IN);
    if (!existsSync(file)) continue;
    for (const plugin of pluginsOf(await import(file.href), name)) registry.add(plugin, "built-in", file.href);
  }
}

/** Adds the plugins of a module. `spec` is a path (./x.ts, a folder) or the name of a package installed in `folder`. @throws {GymError} BAD_PLUGIN */
export async function addPlugin(registry: Registry, spec: string, folder = process.cwd()): Promise<AnyPlugin[]> {
  const file =
    isPath(spec) || existsSync(resolve(folder, spec))
      ? entryOf(resolve(folder, spec), spec)
      : packageEntry(spec, folder);
  const plugins = pluginsOf(await load(file, spec), spec);
  for (const plugin of plugins) registry.add(plugin, spec, pathToFileURL(file).href);
  return plugins;
}

const isPath = (spec: string): boolean => spec.startsWith(".") || isAbsolute(spec);

async function load(file: string, spec: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (cause) {
    const [line = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    const place = cause instanceof SyntaxError ? syntaxPlaceOf(cause) : placeOf(cause);
    const at = place === undefined ? "" : ` (at ${place})`;
    throw new GymError("BAD_PLUGIN", `${spec}: ${line.replace(/\.$/, "")}${at}`, { hint: hintFor(cause) }, cause);
  }
}

function hintFor(cause: unknown): string {
  const code = (cause as { code?: string }).code;
  if (code === "ERR_MODULE_NOT_FOUND")
    return "Is dojang installed in this folder (npm install dojang), and is the path right?";
  if (cause instanceof SyntaxError && /import statement outside|token 'export'/.test(cause.message))
    return "Its package.json makes it CommonJS: run `npm pkg set type=module`.";
  if (code === "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING") return "Packages must ship .js, not .ts.";
  return "The module must load by itself: try `node FILE`.";
}

function entryOf(path: string, spec: string): string {
  if (!existsSync(path)) {
    throw new GymError("BAD_PLUGIN", spec, {
      expected: "a file or folder that exists",
      hint: "Paths are relative to the current folder.",
    });
  }
  if (!statSync(path).isDirectory()) return path;
  for (const name of ["index.ts", "index.js", "index.mjs"]) if (existsSync(join(path, name))) return join(path, name);
  if (existsSync(join(path, "package.json"))) return entryOfPackage(path, spec);
  throw new GymError("BAD_PLUGIN", spec, {
    expected: "a folder with an index.ts, index.js or package.json",
    received: path,
  });
}

function packageEntry(name: string, from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const home = join(folder, "node_modules", name);
    if (existsSync(join(home, "package.json"))) return entryOfPackage(home, name);
    if (folder === dirname(folder)) break;
  }
  throw new GymError("BAD_PLUGIN", name, {
    expected: "a path (./my-env.ts) or an installed package",
    received: name,
    hint: `Install it (npm install ${name}), or write the path with ./ in front.`,
  });
}

function entryOfPackage(home: string, name: string): string {
  const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { main?: string; exports?: unknown };
  const entry = mainExport(manifest.exports) ?? manifest.main ?? "index.js";
  const file = join(home, entry);
  if (existsSync(file)) return file;
  throw new GymError("BAD_PLUGIN", name, { expected: "a package whose main entry exists", received: entry });
}

/** The file of the "." export under the conditions `import` and `default`. */
function mainExport(exports: unknown): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return undefined;
  const table = exports as Readonly<Record<string, unknown>>;
  return mainExport(table["."]) ?? mainExport(table["import"]) ?? mainExport(table["default"]);
}

/** The default export as a list of plugins. @throws {GymError} BAD_PLUGIN */
export function pluginsOf(module: unknown, source: string): AnyPlugin[] {
  const given = (module as { default?: unknown }).default;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  for (const [i, item] of list.entries()) {
    const plugin = item as Partial<AnyPlugin> | null | undefined;
    if (typeof plugin?.id === "string" && typeof plugin.build === "function") continue;
    const where = `${source}: default export${Array.isArray(given) ? `[${i}]` : ""}`;
    if (typeof plugin?.build === "function") throw noId(where, plugin.id);
    throw new GymError("BAD_PLUGIN", where, {
      expected: "defineEnv({...}) or an array of them",
      received: item,
      hint: "Write `export default defineEnv({ id, params, build })`.",
    });
  }
  return list as AnyPlugin[];
}

const noId = (where: string, id: unknown): GymError =>
  new GymError("BAD_PLUGIN", `${where}: id`, {
    expected: "the name of the env",
    received: id,
    hint: 'Add it to defineEnv({...}), like id: "Corridor-v0".',
  });
