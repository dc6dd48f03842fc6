/** The golden columns of every space, both ways, and columns that do not fit. */
import { describe, expect, it } from "vitest";
import {
  allocate,
  arrayOf,
  box,
  bytesOf,
  dict,
  discrete,
  type DType,
  fromColumns,
  getRow,
  type GymError,
  layout,
  multiBinary,
  oneOf,
  sequence,
  setRow,
  type Space,
  spaceFromJson,
  text,
  toColumns,
  tuple,
} from "../../protocol/index.ts";
import { fromHex, toHex, typed, vectors } from "./vectors.ts";

interface Golden {
  readonly name: string;
  readonly space: unknown;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}
const golden = vectors<Golden>("columns").map((vector) => ({ ...vector, space: spaceFromJson(vector.space) }));

describe("golden columns", () => {
  it.each(golden)("read as their values: $name", ({ space, columns, rows, values }) => {
    const batch = fromColumns(space, columns.map(fromHex), rows, "test");
    expect(Array.from({ length: rows }, (_, i) => getRow(space, batch, i))).toEqual(
      values.map((value) => typed(space, value)),
    );
  });

  it.each(golden)("are written from their values: $name", ({ space, columns, rows, values }) => {
    const batch = allocate(space, rows);
    values.forEach((value, i) => setRow(space, batch, i, typed(space, value) as never)); // the vector fits its space
    expect(toColumns(space, batch, rows).map(toHex)).toEqual(columns);
  });

  it.each(golden)("are as many as the layout announces: $name", ({ space, columns }) => {
    expect(layout(space)).toHaveLength(columns.length);
  });
});

describe("layout", () => {
  it("names columns by their path, in wire order", () => {
    const space = dict({
      camera: dict({ rgb: box([2, 3], 0, 255, "uint8"), on: multiBinary(4) }),
      moves: sequence(tuple(discrete(3), text({ maxLength: 5 })), { maxLength: 9 }),
      pick: oneOf(discrete(2), box([2], 0, 1)),
    });
    expect(layout(space)).toEqual([
      { path: "camera.rgb", kind: "array", dtype: "uint8", shape: [2, 3] },
      { path: "camera.on", kind: "array", dtype: "uint8", shape: [4] },
      { path: "moves", kind: "offsets", dtype: "uint32", shape: [] },
      { path: "moves[][0]", kind: "array", dtype: "int32", shape: [] },
      { path: "moves[][1]", kind: "text", dtype: "utf8", shape: [] },
      { path: "pick", kind: "tag", dtype: "uint8", shape: [] },
      { path: "pick(0)", kind: "array", dtype: "int32", shape: [] },
      { path: "pick(1)", kind: "array", dtype: "float32", shape: [2] },
    ]);
    expect(layout(discrete(2))).toEqual([{ path: "", kind: "array", dtype: "int32", shape: [] }]);
  });
});

describe("toColumns", () => {
  it("gives views of fixed-size leaves over 64 bytes, of the first n rows only", () => {
    const batch = new Float32Array(40).fill(3);
    const [column] = toColumns(box([2], 0, 9), batch, 12);
    expect(column?.buffer).toBe(batch.buffer);
    expect(column?.byteLength).toBe(96);
  });

  it.each([
    [new Float32Array([1.5, -0, Infinity]), "0000c03f000000800000807f"],
    [new Float64Array([0.1]), "9a9999999999b93f"],
    [new Int16Array([-1, 258]), "ffff0201"],
  ])("gives the little-endian bytes of %o, and reads them back from any place", (batch, hex) => {
    const bytes = bytesOf(batch);
    expect(toHex(bytes)).toBe(hex);
    const dtype = batch.constructor.name.replace("Array", "").toLowerCase() as DType;
    for (const offset of [0, 1, 2, 3]) {
      const elsewhere = new Uint8Array(bytes.length + offset);
      elsewhere.set(bytes, offset);
      expect(arrayOf(dtype, elsewhere.subarray(offset))).toEqual(batch);
    }
  });

  it("keeps the bits of a NaN", () => {
    const bits = new Uint8Array([1, 2, 3, 0, 0, 0, 0xf8, 0x7f]);
    expect(bytesOf(new Float64Array(bits.buffer))).toEqual(bits);
    const elsewhere = Uint8Array.of(0, ...bits);
    expect(bytesOf(arrayOf("float64", elsewhere.subarray(1)))).toEqual(bits);
  });

  it("writes U+FFFD for a lone surrogate", () => {
    const space = text({ maxLength: 3 });
    expect(fromColumns(space, toColumns(space, ["a\ud800"], 1), 1, "test")).toEqual(["a\ufffd"]);
  });

  it("keeps a byte order mark, which is a character of the text", () => {
    const space = text({ maxLength: 3 });
    expect(fromColumns(space, toColumns(space, ["\ufeffß", "\ufeff"], 2), 2, "test")).toEqual(["\ufeffß", "\ufeff"]);
  });
});

