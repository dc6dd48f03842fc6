/** Parameters: what `build` gets from what a caller gives, and what every wrong value is told. */
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  choice,
  defineEnv,
  discrete,
  flag,
  int,
  list,
  paramsToJson,
  real,
  record,
  resolveParams,
  rules,
  string,
} from "../../src/env/index.ts";
import type { ParamsOf } from "../../src/env/index.ts";

const params = {
  length: int(8, { min: 2, max: 1_000 }),
  rate: real(0.5, { min: 0, max: 1 }),
  slippery: flag(true),
  mapName: choice("4x4", ["4x4", "8x8"]),
  rows: list(string("", { maxLength: 4 }), [], { maxLength: 2 }),
  rewards: record({ goal: real(1, { min: -10, max: 10 }), hole: real(0, { min: -10, max: 10 }) }),
  dataset: string("default.jsonl", { operator: true, maxLength: 20 }),
};
const plugin = { id: "corridor-v0", params };
const given = (values: unknown) => () => resolveParams(plugin, values);

describe("resolveParams", () => {
  it("fills in every default", () => {
    expect(resolveParams(plugin)).toEqual({
      length: 8,
      rate: 0.5,
      slippery: true,
      mapName: "4x4",
      rows: [],
      rewards: { goal: 1, hole: 0 },
      dataset: "default.jsonl",
    });
  });
  it("keeps given values and fills in the missing fields of a record", () => {
    const values = resolveParams(plugin, { length: 3, rows: ["SF", "FG"], rewards: { hole: -1 } });
    expect(values).toMatchObject({ length: 3, rows: ["SF", "FG"], rewards: { goal: 1, hole: -1 } });
  });
  it("gives frozen values, apart from what the caller holds", () => {
    const rows = ["SF"];
    const values = resolveParams(plugin, { rows });
    expect(Object.isFrozen(values) && Object.isFrozen(values["rows"]) && Object.isFrozen(values["rewards"])).toBe(true);
    expect(values["rows"]).not.toBe(rows);
    expect(Object.isFrozen(rows)).toBe(false);
  });
  it("turns -0 into 0", () => {
    expect(Object.is(resolveParams(plugin, { rate: -0 })["rate"], 0)).toBe(true);
  });
  it("takes the extremes 2 and 1000 of a range", () => {
    expect([2, 1_000].map((length) => resolveParams(plugin, { length })["length"])).toEqual([2, 1_000]);
  });
  it.each([
    [{ length: 1 }, "corridor-v0: param length: expected an integer in 2..1000, got 1"],
    [{ length: 2.5 }, "corridor-v0: param length: expected an integer in 2..1000, got 2.5"],
    [{ length: "3" }, 'corridor-v0: param length: expected an integer in 2..1000, got "3"'],
    [{ length: undefined }, "corridor-v0: param length: expected an integer in 2..1000, got undefined"],
    [{ rate: NaN }, "corridor-v0: param rate: expected a finite number in 0..1, got NaN"],
    [{ slippery: 1 }, "corridor-v0: param slippery: expected true or false, got 1"],
    [{ mapName: "16x16" }, 'corridor-v0: param mapName: expected one of "4x4", "8x8", got "16x16"'],
    [{ rows: ["SF", 7] }, "corridor-v0: param rows[1]: expected a string of at most 4 characters, got 7"],
    [{ rows: "SF" }, "corridor-v0: param rows: expected a list of at most 2 values"],
    [{ rows: ["a", "b", "c"] }, "corridor-v0: param rows: expected a list of at most 2 values"],
    // A hole in an array is no value.
    [
      { rows: Array<string>(1) },
      "corridor-v0: param rows[0]: expected a string of at most 4 characters, got undefined",
    ],
    [{ rewards: { goal: 11 } }, "corridor-v0: param rewards.goal: expected a finite number in -10..10, got 11"],
    [{ rewards: [1, 0] }, "corridor-v0: param rewards: expected an object with fields goal, hole, got [1, 0]"],
    [[], "corridor-v0: params: expected an object of values by name, got []"],
    [null, "corridor-v0: params: expected an object of values by name, got null"],
  ])("refuses %j and says where, what it expected and what it got", (values, message) => {
    expect(given(values)).toThrow(message);
    expect(given(values)).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
  });
  it("asks whether a mistyped name was meant to be the nearest one", () => {
    expect(given({ lenght: 3 })).toThrow("corridor-v0: param lenght: expected one of length, rate, slippery");
    expect(given({ lenght: 3 })).toThrow('Did you mean "length"?');
    expect(given({ rewards: { gaol: 3 } })).toThrow('Did you mean "rewards.goal"?');
  });
  it("says that an env without parameters has none", () => {
    expect(() => resolveParams({ id: "Taxi-v4" }, { isRainy: true })).toThrow(
      "Taxi-v4: param isRainy: expected no parameters, got true",
    );
  });
  it("does not take names of Object.prototype for parameters", () => {
    expect(given({ toString: 1 })).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
    expect(given(JSON.parse('{"__proto__": {"length": 3}}'))).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
  });
  it("refuses an operator parameter from a client and takes it from the operator", () => {
    expect(given({ dataset: "/etc/passwd" })).toThrow("corridor-v0: param dataset: expected no value from a client");
    expect(resolveParams(plugin, { dataset: "own.jsonl" }, { operator: true })).toMatchObject({ dataset: "own.jsonl" });
  });
  it("refuses an operator field inside a record from a client", () => {
    const nested = { id: "a-v0", params: { limits: record({ ms: int(1, { min: 1, max: 9, operator: true }) }) } };
    expect(() => resolveParams(nested, { limits: { ms: 2 } })).toThrow("a-v0: param limits.ms: expected no value");
    expect(resolveParams(nested, { limits: {} })).toEqual({ limits: { ms: 1 } });
  });
});

