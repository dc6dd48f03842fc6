/** What a token in a wrong place says about a text: broken, or only beyond what is read here. */
import type { Token } from "./tokens.ts";
import { Malformed, Unsupported } from "./work.ts";

const BREAKING = new Set("( ) [ ] { } {{ }} |( |) * / ^ _ = < > <= >= != & +".split(" "));

/** Brackets without partner and operators without operands break a text; other signs may have a meaning elsewhere. */
export function unexpected({ t, s }: Token): Error {
  const message = `unexpected ${s === "" ? "end" : s}`;
  return t === "end" || (t === "op" && BREAKING.has(s)) ? new Malformed(message) : new Unsupported(message);
}
