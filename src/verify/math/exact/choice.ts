/** Letters of a choice: B, (B), \text{(B)}, "B.", "(B) 12", with or without the text of the option. */

export interface Choice {
  /** Upper case, A to J. */
  readonly letter: string;
  /** What follows the letter, or "". */
  readonly rest: string;
  /** Written with a bracket, a dot or a colon, so that it can be nothing else. */
  readonly marked: boolean;
}

const MARKED = /^\(\s*([A-Ja-j])\s*\)\s*[.:]?\s*(.*)$|^([A-J])\s*[).:]\s*(.*)$/;
const FACES = /\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|boldsymbol)\s*\{\s*(\(?[A-Ja-j]\)?[.:]?)\s*\}/g;

/** The choice that a stripped answer names, or null. */
export function readChoice(text: string): Choice | null {
  const plain = text
    .replace(FACES, "$1 ")
    .replace(/^(?:option|choice|answer)\s+/i, "")
    .replace(/\\[,;:! ]|\\q?quad(?![a-zA-Z])|~/g, " ")
    .trim();
  // The numbers e and i are no letters of a choice.
  if (/^[A-Ja-dfghj]$/.test(plain)) return { letter: plain.toUpperCase(), rest: "", marked: plain !== text };
  const found = MARKED.exec(plain);
  if (found === null) return null;
  const rest = (found[2] ?? found[4] ?? "").trim();
  // "(a)(b)" and "(a)+1" are expressions.
  if (/^[-+*/^(=!<>_|]/.test(rest) && found[1] !== undefined) return null;
  if (found[1] !== undefined && /^[a-j]$/.test(found[1]) && rest !== "") return null;
  // "A) B) C)" chooses nothing.
  if (/^\(?[A-J](?:[).:]|$)/.test(rest)) return null;
  return { letter: (found[1] ?? found[3])!.toUpperCase(), rest, marked: true };
}
