/** The red-team suite for Python. */
import type { Attack } from "../suite.ts";
import { CHEATS } from "./cheats.ts";
import { ESCAPES } from "./escapes.ts";
import { LIMITS } from "./limits.ts";
import { PEEKS } from "./peeks.ts";

export const ATTACKS: readonly Attack[] = [...CHEATS, ...PEEKS, ...ESCAPES, ...LIMITS];
export { CANARY } from "./escapes.ts";
export { HONEST } from "./honest.ts";
