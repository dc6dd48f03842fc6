/** The parts of a reward that need no gold answer: form, language and length of a reply. */

export const FORMATS = ["none", "think-answer", "answer", "boxed"] as const;
export type Format = (typeof FORMATS)[number];

/**
 * 1 when the reply has the asked form, else 0. `think-answer`: nothing but one <think>...</think> and then one
 * <answer>...</answer>, neither of them empty; `answer`: one <answer>...</answer> at the end; `boxed`: exactly one \boxed{...}.
 */
export function formatReward(reply: string, format: Format): number {
  switch (format) {
    case "think-answer":
      return Number(isThinkAnswer(reply.trim()));
    case "answer":
      return Number(isAnswerLast(reply.trim()));
    case "boxed":
      return Number(reply.split("\\boxed{").length === 2);
    case "none":
      return 1;
  }
}

const TAGS = ["<think>", "</think>", "<answer>", "</answer>"] as const;

const once = (text: string, part: string): boolean => {
  const at = text.indexOf(part);
  return at >= 0 && text.indexOf(part, at + 1) < 0;
};

function isThinkAnswer(reply: string): boolean {
  if (!TAGS.every((tag) => once(reply, tag))) return false;
  const [think, thought, answer, end] = TAGS.map((tag) => reply.indexOf(tag)) as [number, number, number, number];
  const between = (from: number, tag: string, to: number): string => reply.slice(from + tag.length, to).trim();
  return (
    think === 0 &&
    think < thought &&
    thought < answer &&
    answer < end &&
    end + TAGS[3].length === reply.length &&
    between(think, TAGS[0], thought) !== "" &&
    between(thought, TAGS[1], answer) === "" &&
    between(answer, TAGS[2], end) !== ""
  );
}

const isAnswerLast = (reply: string): boolean =>
  once(reply, "<answer>") &&
  once(reply, "</answer>") &&
  reply.endsWith("</answer>") &&
  reply.slice(reply.indexOf("<answer>") + 8, -9).trim() !== "";

export const SCRIPTS = ["latin", "han", "hangul", "kana", "cyrillic", "greek", "arabic", "devanagari"] as const;
export type Script = (typeof SCRIPTS)[number];

const LETTERS: Readonly<Record<Script, RegExp>> = {
  latin: /\p{Script=Latin}/u,
  han: /\p{Script=Han}/u,
  hangul: /\p{Script=Hangul}/u,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  cyrillic: /\p{Script=Cyrillic}/u,
  greek: /\p{Script=Greek}/u,
  arabic: /\p{Script=Arabic}/u,
  devanagari: /\p{Script=Devanagari}/u,
};

/**
 * Share of a reply's words that begin in the asked script, as DeepSeek-R1 rewards it; 1 where there are no words. LaTeX commands,
 * tags and single letters (variables) are no words; each Han character is one.
 */
export function languageReward(reply: string, script: Script): number {
  const prose = reply.replace(/\\[a-zA-Z]+|<\/?(?:think|answer)>/g, " ");
  const words = prose.match(/\p{Script=Han}|\p{Script=Hangul}+|[\p{L}\p{M}]{2,}/gu) ?? [];
  if (words.length === 0) return 1;
  return words.filter((word) => LETTERS[script].test(word[Symbol.iterator]().next().value ?? "")).length / words.length;
}

/**
 * 0 up to `free` characters, then down in a line to -1 at `most`: the soft overlong punishment of DAPO (Yu et al., 2025),
 * counted in characters because the env knows no tokens.
 */
export function lengthReward(reply: string, free: number, most: number): number {
  const over = reply.length - free;
  return over <= 0 ? 0 : -Math.min(1, over / Math.max(1, most - free));
}
