/** The part of a verdict that needs no engine: finds both answers and compares them exactly. */
import { decide, type Decision } from "./exact/decide.ts";
import { extract, type Extraction } from "./extract/extract.ts";
import { readGold, type Gold } from "./extract/gold.ts";
import type { ExtractOptions } from "./extract/options.ts";
import type { VerifyOptions } from "./check-options.ts";
import { equalOf, type MathVerdict, type VerdictCode } from "./verdict.ts";

/** A request under way. `settled` is absent where the exact tier cannot decide. */
export interface FirstTier {
  readonly gold: Gold;
  readonly extraction: Extraction | undefined;
  readonly decision: Decision | undefined;
  readonly settled: Settled | undefined;
}

/** A code and why. */
export interface Settled {
  readonly code: VerdictCode;
  readonly rule: string;
  readonly detail?: string;
}

/** Never throws for strings. */
export function firstTier(goldText: string, answer: string, options: VerifyOptions): FirstTier {
  const gold = readGold(goldText);
  const none = { gold, extraction: undefined, decision: undefined };
  if (gold.text === "") return { ...none, settled: { code: "bad-gold", rule: "extract", detail: "the gold answer is empty" } }; // prettier-ignore
  const extraction = extract(answer, extractOptions(options), gold);
  if (extraction === undefined) return { ...none, settled: { code: "no-answer", rule: "extract" } };
  const decision = decide(gold.text, extraction.text, options);
  return { gold, extraction, decision, settled: settledBy(decision) };
}

/** `multiple` says in one word what `extract` says in detail, which therefore wins. */
function extractOptions({ multiple = "auto", extract: given = {} }: VerifyOptions): ExtractOptions {
  const short: ExtractOptions = multiple === "auto" ? {} : multiple === "all" ? { count: Infinity } : { take: multiple, count: 1 }; // prettier-ignore
  return { ...short, ...given };
}

function settledBy({ equal, rule, trouble }: Decision): Settled | undefined {
  if (trouble === "bad-gold") return { code: "bad-gold", rule, detail: "the gold answer is broken or too large" };
  return equal === null ? undefined : { code: equal ? "correct" : "wrong", rule };
}

/** What an undecided comparison comes to without an engine: what nobody could show to be equal is not correct. */
export function unproven({ decision }: FirstTier): Settled {
  const { rule = "undecided", trouble } = decision ?? {};
  if (trouble === "unparseable") return { code: "unparseable", rule };
  if (trouble === "too-large") return { code: "timeout", rule, detail: "the answer is larger than the limits allow" };
  return { code: "wrong", rule };
}

/** @param began the clock (`performance.now()`) when the request came */
export function verdictOf({ gold, extraction, decision }: FirstTier, settled: Settled, began: number): MathVerdict {
  const { code, rule, detail } = settled;
  return {
    equal: equalOf(code),
    code,
    rule,
    extracted: extraction?.text ?? null,
    gold: gold.text,
    from: extraction?.from ?? null,
    normal: { gold: decision?.gold ?? null, answer: decision?.answer ?? null },
    ...(detail !== undefined && { detail }),
    ms: Math.round((performance.now() - began) * 1_000) / 1_000,
  };
}
