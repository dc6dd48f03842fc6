/** Digests are what src/recording/README.md defines, word by word. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { box, dict, discrete, multiBinary, oneOf, sequence, text, tuple } from "../../protocol/make-space.ts";
import type { Space } from "../../protocol/spaces.ts";
import { BatchHasher, digestText, Hasher, hex } from "../../src/recording/digest.ts";

const WORD = 2n ** 32n;

/** The definition in arithmetic without overflow. */
function mix(x: bigint): bigint {
  let y = x ^ (x >> 16n);
  y = (y * 0x7feb352dn) % WORD;
  y ^= y >> 15n;
  y = (y * 0x846ca68bn) % WORD;
  return y ^ (y >> 16n);
}

function absorb(lane: bigint, word: number, factor: bigint, shift: bigint): bigint {
  const a = ((lane ^ BigInt(word >>> 0)) * factor) % WORD;
  return a ^ (a >> shift);
}

const laneA = (words: readonly number[]): bigint => words.reduce((a, word) => absorb(a, word, 0x2c1b3c6dn, 15n), 0x1e3779b9n); // prettier-ignore
const laneB = (words: readonly number[]): bigint => words.reduce((b, word) => absorb(b, word, 0x297a2d39n, 13n), 0x05ebca6bn); // prettier-ignore
const words = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 9 });

/** Digests of the rows of a batch. */
function digests(space: Space, batch: unknown, rows: number): string[] {
  const out = new Int32Array(rows);
  new BatchHasher(space).digest(batch, rows, out);
  return Array.from(out, hex);
}

describe("the digest of an observation", () => {
  it("is the one of the specification, for rows of any number of words", () => {
    fc.assert(
      fc.property(words, (row) => {
        const space = box([row.length], -(2 ** 31), 2 ** 31 - 1, "int32");
        const expected = hex(Number(mix(laneA(row))));
        expect(digests(space, Int32Array.of(...row, ...row), 2)).toEqual([expected, expected]);
      }),
    );
  });

  it("is pinned for one value of every kind of space", () => {
    const cases: [Space, unknown][] = [
      [discrete(5), Int32Array.of(3)],
      [box([4], -1, 1, "float32"), Float32Array.of(0, 0.5, -0.5, 1)],
      [box([3], 0, 255, "uint8"), Uint8Array.of(1, 2, 3)],
      [multiBinary(5), Uint8Array.of(1, 0, 1, 0, 1)],
      [text({ minLength: 0, maxLength: 9 }), ["dojang"]],
      [dict({ a: discrete(2), b: discrete(3) }), { a: Int32Array.of(1), b: Int32Array.of(2) }],
      [tuple(discrete(2), text({ minLength: 0, maxLength: 3 })), [Int32Array.of(1), ["é"]]],
      [oneOf(discrete(2), discrete(3)), [{ tag: 1, value: 2 }]],
      [sequence(discrete(4), { maxLength: 3 }), [[1, 2, 3]]],
    ];
    expect(cases.flatMap(([space, batch]) => digests(space, batch, 1))).toEqual([
      "03c50a04",
      "6e740cbd",
      "8f6453bd",
      "04651807",
      "1085a240",
      "2731635c",
      "f9056e5c",
      "2731635c",
      "88e0cf82",
    ]);
  });
});

it("digests an episode in the two lanes of the specification", () => {
  fc.assert(
    fc.property(words, (given) => {
      const hasher = new Hasher();
      for (const word of given) hasher.word(word);
      const [a, b] = [laneA(given), laneB(given)];
      const first = mix(a ^ (((b << 16n) | (b >> 16n)) % WORD));
      expect(digestText(hasher.finish())).toBe(hex(Number(first)) + hex(Number(mix(b ^ first))));
    }),
  );
});
