/** How many actions are kept for failure capsules where nobody says. */
import { BYTES } from "../../protocol/bytes.ts";
import { layout } from "../../protocol/layout.ts";
import type { Space } from "../../protocol/spaces.ts";

const MOST_STEPS = 10_000;
const MOST_BYTES = 2 ** 26;

/** Steps for each of `num` instances: 10,000, or as many as 64 MiB hold of the fixed-size leaves. At least 1. */
export function capsuleStepsFor(action: Space, num: number): number {
  const bytes = layout(action).reduce((sum, { dtype, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return sum + size * (dtype === "utf8" ? 1 : BYTES[dtype]);
  }, 0);
  return Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_BYTES / (num * Math.max(bytes, 1)))));
}
