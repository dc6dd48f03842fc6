/** How long to wait before each attempt to reconnect: at once, then 50 ms doubling up to 2 s, each spread by half so that clients of one server do not come back together. */
const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** @param attempt from 0 @param draw a number in [0, 1) */
export function backoffMs(attempt: number, draw: number): number {
  if (attempt === 0) return 0;
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1)) * (0.5 + draw);
}
