/** What holds for every space, every value and any bytes at all. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng } from "../../src/env/rng.ts";
import {
  allocate,
  batchLength,
  type BatchOf,
  clearRow,
  copyRow,
  decodeReply,
  decodeRequest,
  encodeRequest,
  explain,
  fromColumns,
  getRow,
  GymError,
  layout,
  sameSpace,
  sample,
  sampleBatch,
  scan,
  setRow,
  type Space,
  spaceFromJson,
  spaceToJson,
  takeRows,
  toColumns,
  type ValueOf,
} from "../../protocol/index.ts";
import { spaces, valuesOf } from "./arbitraries.ts";
import { fromHex, vectors } from "./vectors.ts";

const RUNS = { numRuns: 150 };

/** A space with some rows of it. */
const batches = spaces.chain((space) => fc.tuple(fc.constant(space), fc.array(valuesOf(space), { maxLength: 4 })));

function batchOf(space: Space, rows: readonly unknown[]): BatchOf<Space> {
  const batch = allocate(space, rows.length);
  rows.forEach((row, i) => setRow(space, batch, i, row as ValueOf<Space>));
  return batch;
}
const rowsOf = (space: Space, batch: BatchOf<Space>, n: number): unknown[] =>
  Array.from({ length: n }, (_, i) => structuredClone(getRow(space, batch, i)));

describe("any space", () => {
  it("contains every value that is drawn from it", () => {
    fc.assert(
      fc.property(spaces, fc.nat(), (space, seed) => {
        expect(explain(space, sample(space, new Rng(seed)))).toBeUndefined();
      }),
      RUNS,
    );
  });

  it("contains its values, and draws the same ones for the same seed", () => {
    fc.assert(
      fc.property(batches, fc.nat(), ([space, rows], seed) => {
        for (const row of rows) expect(explain(space, row)).toBeUndefined();
        expect(sample(space, new Rng(seed))).toEqual(sample(space, new Rng(seed)));
        const rng = new Rng(seed);
        const one = [sample(space, rng), sample(space, rng)];
        expect(rowsOf(space, sampleBatch(space, 2, new Rng(seed)), 2)).toEqual(one);
      }),
      RUNS,
    );
  });

  it("survives JSON", () => {
    fc.assert(
      fc.property(spaces, (space) => {
        const read = spaceFromJson(JSON.parse(JSON.stringify(spaceToJson(space))));
        expect(read).toEqual(space);
        expect(sameSpace(read, space)).toBe(true);
      }),
      RUNS,
    );
  });

  it("keeps its values in batches and in copies of rows", () => {
    fc.assert(
      fc.property(batches, ([space, rows]) => {
        const batch = batchOf(space, rows);
        expect(batchLength(space, batch)).toBe(rows.length);
        expect(rowsOf(space, batch, rows.length)).toEqual(rows);
        const reversed = takeRows(
          space,
          batch,
          rows.map((_, i) => rows.length - 1 - i),
        );
        expect(rowsOf(space, reversed, rows.length)).toEqual([...rows].reverse());
        const other = allocate(space, rows.length);
        rows.forEach((_, i) => copyRow(space, batch, i, other, i));
        expect(other).toEqual(batch);
        rows.forEach((_, i) => clearRow(space, other, i));
        expect(other).toEqual(allocate(space, rows.length));
      }),
      RUNS,
    );
  });

  it("keeps its values in columns, through the codec, at any alignment", () => {
    fc.assert(
      fc.property(batches, fc.nat(7), ([space, rows], shift) => {
        const batch = batchOf(space, rows);
        const columns = toColumns(space, batch, rows.length);
        expect(columns).toHaveLength(layout(space).length);
        const bytes = encodeRequest({ op: "step", id: 1, env: 1, seq: 1, ack: 0, actions: columns });
        const moved = new Uint8Array(bytes.length + shift).subarray(shift);
        moved.set(bytes);
        const { request } = decodeRequest(moved);
        if (request?.op !== "step") throw new Error("not a step");
        const read = fromColumns(space, request.actions, rows.length, "step.actions");
        expect(rowsOf(space, read, rows.length)).toEqual(rows);
      }),
      RUNS,
    );
  });

  it("refuses columns with a byte too many or too few, and never reads outside", () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.boolean(), ([space, rows], pick, more) => {
        const columns = toColumns(space, batchOf(space, rows), rows.length);
        const at = pick % columns.length;
        const column = columns[at]!;
        if (!more && column.length === 0) return;
        const wrong = more ? new Uint8Array([...column, 0]) : column.subarray(0, -1);
        expect(() => fromColumns(space, columns.with(at, wrong), rows.length, "at")).toThrow(GymError);
      }),
      RUNS,
    );
  });

  it("gives only a batch or a GymError for arbitrary columns", () => {
    fc.assert(
      fc.property(
        spaces,
        fc.array(fc.uint8Array({ maxLength: 24 }), { maxLength: 8 }),
        fc.nat(3),
        (space, columns, n) => {
          onlyGymErrors(() => fromColumns(space, columns, n, "at"));
        },
      ),
      RUNS,
    );
  });
});

const golden = [...vectors<{ hex: string }>("requests"), ...vectors<{ hex: string }>("replies")].map(({ hex }) =>
  fromHex(hex),
);

/** A golden message with some bytes overwritten, dropped or inserted. */
const mutants = fc
  .tuple(
    fc.constantFrom(...golden),
    fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { minLength: 1, maxLength: 4 }),
  )
  .map(([bytes, edits]) => {
    const out = Array.from(bytes);
    for (const [at, byte, kind] of edits) {
      if (kind === 0) out[at % out.length] = byte;
      else out.splice(at % (out.length + 1), kind === 1 ? 1 : 0, ...(kind === 1 ? [] : [byte]));
    }
    return new Uint8Array(out);
  });

describe("any bytes", () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 64 }), mutants);

  it("make the scanner throw GymError or nothing", () => {
    fc.assert(
      fc.property(bytes, (input) => onlyGymErrors(() => scan(input))),
      { numRuns: 3_000 },
    );
  });

  it("are unpacked without complaint where the scanner accepts them", () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const { error } = decodeRequest(input);
        // What msgpackr itself throws comes with a cause; the scanner's and the fields' errors have none.
        expect(error?.cause).toBeUndefined();
        onlyGymErrors(() => decodeReply(input));
      }),
      { numRuns: 3_000 },
    );
  });

  it("that the encoder makes are accepted by the scanner", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), fc.maxSafeNat(), (value, name, seed) => {
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        const request = { op: "make", id: 1, env: name, num: 1, seed, params: { value: value as string } } as const;
        expect(decodeRequest(encodeRequest(request)).error).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

function onlyGymErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(GymError);
  }
}
