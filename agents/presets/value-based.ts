/** Settings of the learners that learn values of actions with nets. */
import type { Presets } from "./preset.ts";

export const valueBased: Presets = {};
