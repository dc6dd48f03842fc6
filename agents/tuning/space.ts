/** What a search for hyperparameters may choose from: ranges around known values, or those of a file. */
import { didYouMean, resolveParams, type AnyParam, type ParamsSchema, type Rng } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { keysOf, mergeSettings } from "../shared/settings.ts";

type JsonRecord = Readonly<Record<string, JsonValue>>;
type Agent = { readonly id: string; readonly schema: ParamsSchema };

/** log: equal factors are equally likely; nearOne: those of the distance to 1. */
const SCALES = ["linear", "log", "nearOne"] as const;
type Scale = (typeof SCALES)[number];

/** Numbers from a range, both ends included, or one of a list. */
export type Choice =
  | { readonly from: number; readonly to: number; readonly scale: Scale; readonly integer: boolean }
  | { readonly of: readonly JsonValue[] };

/** By path: "learningRate.from". */
export type SearchSpace = Readonly<Record<string, Choice>>;

/** How far a default range reaches to either side, as a factor: of real numbers, and of integers. */
const REACH = { real: 10, int: 4 };

/** Every hyperparameter of an agent: what is given over its defaults. @throws {GymError} BAD_PARAM */
export const resolved = ({ id, schema }: Agent, given: JsonRecord): JsonRecord =>
  resolveParams({ id, params: schema }, given, { operator: true });

/**
 * Ranges for all numbers above 0, around their values in `base` and within their own ranges: integers by a factor of 4 to either
 * side, real numbers by 10, those from 0.9 to 1 in their distance to 1. What is 0, a flag, a text or a list stays as it is.
 * Of a schedule, only the ends that it reaches.
 */
export function defaultSpace({ schema }: Agent, base: JsonRecord): SearchSpace {
  const ranges = numbersIn(schema, base, "").map(([path, param, value]) => [path, around(param, value)] as const);
  return Object.fromEntries(ranges);
}

type NumberParam = Extract<AnyParam, { type: "int" | "real" }>;

function numbersIn(schema: ParamsSchema, values: JsonRecord, before: string): [string, NumberParam, number][] {
  return Object.entries(schema).flatMap(([name, param]): [string, NumberParam, number][] => {
    const value = values[name];
    const path = before + name;
    if (param.type === "record") return numbersIn(reachedOf(param.fields, value as JsonRecord), value as JsonRecord, `${path}.`); // prettier-ignore
    const isNumber = (param.type === "int" || param.type === "real") && typeof value === "number" && value > 0;
    return isNumber ? [[path, param, value]] : [];
  });
}

