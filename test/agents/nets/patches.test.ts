/** Patches on the host against a convolution written out, cell by cell. */
import { box, dict, discrete } from "dojang/protocol";
import { describe, expect, it } from "vitest";
import { featuresFor } from "../../../agents/nets/torso.ts";

describe("patches of a grid", () => {
  it("hold the 3x3 neighbourhood of each place, padded with zeros to a multiple of 4 numbers, row by row", () => {
    const [height, width, channels] = [4, 5, 2];
    const features = featuresFor({ net: "auto" }, box([height, width, channels], 0, 99), "test");
    expect(features.patches).toEqual({ count: 6, size: 20, beside: 0 });
    expect(features.size).toBe(120);
    const cells = Float32Array.from({ length: 2 * height * width * channels }, (_, at) => (at % 3 === 0 ? 0 : at));
    // What the buffer held before, and the row before `from`, must not show.
    const out = new Float32Array(3 * 120).fill(7);
    features.write(cells, 2, out, 1);
    const expected: number[] = new Array<number>(120).fill(7);
    for (let row = 0; row < 2; row++)
      for (let i = 0; i < 2; i++)
        for (let j = 0; j < 3; j++) {
          for (let y = i; y < i + 3; y++)
            for (let x = j; x < j + 3; x++)
              for (let c = 0; c < channels; c++)
                expected.push(cells[((row * height + y) * width + x) * channels + c] ?? 0);
          expected.push(0, 0);
        }
    expect(Array.from(out)).toEqual(expected);
  });

  it("are those of the one grid of a record; what lies beside it follows", () => {
    const space = dict({ game: discrete(3, 1), grid: box([3, 3, 1], 0, 99), speed: box([2], -9, 9) });
    const features = featuresFor({ net: "conv-moe" }, space, "test");
    expect(features).toMatchObject({ size: 17, patches: { count: 1, size: 12, beside: 5 } });
    const grid = Float32Array.from({ length: 18 }, (_, at) => at + 1);
    const out = new Float32Array(2 * 17).fill(7);
    features.write({ game: Int32Array.of(3, 1), grid, speed: Float32Array.of(-1, -2, -3, -4) }, 2, out);
    const first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 1, -1, -2];
    const second = [10, 11, 12, 13, 14, 15, 16, 17, 18, 0, 0, 0, 1, 0, 0, -3, -4];
    expect(Array.from(out)).toEqual([...first, ...second]);
  });

  it("refuses a convolution over two grids, and over none", () => {
    const [a, b] = [box([3, 3, 1], 0, 1), box([4, 4, 1], 0, 1)];
    for (const space of [dict({ a, b }), box([9], 0, 1)])
      expect(() => featuresFor({ net: "conv-moe" }, space, "test")).toThrow(
        /net: param net.*only one field of such a shape, got.*conv-moe/,
      );
    expect(featuresFor({ net: "auto" }, dict({ a, b }), "test").size).toBe(25);
  });

  it("are cut only where a convolution is used", () => {
    expect(featuresFor({ net: "mlp" }, box([4, 5, 2], 0, 1), "test").size).toBe(40);
    expect(featuresFor({ net: "auto" }, box([4, 2, 2], 0, 1), "test").size).toBe(16);
  });
});
