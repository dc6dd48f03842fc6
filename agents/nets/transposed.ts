/** Matrices turned around on the host: four rows are read side by side, so that what is written lies together. */

/** to[columns, rows] = from[rows, columns], both row-major. */
export function transpose(from: Float32Array, to: Float32Array, rows: number, columns: number): void {
  const whole = rows - (rows % 4);
  for (let i = 0; i < whole; i += 4) {
    const a = i * columns;
    const [b, c, d] = [a + columns, a + 2 * columns, a + 3 * columns];
    for (let j = 0, at = i; j < columns; j++, at += rows) {
      to[at] = from[a + j]!;
      to[at + 1] = from[b + j]!;
      to[at + 2] = from[c + j]!;
      to[at + 3] = from[d + j]!;
    }
  }
  for (let i = whole; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j]!;
}