/** The fields of a schedule that matter: it ends at `to`, and begins at `from` unless it takes no time. */
function reachedOf(fields: ParamsSchema, value: JsonRecord): ParamsSchema {
  if (!["from", "to", "over"].every((name) => Object.hasOwn(fields, name))) return fields;
  const names = value["over"] === 0 ? ["to"] : ["from", "to"];
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

function around({ type, min, max }: NumberParam, value: number): Choice {
  const reach = REACH[type];
  if (type === "real" && value >= 0.9 && value < 1 && max <= 1)
    return { from: Math.max(min, 1 - Math.min(1, (1 - value) * reach)), to: Math.min(max, 1 - (1 - value) / reach), scale: "nearOne", integer: false }; // prettier-ignore
  const whole = type === "int";
  const [from, to] = whole ? [Math.max(1, Math.ceil(value / reach)), Math.floor(value * reach)] : [value / reach, value * reach]; // prettier-ignore
  return { from: Math.max(min, from), to: Math.min(max, to), scale: "log", integer: whole };
}

/**
 * A space from a JSON object: `{"alpha": {"from": 0.01, "to": 1, "scale": "log"}, "hidden": [[64], [64, 64]]}`. The scale is log where
 * it is left out and from is above 0, else linear.
 * @throws {GymError} BAD_PARAM for an unknown hyperparameter, a range that is none, or an end that the agent refuses
 */
export function readSpace(agent: Agent, given: JsonRecord, where: string): SearchSpace {
  const paths = keysOf(agent.schema, "");
  const entries = Object.entries(given).map(([path, value]) => {
    if (!paths.includes(path)) {
      const meant = didYouMean(path, paths);
      throw new GymError("BAD_PARAM", where, { expected: `keys among ${paths.join(", ")}`, received: path, ...(meant !== undefined && { hint: `Did you mean "${meant}"?` }) }); // prettier-ignore
    }
    return [path, readChoice(agent, path, value, `${where}: ${path}`)] as const;
  });
  if (entries.length > 0) return Object.fromEntries(entries);
  throw new GymError("BAD_PARAM", where, { expected: "at least one hyperparameter", received: given });
}

function readChoice(agent: Agent, path: string, value: JsonValue, where: string): Choice {
  const choice =
    Array.isArray(value) && value.length > 0 ? { of: value as readonly JsonValue[] } : rangeOf(value, where);
  // The agent's own ranges hold at the ends, and so in between.
  const ends = "of" in choice ? choice.of : [choice.from, choice.to];
  for (const end of ends) resolved(agent, nested(path, end));
  const integer = "from" in choice && paramAt(agent.schema, path.split("."))?.type === "int";
  return "of" in choice ? choice : { ...choice, integer };
}

function rangeOf(value: JsonValue, where: string): Extract<Choice, { from: number }> {
  const { from, to, scale, ...rest } = (typeof value === "object" && value !== null ? value : {}) as JsonRecord;
  const chosen = SCALES.find((name) => name === (scale ?? (typeof from === "number" && from > 0 ? "log" : "linear")));
  const fits = typeof from === "number" && typeof to === "number" && from < to && Object.keys(rest).length === 0;
  if (fits && chosen !== undefined && !(chosen === "log" && from <= 0) && !(chosen === "nearOne" && to >= 1))
    return { from, to, scale: chosen, integer: false };
  throw new GymError("BAD_PARAM", where, {
    expected: `a list of values, or {"from": low, "to": high, "scale": "${SCALES.join('" or "')}"} with low < high, low > 0 for log, high < 1 for nearOne`,
    received: value,
  });
}

function paramAt(schema: ParamsSchema, [head = "", ...rest]: readonly string[]): AnyParam | undefined {
  const param = schema[head];
  return rest.length === 0 ? param : param?.type === "record" ? paramAt(param.fields, rest) : undefined;
}

/** One choice of everything. Draws in the order of the paths' names, so that a space says all about what a seed gives. */
export function drawFrom(space: SearchSpace, rng: Rng): JsonRecord {
  let drawn: JsonRecord = {};
  for (const path of Object.keys(space).sort()) {
    const choice = space[path] as Choice;
    const value = "of" in choice ? rng.choice(choice.of) : numberFrom(choice, rng.uniform());
    drawn = mergeSettings(drawn, nested(path, value));
  }
  return drawn;
}

function numberFrom({ from, to, scale, integer }: Extract<Choice, { from: number }>, share: number): number {
  const between = (a: number, b: number): number => a + (b - a) * share;
  const value = {
    linear: () => between(from, to),
    log: () => Math.exp(between(Math.log(from), Math.log(to))),
    nearOne: () => 1 - Math.exp(between(Math.log(1 - from), Math.log(1 - to))),
  }[scale]();
  // Four digits are as much as anyone tells apart, and can be typed again.
  const rounded = integer ? Math.round(value) : scale === "nearOne" ? 1 - Number((1 - value).toPrecision(4)) : Number(value.toPrecision(4)); // prettier-ignore
  return Math.min(to, Math.max(from, integer ? rounded : Number(rounded.toPrecision(12))));
}

function nested(path: string, value: JsonValue): JsonRecord {
  const [head = "", ...rest] = path.split(".");
  return { [head]: rest.length === 0 ? value : nested(rest.join("."), value) };
}
