/** Products of matrices on the host, whatever their shape. */
import { expect, it } from "vitest";
import { Rng } from "dojang/env";
import { matmul } from "../../../agents/nets/decoder/host-matmul.ts";

it.each([
  [1, 1, 1],
  [1, 5, 7],
  [3, 4, 4],
  [4, 4, 4],
  [5, 6, 9],
  [8, 7, 16],
  [9, 64, 17],
])("multiplies [%i, %i] by matrices of %i columns within 1e-5", (rows, inner, columns) => {
  const rng = new Rng(rows + inner + columns);
  const normals = (n: number): Float32Array => Float32Array.from({ length: n }, () => rng.normal());
  const [a, b] = [normals(rows * inner), normals(inner * columns)];
  // What was in the result before must not show.
  const c = new Float32Array(rows * columns).fill(NaN);
  matmul(a, b, c, rows, inner, columns);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += a[i * inner + k]! * b[k * columns + j]!;
      expect(Math.abs(c[i * columns + j]! - sum)).toBeLessThan(1e-5);
    }
});
