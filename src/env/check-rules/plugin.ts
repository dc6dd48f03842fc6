/** Rules about the plugin itself: its form, its id, its parameters. */
import { didYouMean } from "../../../protocol/did-you-mean.ts";
import { readParam, isPlainObject, type Problem } from "../param-values.ts";
import type { AnyParam } from "../params.ts";
import { broken, Broken, type PluginRule } from "./rule.ts";

const FIELDS = ["id", "version", "description", "params", "deterministic", "secret", "build"];

/** Namespace and name start with a letter or digit; the version comes last. */
const ID = /^([A-Za-z0-9][A-Za-z0-9._-]*\/)?[A-Za-z0-9][A-Za-z0-9._-]*-v(0|[1-9][0-9]*)$/;

const PARAM_TYPES = ["int", "real", "flag", "string", "choice", "list", "record"];

const isPlugin: PluginRule = {
  name: "isPlugin",
  check(plugin, warn) {
    const hint = "Write `export default defineEnv({ id, params, build })`.";
    // `plugin` is whatever a module exports; its type is a promise that this rule checks.
    const given: unknown = plugin;
    if (typeof given !== "object" || given === null) throw broken("plugin", "an object", given, hint);
    const { id, build, version } = given as Readonly<Record<string, unknown>>;
    if (typeof id !== "string") throw broken("plugin.id", "a string", id, hint);
    if (typeof build !== "function") throw broken("plugin.build", "a function", build, hint);
    if (version !== undefined && typeof version !== "string")
      throw broken("plugin.version", "a string", version, 'Write it in quotes: "1".');
    for (const flag of ["deterministic", "secret"] as const) {
      const value: unknown = plugin[flag];
      if (value !== undefined && typeof value !== "boolean")
        throw broken(`plugin.${flag}`, "true or false", value, "Remove the quotes.");
    }
    warnOfStrangers("plugin", given, FIELDS, warn);
  },
};

/** A misspelled optional field would be ignored in silence. @param otherNames what others call a field */
export function warnOfStrangers(
  where: string,
  value: object,
  known: readonly string[],
  warn: (m: string, h: string) => void,
  otherNames: Readonly<Record<string, string>> = {},
): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const meant = otherNames[name] ?? didYouMean(name, known);
    warn(`${where}.${name} is unknown and ignored`, meant === undefined ? "Remove it." : `Did you mean ${meant}?`);
  }
}

const idIsWellFormed: PluginRule = {
  name: "idIsWellFormed",
  check({ id }) {
    if (!ID.test(id))
      throw broken("plugin.id", "[namespace/]Name-vN", id, "Name it like Corridor-v0 or me/Corridor-v0.");
    if (id.length > 128) throw broken("plugin.id", "at most 128 characters", id, "Shorten it.");
  },
};

const paramsFitTheirDefaults: PluginRule = {
  name: "paramsFitTheirDefaults",
  check({ params }) {
    const hint = "Make parameters with int, real, flag, choice, list, record and string.";
    if (params === undefined) return;
    if (!isPlainObject(params)) throw broken("plugin.params", "an object of parameters", params, hint);
    const fail = ({ path, expected, received }: Problem): never => {
      throw broken(`param ${path}: default`, expected, received, hint);
    };
    for (const [name, param] of Object.entries(params)) {
      checkParam(name, param, hint);
      readParam({ operator: true, fail }, param, param.default, name);
    }
  },
};

function checkParam(name: string, param: unknown, hint: string): void {
  const type = (param as Partial<AnyParam> | undefined)?.type;
  if (type === undefined || !PARAM_TYPES.includes(type))
    throw new Broken(`param ${name}: expected a parameter of type ${PARAM_TYPES.join(", ")}`, hint);
}

export const PLUGIN_RULES: readonly PluginRule[] = [isPlugin, idIsWellFormed, paramsFitTheirDefaults];
