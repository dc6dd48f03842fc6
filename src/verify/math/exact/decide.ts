/** Compares two extracted answers exactly: the first tier of the math verifier, which proves or abstains. */
import { type MathOptions, mathOptions } from "../options.ts";
import { freshAtoms } from "./atoms.ts";
import { compareReadings } from "./compare-readings.ts";
import { guard } from "./guards.ts";
import type { Settings } from "./quantities.ts";
import { type Reading, read } from "./reading.ts";
import type { Verdict } from "./scalar.ts";
import { showNode } from "./show.ts";
import { Malformed, spent, TooLarge, Unsupported, withBudget } from "./work.ts";

export type Trouble = "bad-gold" | "unparseable" | "too-large";

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
  readonly trouble?: Trouble;
}

/** Decides whether `answer` is the same answer as `gold` (LaTeX, plain text or a mixture). Never throws. */
export function decide(gold: string, answer: string, options?: MathOptions): Decision {
  try {
    return measured(gold, answer, options).decision;
  } catch {
    // A defect of this tier must not end a training run; the rule's name shows it.
    return { equal: null, rule: "defect", gold: null, answer: null };
  }
}

/** The decision and the work units that it took. */
export function measured(gold: string, answer: string, options?: MathOptions): { decision: Decision; work: number } {
  const settings = mathOptions(options);
  return withBudget(settings.maxWork, settings.maxBits, () => {
    const decision = decideWithin(gold, answer, settings);
    return { decision, work: spent() };
  });
}

function decideWithin(gold: string, answer: string, settings: Settings): Decision {
  freshAtoms();
  const g = readSide(gold, settings);
  if (g.trouble !== null || isBroken(g.reading)) {
    return { equal: null, rule: "guard", gold: null, answer: null, trouble: "bad-gold" };
  }
  const a = readSide(answer, settings);
  const shown = { gold: shownReading(g.reading), answer: a.trouble === null ? shownReading(a.reading) : null };
  if (a.trouble !== null) return { ...shown, equal: null, rule: "guard", trouble: a.trouble };
  if (g.reading.text === a.reading.text) return { ...shown, equal: true, rule: "identical" };
  const found = compareWithin(g.reading, a.reading, settings);
  if (found === null) return { ...shown, equal: null, rule: "limit", trouble: "too-large" };
  const unread = found.equal === null && isBroken(a.reading);
  return { ...shown, equal: found.equal, rule: found.rule, ...(unread ? { trouble: "unparseable" } : {}) };
}

/** No mathematics, and nothing else either ("A)" is a letter of a choice). */
function isBroken({ failure, choice, date, time }: Reading): boolean {
  return failure === "broken" && choice === null && date === null && time === null;
}

type Side = { readonly trouble: Trouble } | { readonly trouble: null; readonly reading: Reading };

function readSide(text: string, settings: Settings): Side {
  const refused = guard(text, settings);
  if (refused !== null) return { trouble: refused };
  try {
    const reading = read(text, settings);
    const empty = reading.text === "" || (reading.isText && reading.words === "");
    return empty ? { trouble: "unparseable" } : { trouble: null, reading };
  } catch (error) {
    if (isTooLarge(error)) return { trouble: "too-large" };
    throw error;
  }
}

function compareWithin(gold: Reading, answer: Reading, settings: Settings): Verdict | null {
  try {
    return compareReadings(gold, answer, settings);
  } catch (error) {
    if (isTooLarge(error)) return null;
    if (error instanceof Malformed || error instanceof Unsupported) return { equal: null, rule: "undecided" };
    throw error;
  }
}

function shownReading(reading: Reading): string | null {
  if (reading.isText) return reading.words;
  if (reading.node === null) return null;
  try {
    return showNode(reading.node);
  } catch (error) {
    if (isTooLarge(error)) return null;
    throw error;
  }
}

/** The budget is used up; or, called from deep inside another program, the stack is. */
function isTooLarge(error: unknown): boolean {
  return error instanceof TooLarge || error instanceof RangeError;
}
