/** Random texts for ids and secrets, from bytes drawn many at a time: one call of the system for each of thousands of sessions is most of what opening one costs. */
import { randomFillSync } from "node:crypto";

const POOL_BYTES = 4_096;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** As many random bytes as text. Each byte of the pool is used once and then overwritten. @param bytes up to 64 */
export function randomText(bytes: number, encoding: "hex" | "base64url"): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const drawn = pool.subarray(used, (used += bytes));
  const text = drawn.toString(encoding);
  drawn.fill(0);
  return text;
}
