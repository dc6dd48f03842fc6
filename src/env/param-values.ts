/** Checks one value against one parameter, down to the innermost list element or record field. */
import type { JsonValue } from "../../protocol/frames.ts";
import { meantName } from "./meant-name.ts";
import type { AnyParam, ListParam, ParamsSchema, RecordParam } from "./params.ts";

export interface Problem {
  /** Where in the values: `length`, `rewards.goal`, `rows[2]`. */
  readonly path: string;
  readonly expected: string;
  readonly received: unknown;
  readonly hint?: string;
}

export interface ParamReader {
  /** May values be given for operator parameters? */
  readonly operator: boolean;
  /** Throws. Separate, because a wrong default is the plugin's mistake and a wrong value the caller's. */
  fail(problem: Problem): never;
}

/** `value` as the parameter's frozen value; missing record fields get their defaults. */
export function readParam(reader: ParamReader, param: AnyParam, value: unknown, path: string): JsonValue {
  switch (param.type) {
    case "list":
      return readList(reader, param, value, path);
    case "record":
      return readRecord(reader, param, value, path);
    default:
      if (!fits(param, value)) return reader.fail({ path, expected: describeParam(param), received: value });
      // -0 is equal to 0 in every range and would print, hash and divide differently.
      return Object.is(value, -0) ? 0 : (value as JsonValue);
  }
}

/** `given` as the frozen values of a whole schema; missing names get their defaults. `path` ends in "." unless empty. */
export function readFields(reader: ParamReader, schema: ParamsSchema, given: object, path: string) {
  for (const name of Object.keys(given)) refuseName(reader, schema, name, given, path);
  const values: Record<string, JsonValue> = {};
  for (const [name, param] of Object.entries(schema)) {
    const value: unknown = Object.hasOwn(given, name) ? Reflect.get(given, name) : param.default;
    // A default was checked by its constructor, and reading it again freezes it and fills in nested fields.
    const as = Object.hasOwn(given, name) ? reader : { ...reader, operator: true };
    values[name] = readParam(as, param, value, path + name);
  }
  return Object.freeze(values);
}

function refuseName(reader: ParamReader, schema: ParamsSchema, name: string, given: object, path: string): void {
  const received: unknown = Reflect.get(given, name);
  if (!Object.hasOwn(schema, name)) {
    const names = Object.keys(schema);
    const meant = meantName(name, names);
    const expected = names.length === 0 ? "no parameters" : `one of ${names.join(", ")}`;
    const hint = meant === undefined ? {} : { hint: `Did you mean "${path}${meant}"?` };
    reader.fail({ path: `${path}${name}`, expected, received, ...hint });
  }
  if (schema[name]?.operator === true && !reader.operator) {
    const hint = "Set it in the configuration or on the command line of the server.";
    reader.fail({
      path: `${path}${name}`,
      expected: "no value from a client (only the operator may set it)",
      received,
      hint,
    });
  }
}

function readList(reader: ParamReader, param: ListParam, value: unknown, path: string): JsonValue {
  if (!Array.isArray(value) || value.length > param.maxLength)
    return reader.fail({ path, expected: describeParam(param), received: value });
  // A plain loop: map would skip the holes of a sparse array.
  const items: JsonValue[] = [];
  for (let i = 0; i < value.length; i++) items.push(readParam(reader, param.element, value[i], `${path}[${i}]`));
  return Object.freeze(items);
}

/** The values of a ramp that stays at `value`. */
export const constantRamp = (value: number): { from: number; to: number; over: number } => ({
  from: value,
  to: value,
  over: 0,
});

function readRecord(reader: ParamReader, param: RecordParam, given: unknown, path: string): JsonValue {
  const value = param.ramp === true && typeof given === "number" ? constantRamp(given) : given;
  if (!isPlainObject(value)) return reader.fail({ path, expected: describeParam(param), received: value });
  return readFields(reader, param.fields, value, `${path}.`);
}

function fits(param: Exclude<AnyParam, { type: "list" | "record" }>, value: unknown): boolean {
  switch (param.type) {
    case "int":
      return Number.isSafeInteger(value) && inRange(value as number, param);
    case "real":
      return Number.isFinite(value) && inRange(value as number, param);
    case "flag":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string" && value.length <= param.maxLength;
    case "choice":
      return param.of.includes(value as string | number);
  }
}

const inRange = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max;

export const isPlainObject = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** What a parameter takes, as a noun phrase. */
export function describeParam(param: AnyParam): string {
  switch (param.type) {
    case "int":
      return `an integer in ${param.min}..${param.max}`;
    case "real":
      return `a finite number in ${param.min}..${param.max}`;
    case "flag":
      return "true or false";
    case "string":
      return `a string of at most ${param.maxLength} characters`;
    case "choice":
      return `one of ${param.of.map((item) => JSON.stringify(item)).join(", ")}`;
    case "list":
      return `a list of at most ${param.maxLength} values (each ${describeParam(param.element)})`;
    case "record":
      return `${param.ramp === true ? "a number, or " : ""}an object with fields ${Object.keys(param.fields).join(", ")}`;
  }
}
