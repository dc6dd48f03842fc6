/** Where the value of an option comes from: flags, then DOJANG_* variables, then dojang.config.ts, then defaults. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { nearest, oneLine, wrongCall } from "./errors.ts";
import { OPTIONS, type Given, type OptionName } from "./options.ts";
import { flagName, variableName } from "./settings.ts";

/** What `dojang.config.ts` may set: the options of all commands, by the same names. */
export type Config = Given;

/** Types the default export of `dojang.config.ts`; returns its argument. */
export const defineConfig = (config: Config): Config => config;

export const CONFIG_FILES = ["dojang.config.ts", "dojang.config.js", "dojang.config.mjs"] as const;

/** A flag's value as the command line has it: texts, or true for a switch. */
export type RawFlags = Readonly<Record<string, string | readonly string[] | true | undefined>>;

export interface Sources {
  readonly flags: RawFlags;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The default export of the config file, unchecked, and the name of the file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly file: string;
}

/** The default export of the config file in `folder`; empty where there is none. @throws {GymError} BAD_PARAM */
export async function loadConfig(folder: string): Promise<Pick<Sources, "config" | "file">> {
  const file = CONFIG_FILES.find((name) => existsSync(join(folder, name)));
  if (file === undefined) return { config: {}, file: CONFIG_FILES[0] };
  const config = await importDefault(join(folder, file), file);
  for (const name of Object.keys(config)) {
    if (Object.hasOwn(OPTIONS, name)) continue;
    throw wrongCall(
      `${file}: ${name}`,
      "the name of an option in camelCase",
      name,
      nearest(name, Object.keys(OPTIONS)),
    );
  }
  return { config, file };
}

async function importDefault(path: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  let given: unknown;
  try {
    given = ((await import(pathToFileURL(path).href)) as { default?: unknown }).default;
  } catch (error) {
    const commonJs = error instanceof SyntaxError && error.message.includes("'export'");
    const hint = commonJs ? "Its package.json makes it CommonJS: run `npm pkg set type=module`." : undefined;
    throw wrongCall(file, "a module that loads", oneLine(error instanceof Error ? error.message : String(error)), hint);
  }
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  throw wrongCall(`${file}: default export`, "an object of options", given, "Write `export default { port: 7766 }`.");
}

/** The values of the named options. @throws {GymError} BAD_PARAM naming the flag, the variable or the entry of the config file */
export function resolveOptions<K extends OptionName>(names: readonly K[], sources: Sources): Given<K> {
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const name of names) {
    const value = fromSources(name, sources) ?? OPTIONS[name].default;
    if (value !== undefined) values[name] = value;
  }
  return values as Given<K>;
}

function fromSources(name: OptionName, { flags, variables, config, file }: Sources): unknown {
  const option = OPTIONS[name];
  const raw = flags[name];
  if (raw !== undefined) return option.read(raw === true ? ["true"] : [raw].flat(), flagName(name));
  const variable = variables[variableName(name)];
  if (variable !== undefined) {
    return option.read(option.list === true ? splitList(variable) : [variable], variableName(name));
  }
  const entry = config[name];
  return entry === undefined ? undefined : option.read(entryTexts(name, entry, `${file}: ${name}`), `${file}: ${name}`);
}

/** A list in one variable: commas between the items, or a JSON array where an item holds a comma. */
function splitList(variable: string): string[] {
  if (!variable.startsWith("[")) return variable.split(",").map((item) => item.trim());
  try {
    return (JSON.parse(variable) as unknown[]).map(String);
  } catch {
    return [variable];
  }
}

function entryTexts(name: OptionName, entry: unknown, where: string): string[] {
  const list = OPTIONS[name].list === true;
  const items: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
  const plain = items.every((item) => ["string", "number", "boolean"].includes(typeof item));
  if (plain && Array.isArray(entry) === list) return items.map(String);
  throw wrongCall(where, list ? "a list of texts" : "a text, number or boolean", entry);
}
