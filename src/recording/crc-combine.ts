/** The CRC-32 of two stretches of bytes from the CRC-32 of each, as zlib's crc32_combine: so that a file's checksum needs no second pass over its chunks. */

const POLYNOMIAL = 0xedb88320;
/** x^0 in the reflected order of bits: the highest bit is the lowest power. */
const ONE = 0x80000000;

/** a * b modulo the polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = b;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
  }
  return product >>> 0;
}

/** x^(8 * bytes) modulo the polynomial. */
function shiftBy(bytes: number): number {
  let power = ONE;
  // x^8, then its squares, one for each bit of the count.
  let square = ONE >>> 8;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return power;
}

/** @param first checksum of what comes first @param second of what follows it @param bytes length of that */
export const combineCrc32 = (first: number, second: number, bytes: number): number =>
  (multiply(shiftBy(bytes), first) ^ second) >>> 0;
