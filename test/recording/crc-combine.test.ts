/** Checksums of joined bytes are those of the whole. */
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { combineCrc32 } from "../../src/recording/crc-combine.ts";

it("gives the checksum of any two stretches joined, empty ones included", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const whole = crc32(second, crc32(first));
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(whole);
    }),
    { numRuns: 200 },
  );
});

it("gives it for 5,000,001 bytes behind 3", () => {
  const [first, second] = [Uint8Array.of(1, 2, 3), new Uint8Array(5_000_001).fill(77)];
  expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(second, crc32(first)));
});
