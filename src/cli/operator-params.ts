/** `--env-param ENV.PARAM=VALUE` and `--data DIR`: params that the operator sets and no client may. */
import type { JsonValue } from "../../protocol/frames.ts";
import type { AnyPlugin } from "../env/define.ts";
import type { AnyParam, ParamsSchema } from "../env/params.ts";
import { resolveParams } from "../env/resolve-params.ts";
import type { Registry } from "../registry/index.ts";
import { nearest, wrongCall } from "./errors.ts";
import type { Given } from "./options.ts";
import { parseParams } from "./params.ts";

export type OperatorOptions = Given<"envParam" | "data">;
type Values = Readonly<Record<string, JsonValue>>;

/** The name by which an env asks for the data folder: a text that only the operator sets. */
const FOLDER = "folder";

export class OperatorParams {
  readonly #items: readonly string[];
  readonly #data: string | undefined;
  readonly #known = new Map<AnyPlugin, Values>();

  constructor({ envParam = [], data }: OperatorOptions) {
    this.#items = envParam;
    this.#data = data;
  }

  /** What is set for a plugin, checked against its schema. @throws {GymError} BAD_PARAM */
  of(plugin: AnyPlugin): Values {
    const known = this.#known.get(plugin);
    if (known !== undefined) return known;
    const given = this.#itemsOf(plugin.id);
    const schema = plugin.params ?? {};
    for (const item of given) checkIsOperators(plugin.id, schema, item);
    const folder = schema[FOLDER];
    const data = this.#data !== undefined && folder?.type === "string" && folder.operator === true && { [FOLDER]: this.#data }; // prettier-ignore
    const values = { ...data, ...parseParams(Object.entries(schema), given, `--env-param ${plugin.id}.`) };
    resolveParams(plugin, values, { operator: true });
    this.#known.set(plugin, values);
    return values;
  }

  /** The envs that --env-param names. @throws {GymError} BAD_PARAM for one that the registry lacks, and what `of` throws */
  envs(registry: Registry): string[] {
    const ids = registry.ids();
    for (const item of this.#items) {
      if (ids.some((id) => item.startsWith(`${id}.`))) continue;
      const name = item.split(/[.=]/)[0] ?? "";
      throw wrongCall("--env-param", "ENV.PARAM=VALUE with the id of a known env", item, nearest(name, ids));
    }
    const named = ids.filter((id) => this.#itemsOf(id).length > 0);
    for (const id of named) this.of(registry.find(id).plugin);
    return named;
  }

  /** PARAM=VALUE of each item for this env. */
  #itemsOf(id: string): string[] {
    return this.#items.filter((item) => item.startsWith(`${id}.`)).map((item) => item.slice(id.length + 1));
  }
}

/** What clients may set too is theirs to set: else the same `make` would mean another env on another server. */
function checkIsOperators(id: string, schema: ParamsSchema, item: string): void {
  const path = (item.split("=")[0] ?? "").trim();
  let fields: Readonly<Record<string, AnyParam>> = schema;
  for (const key of path.split(".")) {
    const param = Object.hasOwn(fields, key) ? fields[key] : undefined;
    // A name that the schema lacks is refused where values are checked, with the nearest one.
    if (param === undefined || param.operator === true) return;
    fields = param.type === "record" ? param.fields : {};
  }
  const hint = "Clients set it themselves: in the params of make, or by --param of train.";
  throw wrongCall(`--env-param ${id}.${path}`, "a param that only the operator sets", "one that any client sets", hint);
}
