/** Makes what people write between formulas and plain text into LaTeX that the engine reads as they meant it. */

const FUNCTIONS = "arcsinh|arccosh|arctanh|arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|cot|sec|csc|ln|log|exp|max|min|gcd|lcm|pi|infty|alpha|beta|gamma|theta|lambda|phi|omega"; // prettier-ignore
const BARE = new RegExp(`(?<![\\\\A-Za-z])(?:${FUNCTIONS})(?![A-Za-z])`, "g");

/** A function by name is the function. */
const OPERATOR = /\\(?:operatorname|mathrm|text)\s?\{\s?([a-z]{2,8})\s?\}(?=\s?[({^_\\])/g;

/** Delimiters, sizes and spaces that carry no meaning; two backslashes end a line, whatever follows. */
const NOTHING =
  /\$|(?<!\\)\\[()[\]](?!\w*})|(?<!\\)\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits)(?![a-zA-Z])|(?<!\\)\\[,;:! ]|~/g;

/** LaTeX for the engine. Takes time linear in the text, which the guards have bounded. */
export function engineLatex(text: string): string {
  const plain = text.replaceAll("**", "^").replace(NOTHING, " ").replaceAll("·", "\\cdot ").replaceAll("−", "-").trim();
  const named = plain.replace(OPERATOR, "$1").replace(BARE, (name) => `\\${name} `);
  return roots(named.replace(/[.,;]+$/, ""));
}

/** Names of environments and functions. */
const NAMES = /\\(?:begin|end|operatorname|mathrm|mathbf|mathit|mathbb)\s?\{[a-zA-Z]{1,20}\*?\}/g;

/** A word is not the product of its letters: "east" would equal "seat". */
export const hasWords = (latex: string): boolean => /(?<![\\A-Za-z])[A-Za-z]{3,}/.test(latex.replace(NAMES, ""));

/** `sqrt(x+1)` and `\sqrt(x+1)` as `\sqrt{x+1}`. */
function roots(text: string): string {
  let out = text.replace(/(?<![\\A-Za-z])sqrt(?=\s?[({])/g, "\\sqrt");
  for (let at = out.indexOf("\\sqrt("); at >= 0; at = out.indexOf("\\sqrt(", at + 1)) {
    const close = closing(out, at + 5);
    if (close > 0) out = `${out.slice(0, at + 5)}{${out.slice(at + 6, close)}}${out.slice(close + 1)}`;
  }
  return out;
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return -1;
}
