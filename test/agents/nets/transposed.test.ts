/** Matrices turned around: every shape, also where rows are left over. */
import { expect, it } from "vitest";
import { transpose } from "../../../agents/nets/transposed.ts";

it.each([
  [1, 1],
  [4, 3],
  [7, 5],
  [3, 8],
  [16, 9],
])("row i, column j of %i x %i numbers becomes row j, column i", (rows, columns) => {
  const from = Float32Array.from({ length: rows * columns }, (_, i) => i + 1);
  const to = new Float32Array(from.length);
  transpose(from, to, rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) expect(to[j * rows + i]).toBe(from[i * columns + j]);
});
