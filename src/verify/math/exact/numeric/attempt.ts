/** Runs a numeric evaluation that may not be possible. */
import { Malformed, Unsupported } from "../work.ts";
import { Imprecise } from "./ball.ts";
import { Undefined } from "./evaluate.ts";

/** The result, or null where the value is undefined, unknown or not precise enough; a used-up budget passes through. */
export function attempt<T>(task: () => T): T | null {
  try {
    return task();
  } catch (error) {
    const expected = [Imprecise, Undefined, Unsupported, Malformed].some((kind) => error instanceof kind);
    if (expected) return null;
    throw error;
  }
}