describe("fromColumns", () => {
  it("gives views of aligned bytes and copies others", () => {
    const space = box([1], 0, 9);
    const buffer = new Uint8Array(16);
    const aligned = fromColumns(space, [buffer.subarray(4, 12)], 2, "test");
    const shifted = fromColumns(space, [buffer.subarray(5, 13)], 2, "test");
    expect(aligned.buffer).toBe(buffer.buffer);
    expect(shifted.buffer).not.toBe(buffer.buffer);
    expect(fromColumns(space, [Buffer.from(buffer.buffer, 5, 8)], 2, "test")).toEqual(new Float32Array(2));
  });

  const texts = text({ maxLength: 9 });
  const choice = oneOf(discrete(2), texts);
  const list = sequence(discrete(2), { maxLength: 9 });
  const wrong: [string, Space, string[], number, string][] = [
    ["no columns", discrete(2), [], 1, "at: expected more columns, got 0"],
    ["a column too many", discrete(2), ["00000000", ""], 1, "at: expected 1 columns, got 2"],
    ["a byte too few", discrete(2), ["000000"], 1, "at[0]: expected 4 bytes, got 3"],
    ["a byte too many", discrete(2), ["0000000000"], 1, "at[0]: expected 4 bytes, got 5"],
    ["a row too many", box([2], 0, 1), ["00".repeat(16)], 1, "at[0]: expected 8 bytes, got 16"],
    [
      "the second column short",
      dict({ a: discrete(2), b: discrete(2) }),
      ["00000000", ""],
      1,
      "at[1]: expected 4 bytes, got 0",
    ],
    ["offsets cut off", texts, ["00000000000000"], 1, "at[0]: expected at least 8 bytes of offsets, got 7"],
    [
      "a first offset that is not 0",
      texts,
      ["010000000100000061"],
      1,
      "at[0]: expected offsets that begin at 0 and never fall, got 1",
    ],
    [
      "offsets that fall",
      texts,
      ["00000000020000000100000061"],
      2,
      "at[0]: expected offsets that begin at 0 and never fall, got 1",
    ],
    ["offsets that end early", texts, ["00000000000000006162"], 1, "at[0]: expected a last offset of 2, got 0"],
    [
      "offsets that end beyond",
      texts,
      ["00000000ffffffff6162"],
      1,
      "at[0]: expected a last offset of 2, got 4294967295",
    ],
    ["text that is no UTF-8", texts, ["0000000002000000c328"], 1, "at[0]: expected valid UTF-8, got Uint8Array(2)"],
    [
      "an offset inside a character",
      texts,
      ["000000000100000002000000c39f"],
      2,
      "at[0]: expected valid UTF-8, got Uint8Array(2)",
    ],
    [
      "a tag without an option",
      choice,
      ["02", "00000000", "0000000000000000"],
      1,
      "at[0]: expected tags in 0..1, got 2",
    ],
    ["an option's column short", choice, ["01", "", "0000000000000000"], 1, "at[1]: expected 4 bytes, got 0"],
    ["more elements than bytes", list, ["00000000ffffff7f", "00000000"], 1, "at[1]: expected 8589934588 bytes, got 4"],
    [
      "sequence offsets that fall",
      list,
      ["000000000100000000000000", ""],
      2,
      "at[0]: expected offsets that begin at 0 and never fall, got 0",
    ],
  ];
  it.each(wrong)("refuses %s", (_name, space, columns, rows, message) => {
    const read = (): unknown => fromColumns(space, columns.map(fromHex), rows, "at", "BAD_ACTION");
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code: "BAD_ACTION" }) as GymError);
  });
});
