/** Random encoded values, with every tag. */
import fc from "fast-check";
import type { Encoded } from "../../../src/verify/code/encoded.ts";

const scalars: fc.Arbitrary<Encoded> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string(),
  fc.maxSafeInteger(),
  fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom<Encoded>({ f: "inf" }, { f: "-inf" }, { f: "nan" }, { f: "-0" }, { u: 0 }),
  fc.integer().map((f) => ({ f })),
  fc.bigInt().map((i) => ({ i: `${i}` })),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => ({ b: Buffer.from(bytes).toString("base64") })),
  fc.tuple(fc.integer(), fc.integer()).map(([re, im]) => ({ c: [re, im] as const })),
);

const keys: fc.Arbitrary<Encoded> = fc.oneof(fc.string(), fc.integer());

/** Values of at most four levels; keys of a record and elements of a set come once. */
export const encodedValues: fc.Arbitrary<Encoded> = fc.letrec<{ value: Encoded }>((tie) => {
  const items = fc.array(tie("value"), { maxLength: 4 });
  const pairs = fc.uniqueArray(fc.tuple(keys, tie("value")), { maxLength: 4, selector: ([key]) => key });
  const distinct = fc.uniqueArray(keys, { maxLength: 4 });
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalars,
      items,
      items.map((t) => ({ t })),
      distinct.map((s) => ({ s })),
      distinct.map((z) => ({ z })),
      items.map((it) => ({ it })),
      pairs.map((d) => ({ d })),
      pairs.map((m) => ({ m })),
    ),
  };
}).value;
