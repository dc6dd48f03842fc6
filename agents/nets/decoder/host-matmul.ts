/** Matrix products on typed arrays, in tiles of 4 x 4 that stay in registers: for few rows faster than a compiled call, whatever the shape. */

/** c[rows, columns] = a[rows, inner] b[inner, columns], row-major, each from the start of its array; sums in double precision. */
export function matmul(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  const [whole, wide] = [rows - (rows % 4), columns - (columns % 4)];
  for (let i = 0; i < whole; i += 4) {
    for (let j = 0; j < wide; j += 4) tile(a, b, c, i * inner, j, i * columns + j, inner, columns);
    for (let j = wide; j < columns; j++)
      for (let k = 0; k < 4; k++) c[(i + k) * columns + j] = dot(a, b, (i + k) * inner, j, inner, columns);
  }
  for (let i = whole; i < rows; i++) row(a, b, c, i * inner, i * columns, inner, columns);
}

/** Four rows by four columns. Sixteen sums of their own, as an array of them would live in memory. */
function tile(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  aFrom: number,
  bFrom: number,
  cFrom: number,
  inner: number,
  columns: number,
): void {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0; // prettier-ignore
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0; // prettier-ignore
  for (let k = 0, at = bFrom; k < inner; k++, at += columns) {
    const b0 = b[at]!, b1 = b[at + 1]!, b2 = b[at + 2]!, b3 = b[at + 3]!; // prettier-ignore
    let x = a[aFrom + k]!;
    c00 += x * b0;
    c01 += x * b1;
    c02 += x * b2;
    c03 += x * b3; // prettier-ignore
    x = a[aFrom + inner + k]!;
    c10 += x * b0;
    c11 += x * b1;
    c12 += x * b2;
    c13 += x * b3; // prettier-ignore
    x = a[aFrom + 2 * inner + k]!;
    c20 += x * b0;
    c21 += x * b1;
    c22 += x * b2;
    c23 += x * b3; // prettier-ignore
    x = a[aFrom + 3 * inner + k]!;
    c30 += x * b0;
    c31 += x * b1;
    c32 += x * b2;
    c33 += x * b3; // prettier-ignore
  }
  let at = cFrom;
  c[at] = c00;
  c[at + 1] = c01;
  c[at + 2] = c02;
  c[at + 3] = c03; // prettier-ignore
  at += columns;
  c[at] = c10;
  c[at + 1] = c11;
  c[at + 2] = c12;
  c[at + 3] = c13; // prettier-ignore
  at += columns;
  c[at] = c20;
  c[at + 1] = c21;
  c[at + 2] = c22;
  c[at + 3] = c23; // prettier-ignore
  at += columns;
  c[at] = c30;
  c[at + 1] = c31;
  c[at + 2] = c32;
  c[at + 3] = c33; // prettier-ignore
}

/** One row of the product, four rows of `b` at a time. */
function row(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  aFrom: number,
  cFrom: number,
  inner: number,
  columns: number,
): void {
  c.fill(0, cFrom, cFrom + columns);
  const whole = inner - (inner % 4);
  for (let k = 0; k < whole; k += 4) {
    const x0 = a[aFrom + k]!, x1 = a[aFrom + k + 1]!, x2 = a[aFrom + k + 2]!, x3 = a[aFrom + k + 3]!; // prettier-ignore
    const b0 = k * columns, b1 = b0 + columns, b2 = b1 + columns, b3 = b2 + columns; // prettier-ignore
    for (let j = 0; j < columns; j++)
      c[cFrom + j]! += x0 * b[b0 + j]! + x1 * b[b1 + j]! + x2 * b[b2 + j]! + x3 * b[b3 + j]!;
  }
  for (let k = whole; k < inner; k++)
    for (let j = 0; j < columns; j++) c[cFrom + j]! += a[aFrom + k]! * b[k * columns + j]!;
}

function dot(a: Float32Array, b: Float32Array, aFrom: number, bFrom: number, inner: number, columns: number): number {
  let sum = 0;
  for (let k = 0; k < inner; k++) sum += a[aFrom + k]! * b[bFrom + k * columns]!;
  return sum;
}
