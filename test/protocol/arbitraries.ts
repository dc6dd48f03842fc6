/** Arbitrary spaces and arbitrary values of a space, for properties. Values are drawn here without `sample`, which is itself under test. */
import * as fc from "fast-check";
import {
  boundAt,
  box,
  dict,
  discrete,
  DTYPE_RANGE,
  type DType,
  elementsOf,
  multiBinary,
  multiDiscrete,
  oneOf,
  sequence,
  type Space,
  text,
  tuple,
} from "../../protocol/index.ts";
import { ARRAYS } from "../../protocol/batch.ts";

const dtypes = fc.constantFrom(...(Object.keys(DTYPE_RANGE) as DType[]));

const boxes: fc.Arbitrary<Space> = fc
  .tuple(dtypes, fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const limit = fc
      .tuple(elementOf(dtype), elementOf(dtype))
      .map(([a, b]): [number, number] => (a <= b ? [a, b] : [b, a]));
    const limits = fc.array(limit, { minLength: size, maxLength: size });
    return fc.oneof(
      limit.map(([low, high]) => box(shape, low, high, dtype)),
      limits.map((pairs) =>
        box(
          shape,
          pairs.map(([low]) => low),
          pairs.map(([, high]) => high),
          dtype,
        ),
      ),
    );
  });

const discretes = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1001 }))
  .map(([n, start]) => discrete(n, start));

const texts = fc
  .tuple(fc.nat(4), fc.nat(8), fc.option(fc.constantFrom("ab", "αβγ", "0123456789", "]^-\\"), { nil: undefined }))
  .map(([minLength, more, charset]) =>
    text({ minLength, maxLength: minLength + more, ...(charset === undefined ? {} : { charset }) }),
  );

const leaves: fc.Arbitrary<Space> = fc.oneof(
  boxes,
  discretes,
  texts,
  fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }).map(multiDiscrete),
  fc.integer({ min: 1, max: 5 }).map(multiBinary),
);

const names = fc.stringMatching(/^[a-zß_0-9]{1,6}$/).filter((name) => name !== "__proto__");

/** Any space, nested three deep at most. */
export const spaces: fc.Arbitrary<Space> = fc.letrec<{ space: Space }>((tie) => ({
  space: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaves,
    fc.dictionary(names, tie("space"), { minKeys: 1, maxKeys: 3 }).map((fields) => dict({ ...fields })),
    fc.array(tie("space"), { minLength: 1, maxLength: 3 }).map((items) => tuple(...items)),
    fc.array(tie("space"), { minLength: 1, maxLength: 3 }).map((options) => oneOf(...options)),
    fc.tuple(tie("space"), fc.nat(3)).map(([element, maxLength]) => sequence(element, { maxLength })),
  ),
})).space;

/** Any value of the space. */
export function valuesOf(space: Space): fc.Arbitrary<unknown> {
  switch (space.kind) {
    case "discrete":
      return fc.integer({ min: space.start, max: space.start + space.n - 1 });
    case "box": {
      const elements = Array.from({ length: elementsOf(space) }, (_, i) =>
        elementOf(space.dtype, boundAt(space.low, i), boundAt(space.high, i)),
      );
      return fc.tuple(...elements).map((values) => filled(space.dtype, values));
    }
    case "multiDiscrete":
      return fc.tuple(...space.nvec.map((n) => fc.nat(n - 1))).map((values) => filled("int32", values));
    case "multiBinary":
      return fc.tuple(...Array.from({ length: space.n }, () => fc.nat(1))).map((values) => filled("uint8", values));
    case "text":
      return textsOf(space.minLength, space.maxLength, space.charset);
    case "dict":
      return fc.record(
        Object.fromEntries(Object.entries(space.fields).map(([name, field]) => [name, valuesOf(field)])),
      );
    case "tuple":
      return fc.tuple(...space.items.map(valuesOf));
    case "oneOf":
      return fc.oneof(...space.options.map((option, tag) => valuesOf(option).map((value) => ({ tag, value }))));
    case "sequence":
      return fc.array(valuesOf(space.element), { maxLength: space.maxLength });
  }
}

function elementOf(dtype: DType, low: number = -Infinity, high: number = Infinity): fc.Arbitrary<number> {
  const { min, max, integer } = DTYPE_RANGE[dtype];
  if (integer) return fc.integer({ min: Math.max(min, low), max: Math.min(max, high) });
  const range = { min: low, max: high, noNaN: true };
  // -0 and 0 are the same bound, but not the same bytes: box() makes them one, and so do we.
  return (dtype === "float32" ? fc.float(range) : fc.double(range)).map((value) => value + 0);
}

function textsOf(minLength: number, maxLength: number, charset: string | undefined): fc.Arbitrary<string> {
  const unit =
    charset === undefined
      ? fc.constantFrom("a", "ß", "€", "\ufeff", "\0", "\n", "\ufffd")
      : fc.constantFrom(...Array.from(charset));
  const plain = fc.string({ unit, minLength, maxLength });
  // A pair of surrogates where there is room for one.
  return charset === undefined && maxLength - minLength >= 2
    ? fc.oneof(
        plain,
        fc.string({ unit, minLength, maxLength: maxLength - 2 }).map((start) => `${start}🎈`),
      )
    : plain;
}

function filled(dtype: DType, values: readonly number[]): unknown {
  const array = new ARRAYS[dtype](values.length);
  array.set(values);
  return array;
}