describe("constructors of parameters", () => {
  it("refuse a default outside its own range", () => {
    expect(() => int(1, { min: 2, max: 5 })).toThrow(
      new RangeError("int: default: expected an integer in 2..5, got 1"),
    );
    expect(() => real(NaN, { min: 0, max: 1 })).toThrow(RangeError);
    expect(() => string("long", { maxLength: 3 })).toThrow(RangeError);
    expect(() => list(int(1, { min: 0, max: 1 }), [2])).toThrow("list: default[0]: expected an integer in 0..1, got 2");
    expect(() => int(1, { min: 5, max: 2 })).toThrow("int: expected min <= max, got [5, 2]");
  });
  it("give their types to build without annotations", () => {
    expectTypeOf<ParamsOf<typeof params>>().toEqualTypeOf<{
      readonly length: number;
      readonly rate: number;
      readonly slippery: boolean;
      readonly mapName: "4x4" | "8x8";
      readonly rows: readonly string[];
      readonly rewards: { readonly goal: number; readonly hole: number };
      readonly dataset: string;
    }>();
    defineEnv({
      id: "typed-v0",
      params: { mapName: choice("a", ["a", "b"]), levels: list(int(1, { min: 0, max: 9 })) },
      build({ mapName, levels }) {
        expectTypeOf(mapName).toEqualTypeOf<"a" | "b">();
        expectTypeOf(levels).toEqualTypeOf<readonly number[]>();
        return rules({
          action: discrete(2),
          observation: discrete(2),
          reset: () => 0,
          step: (state) => ({ state, reward: 0, terminated: false }),
          observe: (state) => state,
        });
      },
    });
    // @ts-expect-error a default must be one of the choices
    expect(() => choice("c", ["a", "b"])).toThrow(RangeError);
  });
});

describe("paramsToJson", () => {
  it("survives JSON unchanged, without infinite bounds", () => {
    const schema = { ...params, gain: real(1, { min: -Infinity, max: Infinity, doc: "Any." }) };
    const json = paramsToJson(schema);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json["gain"]).toEqual({ type: "real", default: 1, doc: "Any." });
    expect(json["length"]).toEqual({ type: "int", default: 8, min: 2, max: 1_000 });
    expect(json["dataset"]).toMatchObject({ operator: true });
    expect(json["rewards"]).toMatchObject({ fields: { goal: { type: "real", min: -10 } } });
  });
});
