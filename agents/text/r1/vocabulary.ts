/** A vocabulary for one set of tasks: digits and tags are tokens, and so is each stretch of words that prompts repeat. */
import { GymError } from "dojang/protocol";
import type { Tokenizer } from "../tokenizer.ts";

/** The form that math-v0 asks for with format "think-answer". */
export const TAGS = { think: "<think>", thought: "</think>", answer: "<answer>", answered: "</answer>" } as const;

/** Digits, tags, and every stretch between numbers in these prompts. @param symbols characters of replies, which are no part of a prompt */
export function phrasesOf(prompts: readonly string[], symbols = ""): string[] {
  const stretches = prompts.flatMap((prompt) => prompt.split(/\d+/)).filter((stretch) => stretch !== "");
  const own = [...Array.from("0123456789"), ...Object.values(TAGS), ...Array.from(symbols)];
  return [...new Set([...own, ...stretches])];
}

/** One token for each phrase, behind pad (0) and end (1); a text is cut into the longest phrases from its start on. */
export function phraseTokenizer(phrases: readonly string[]): Tokenizer {
  const longest = Array.from(phrases.entries()).sort(([, a], [, b]) => b.length - a.length);
  return {
    vocab: phrases.length + 2,
    pad: 0,
    end: 1,
    encode(text) {
      const tokens: number[] = [];
      for (let at = 0; at < text.length;) {
        const found = longest.find(([, phrase]) => text.startsWith(phrase, at));
        if (found === undefined) throw unknown(text, at, phrases);
        tokens.push(found[0] + 2);
        at += found[1].length;
      }
      return Int32Array.from(tokens);
    },
    decode: (tokens) => Array.from(tokens, (token) => phrases[token - 2] ?? "").join(""),
  };
}

const unknown = (text: string, at: number, phrases: readonly string[]): GymError =>
  new GymError("BAD_PARAM", `tokenizer: character ${at + 1} of a text`, {
    expected: `one of the ${phrases.length} phrases of the vocabulary`,
    received: text.slice(at, at + 40),
    hint: "A vocabulary is made from the prompts of one env and its params, and knows no other words.",
  });
