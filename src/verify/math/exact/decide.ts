/** Compares two extracted answers exactly: the first tier of the math verifier, which proves or abstains. */
import type { MathOptions } from "../options.ts";

/** What the exact tier found out. */
export interface Decision {
  /** Proven equal, proven different (or of another kind), or null: this tier cannot decide. */
  readonly equal: boolean | null;
  /** What decided, e.g. "rational", "algebraic", "polynomial", "numeric", "set", "interval", "matrix", "text". */
  readonly rule: string;
  /** Normalised forms, for people; null where a side was not understood. */
  readonly gold: string | null;
  readonly answer: string | null;
  /**
   * "bad-gold": the gold is empty, broken or beyond the limits. "unparseable" and "too-large" speak of the answer
   * (or of the comparison, when both sides were read).
   */
  readonly trouble?: "bad-gold" | "unparseable" | "too-large";
}

/** Decides whether `answer` is the same answer as `gold` (LaTeX, plain text or a mixture). Never throws. */
export function decide(gold: string, answer: string, _options?: MathOptions): Decision {
  const [left, right] = [gold, answer].map((text) => text.trim().replace(/\s+/g, " "));
  if (left === "") return { equal: null, rule: "guard", gold: null, answer: null, trouble: "bad-gold" };
  if (left === right) return { equal: true, rule: "identical", gold: left!, answer: right };
  return { equal: null, rule: "undecided", gold: left!, answer: right! };
}
