/** oneHot: a discrete observation as a vector with a single one. */
import { box } from "../../../protocol/make-space.ts";
import type { Box, Discrete, Space } from "../../../protocol/spaces.ts";
import type { Rules } from "../rules.ts";
import { FLATTEN_FIRST, needDiscrete } from "./checks.ts";
import { erased } from "./plumbing.ts";
import { transformObservation } from "./transform-observation.ts";

/** discrete(n, start) becomes a box of n bytes: 1 at value - start, 0 elsewhere. @throws {TypeError} for other spaces */
export function oneHot<S, A extends Space, I extends Space>(
  rules: Rules<S, A, Discrete, I>,
): Rules<S, A, Box<"uint8">, I> {
  const { n, start } = needDiscrete("oneHot: observation", erased(rules).observation, FLATTEN_FIRST);
  return transformObservation(rules, box([n], 0, 1, "uint8"), (value, out) => {
    out[value - start] = 1;
  });
}
