/** The meter of one decision: every loop whose length an input can choose pays here, and hostile input runs out of it. */

/** The decision would cost more than its budget; caught in decide(), never seen by a caller. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/** The text is read, but holds something that this tier does not know; a general engine may. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

/** The text is broken: unbalanced, an operator without operands, a division by zero. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

interface Meter {
  left: number;
  bits: number;
  limit: number;
}

// Decisions are synchronous and never nest, so one meter at a time is enough and no function has to pass it along.
let meter: Meter = { left: Infinity, bits: 65_536, limit: Infinity };

/** Runs `task` with a fresh budget of `work` units and integers of at most `bits` bits. */
export function withBudget<T>(work: number, bits: number, task: () => T): T {
  const outer = meter;
  meter = { left: work, bits, limit: work };
  try {
    return task();
  } finally {
    meter = outer;
  }
}

/** Pays `units` (about 0.1 microseconds each). @throws {TooLarge} when the budget is used up */
export function spend(units: number): void {
  meter.left -= units;
  if (meter.left < 0) throw new TooLarge("work budget");
}

/** Work units spent so far by the decision under way. */
export function spent(): number {
  return meter.limit - meter.left;
}

/** Checks that an integer of `bits` bits may be computed, before it is. @throws {TooLarge} */
export function allowBits(bits: number): void {
  if (!(bits <= meter.bits)) throw new TooLarge("integer size");
  // A schoolbook product of w-word integers takes about w * w nanoseconds.
  const words = bits / 64;
  spend(1 + (words * words) / 100);
}

/** Gives a part of what is left of the budget to `task`: it may fail without taking the rest with it. */
export function withShare<T>(part: number, task: () => T): T | TooLarge {
  const outer = meter;
  const share = outer.left * part;
  meter = { left: share, bits: outer.bits, limit: share };
  try {
    return task();
  } catch (error) {
    if (error instanceof TooLarge) return error;
    throw error;
  } finally {
    outer.left -= share - Math.max(0, meter.left);
    meter = outer;
  }
}
