/** What the math verifier says: never a bare boolean, for "wrong" and "could not tell" must not look alike. */
import type { Kind } from "./extract/options.ts";

/**
 * - `correct`, `wrong`: decided, or not shown to be equal by any tier
 * - `no-answer`: the text holds none; `unparseable`: what it holds is no mathematics
 * - `timeout`: the answer took all the time, memory or size that one may take
 * - `bad-gold`: the gold answer is empty, broken or too large; `unavailable`: the engine's queue was full, or its workers fail
 */
export const VERDICT_CODES = ["correct", "wrong", "no-answer", "unparseable", "timeout", "bad-gold", "unavailable"] as const; // prettier-ignore
export type VerdictCode = (typeof VERDICT_CODES)[number];

export interface MathVerdict {
  /** null: no verdict and so no reward, not even 0. */
  readonly equal: boolean | null;
  readonly code: VerdictCode;
  /** What decided: a rule of the exact tier ("rational", "set", ...), of the engine ("engine-sampling", ...), or "extract". */
  readonly rule: string;
  /** The answer that was found in the text; null where none was. */
  readonly extracted: string | null;
  /** The gold answer as it was compared. */
  readonly gold: string;
  /** Kind of place where the answer was found. */
  readonly from: Kind | null;
  /** Both sides in the exact tier's normal form, where it has one. */
  readonly normal: { readonly gold: string | null; readonly answer: string | null };
  /** Why, for codes that need a reason. */
  readonly detail?: string;
  /** Milliseconds from the request to the verdict. */
  readonly ms: number;
}

/** `equal` follows from the code: wrong answers of every kind earn 0, what the judge could not do earns nothing at all. */
export const equalOf = (code: VerdictCode): boolean | null =>
  code === "correct" ? true : code === "bad-gold" || code === "unavailable" ? null : false;
