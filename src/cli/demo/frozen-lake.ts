/** The exact scores of FrozenLake with the params and time limit that an env was built with. */
import { frozenLakeModel, MAPS } from "../../../envs/frozen-lake/index.ts";
import { GymError } from "../../../protocol/errors.ts";
import type { BuiltEnv } from "../../env/built-env.ts";
import { exactValues, type ExactValues } from "./exact-values.ts";

/** @throws {GymError} BAD_PARAM for a random or custom map, which the demo does not use */
export function frozenLakeValues({ params, rules }: BuiltEnv): ExactValues {
  const { mapName, desc } = params;
  if ((mapName !== "4x4" && mapName !== "8x8") || !Array.isArray(desc) || desc.length > 0) {
    throw new GymError("BAD_PARAM", "FrozenLake: exact values", { expected: "the map 4x4 or 8x8", received: params });
  }
  // The registry resolved the params against the plugin's schema, which is the type of these options.
  const options = params as unknown as Parameters<typeof frozenLakeModel>[1];
  return exactValues(frozenLakeModel(MAPS[mapName], options), rules.maxSteps ?? 0);
}
