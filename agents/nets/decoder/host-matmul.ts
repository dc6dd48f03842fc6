/** Matrix products on typed arrays, in tiles of 4 x 4 that stay in registers: for few rows faster than a compiled call, whatever the shape. */

/**
 * c[rows, columns] = a[rows, inner] b[inner, columns], row-major, each from the start of its array. Every number is one sum in double precision, in
 * the order of `inner`: a row's product is the same, bit by bit, whatever other rows are beside it.
 */
export function matmul(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  rows: number,
  inner: number,
  columns: number,
): void {
  const [whole, wide] = [rows - (rows % 4), columns - (columns % 4)];
  for (let i = 0; i < whole; i += 4)
    for (let j = 0; j < wide; j += 4) tile(a, b, c, i * inner, j, i * columns + j, inner, columns);
  for (let i = whole; i < rows; i++)
    for (let j = 0; j < wide; j += 4) strip(a, b, c, i * inner, j, i * columns + j, inner, columns);
  for (let i = 0; i < rows; i++)
    for (let j = wide; j < columns; j++) c[i * columns + j] = dot(a, b, i * inner, j, inner, columns);
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
    c03 += x * b3;
    x = a[aFrom + inner + k]!;
    c10 += x * b0;
    c11 += x * b1;
    c12 += x * b2;
    c13 += x * b3;
    x = a[aFrom + 2 * inner + k]!;
    c20 += x * b0;
    c21 += x * b1;
    c22 += x * b2;
    c23 += x * b3;
    x = a[aFrom + 3 * inner + k]!;
    c30 += x * b0;
    c31 += x * b1;
    c32 += x * b2;
    c33 += x * b3;
  }
  let at = cFrom;
  c[at] = c00;
  c[at + 1] = c01;
  c[at + 2] = c02;
  c[at + 3] = c03;
  at += columns;
  c[at] = c10;
  c[at + 1] = c11;
  c[at + 2] = c12;
  c[at + 3] = c13;
  at += columns;
  c[at] = c20;
  c[at + 1] = c21;
  c[at + 2] = c22;
  c[at + 3] = c23;
  at += columns;
  c[at] = c30;
  c[at + 1] = c31;
  c[at + 2] = c32;
  c[at + 3] = c33;
}

/** One row by four columns. */
function strip(
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
  aFrom: number,
  bFrom: number,
  cFrom: number,
  inner: number,
  columns: number,
): void {
  let c0 = 0, c1 = 0, c2 = 0, c3 = 0; // prettier-ignore
  for (let k = 0, at = bFrom; k < inner; k++, at += columns) {
    const x = a[aFrom + k]!;
    c0 += x * b[at]!;
    c1 += x * b[at + 1]!;
    c2 += x * b[at + 2]!;
    c3 += x * b[at + 3]!;
  }
  c[cFrom] = c0;
  c[cFrom + 1] = c1;
  c[cFrom + 2] = c2;
  c[cFrom + 3] = c3;
}

function dot(a: Float32Array, b: Float32Array, aFrom: number, bFrom: number, inner: number, columns: number): number {
  let sum = 0;
  for (let k = 0; k < inner; k++) sum += a[aFrom + k]! * b[bFrom + k * columns]!;
  return sum;
}
