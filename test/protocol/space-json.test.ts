/** Spaces as JSON and JSON Schema. */
import { describe, expect, it } from "vitest";
import {
  box,
  dict,
  discrete,
  type GymError,
  multiBinary,
  multiDiscrete,
  oneOf,
  sameSpace,
  sequence,
  spaceFromJson,
  spaceToJson,
  spaceToSchema,
  text,
  tuple,
} from "../../protocol/index.ts";

describe("spaceToJson", () => {
  it("writes infinities as texts and the fields of a dict as a list", () => {
    const space = dict({ b: box([2], -Infinity, [1, Infinity]), a: text({ maxLength: 4 }) });
    expect(spaceToJson(space)).toEqual({
      kind: "dict",
      fields: [
        ["b", { kind: "box", shape: [2], low: "-inf", high: [1, "inf"], dtype: "float32" }],
        ["a", { kind: "text", minLength: 0, maxLength: 4 }],
      ],
    });
  });
});

describe("spaceFromJson", () => {
  const wrong: [unknown, string][] = [
    [7, "space: expected an object, got 7"],
    [
      { kind: "circle" },
      'space.kind: expected one of discrete, box, multiDiscrete, multiBinary, text, dict, tuple, oneOf, sequence, got "circle"',
    ],
    [{ kind: "toString" }, "space.kind: expected one of"],
    [{ kind: "discrete" }, "space.n: expected a number, got undefined"],
    [{ kind: "discrete", n: 0 }, "space: discrete: n: expected an integer in 1.."],
    [
      { kind: "box", shape: [2], low: "inf", high: 1, dtype: "float32" },
      "space: box: low: expected -Infinity or a number",
    ],
    [
      { kind: "box", shape: [2], low: [0, "x"], high: 1, dtype: "float32" },
      'space.low[1]: expected a number, "inf" or "-inf", got "x"',
    ],
    [{ kind: "box", shape: [2], low: 0, high: 1, dtype: "float16" }, "space: box: dtype: expected one of"],
    [{ kind: "dict", fields: { a: { kind: "discrete", n: 2 } } }, "space.fields: expected a list, got {a:"],
    [
      {
        kind: "dict",
        fields: [
          ["a", { kind: "discrete", n: 2 }],
          ["a", { kind: "discrete", n: 2 }],
        ],
      },
      'space.fields[1][0]: expected a new field name, got "a"',
    ],
    [
      { kind: "dict", fields: [["__proto__", { kind: "discrete", n: 2 }]] },
      "space.fields[0][0]: expected a new field name",
    ],
    [
      { kind: "dict", fields: [["camera", { kind: "box", shape: "x" }]] },
      'space.fields.camera.shape: expected a list, got "x"',
    ],
    [
      { kind: "tuple", items: [{ kind: "sequence", element: { kind: "text" } }] },
      "space.items[0].element.maxLength: expected a number, got undefined",
    ],
  ];
  it.each(wrong)("refuses %o and names the place", (json, message) => {
    expect(() => spaceFromJson(json)).toThrow(message);
    expect(() => spaceFromJson(json)).toThrow(expect.objectContaining({ code: "BAD_MESSAGE" }) as GymError);
  });

  it("ignores fields it does not know", () => {
    expect(spaceFromJson({ kind: "discrete", n: 3, colour: "red" })).toEqual(discrete(3));
  });
});

describe("sameSpace", () => {
  it("sees through bounds written once or for each element", () => {
    expect(sameSpace(box([2], [0, 0], 1), box([2], 0, [1, 1]))).toBe(true);
  });

  it("tells apart the order of fields, the dtype, the start", () => {
    expect(sameSpace(dict({ a: discrete(2), b: discrete(3) }), dict({ b: discrete(3), a: discrete(2) }))).toBe(false);
    expect(sameSpace(box([2], 0, 1, "uint8"), box([2], 0, 1, "int8"))).toBe(false);
    expect(sameSpace(discrete(2), discrete(2, 1))).toBe(false);
  });
});

describe("spaceToSchema", () => {
  it("describes every kind of space", () => {
    const space = dict({
      n: discrete(3, -1),
      grid: box([2, 3], 0, 255, "uint8"),
      free: box([], -Infinity, Infinity),
      limits: box([2], [0, -1], [2, Infinity]),
      pair: multiDiscrete([2, 5]),
      bits: multiBinary(4),
      say: text({ minLength: 3, maxLength: 9 }),
      code: text({ maxLength: 2, charset: "a]^-\\" }),
      both: tuple(discrete(2), discrete(3)),
      either: oneOf(discrete(2)),
      many: sequence(discrete(2), { maxLength: 7 }),
    });
    const integer = (minimum: number, maximum: number): object => ({ type: "integer", minimum, maximum });
    const pixels = { type: "array", items: integer(0, 255), minItems: 3, maxItems: 3 };
    expect(spaceToSchema(space)).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["n", "grid", "free", "limits", "pair", "bits", "say", "code", "both", "either", "many"],
      additionalProperties: false,
      properties: {
        n: integer(-1, 1),
        grid: { type: "array", items: pixels, minItems: 2, maxItems: 2 },
        free: { type: "number" },
        limits: { type: "array", items: { type: "number", minimum: -1 }, minItems: 2, maxItems: 2 },
        pair: { type: "array", prefixItems: [integer(0, 1), integer(0, 4)], items: false, minItems: 2 },
        bits: { type: "array", items: { type: "integer", enum: [0, 1] }, minItems: 4, maxItems: 4 },
        say: { type: "string", minLength: 2, maxLength: 9 },
        code: { type: "string", minLength: 0, maxLength: 2, pattern: "^[a\\]\\^\\-\\\\]*$" },
        both: { type: "array", prefixItems: [integer(0, 1), integer(0, 2)], items: false, minItems: 2 },
        either: {
          oneOf: [
            {
              type: "object",
              properties: { tag: { const: 0 }, value: integer(0, 1) },
              required: ["tag", "value"],
              additionalProperties: false,
            },
          ],
        },
        many: { type: "array", items: integer(0, 1), maxItems: 7 },
      },
    });
  });
});
