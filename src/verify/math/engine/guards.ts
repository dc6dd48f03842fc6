/** What is too large or too strange for the engine, found before it computes anything: it can hang on a dozen characters. */

/** MathJSON as the engine gives it: a name, a number, or an operator before its operands. */
export type Tree = string | number | { readonly num: string } | readonly Tree[];

export const ENGINE_LIMITS = {
  /** characters of one side */
  maxLength: 1_500,
  /** brackets inside of each other */
  maxNesting: 60,
  /** operators, numbers and symbols of one side */
  maxNodes: 400,
  /** digits of one number */
  maxDigits: 60,
  /** decimal digits of the largest intermediate value; towers and factorials end here */
  maxMagnitude: 10_000,
  /** different unknowns of both sides */
  maxUnknowns: 8,
} as const;

/** Commands that define, repeat or load. */
const FORBIDDEN =
  /\\(?:def|edef|gdef|let|newcommand|renewcommand|loop|repeat|input|include|csname|catcode|require)(?![a-zA-Z])/;

/** Control characters, lone surrogates and marks that turn the direction of the text. */
const STRANGE = /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** Why a text is not given to the engine, or undefined. Linear in the text. */
export function textGuard(text: string): string | undefined {
  const { maxLength, maxNesting, maxDigits } = ENGINE_LIMITS;
  if (text.length > maxLength) return `longer than ${maxLength} characters`;
  if (STRANGE.test(text)) return "control characters";
  if (FORBIDDEN.test(text)) return "a definition";
  if (nesting(text) > maxNesting) return `nested deeper than ${maxNesting}`;
  return text.split(/\D+/).some((digits) => digits.length > maxDigits) ? `more than ${maxDigits} digits` : undefined;
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const c of text) {
    if (c === "{" || c === "(" || c === "[") deepest = Math.max(deepest, ++depth);
    else if (c === "}" || c === ")" || c === "]") depth--;
  }
  // A command may take its argument without braces: \sqrt\sqrt\sqrt x, ^2^2^2.
  return Math.max(deepest, text.match(/\\(?:sqrt|frac)(?![a-zA-Z])/g)?.length ?? 0);
}

/** Why a parsed side is not computed, or undefined. */
export function treeGuard(tree: Tree): string | undefined {
  const { maxNodes, maxMagnitude } = ENGINE_LIMITS;
  if (countNodes(tree, maxNodes) > maxNodes) return `more than ${maxNodes} operators and operands`;
  return magnitude(tree) > maxMagnitude ? `a value of more than ${maxMagnitude} digits` : undefined;
}

/** Stops counting behind the limit. */
function countNodes(tree: Tree, limit: number): number {
  if (!isOperation(tree)) return 1;
  let count = 1;
  for (const operand of operandsOf(tree)) {
    count += countNodes(operand, limit - count);
    if (count > limit) break;
  }
  return count;
}

/** The operator; "" of what has none. */
export const headOf = (tree: Tree): string => (isOperation(tree) && typeof tree[0] === "string" ? tree[0] : "");
export const operandsOf = (tree: Tree): readonly Tree[] => (isOperation(tree) ? tree.slice(1) : []);

const isOperation = (tree: Tree): tree is readonly Tree[] => Array.isArray(tree);

/** Unknowns are sampled between 0.2 and 3.2, so |log10| of them stays below this. */
const UNKNOWN = 0.7;

/** A base close to 1 has a logarithm of nearly 0, but its powers cost as much as others. */
const BASE = 0.3;

/** A bound for |log10 |value|| of everything that is computed on the way; Infinity for what cannot be bounded. */
function magnitude(tree: Tree): number {
  if (typeof tree === "number") return size(Math.abs(tree));
  if (typeof tree === "string") return UNKNOWN;
  if (!isOperation(tree)) return tree.num.length + size(Math.abs(Number(tree.num)));
  const parts = operandsOf(tree).map(magnitude);
  const [first = 0, second = 0] = parts;
  const most = Math.max(0, ...parts);
  switch (headOf(tree)) {
    case "Add":
    case "Subtract":
      return most + Math.log10(parts.length);
    case "Power":
      return Math.max(most, Math.max(BASE, first) * 10 ** second);
    case "Root":
      return Math.max(most, first + second);
    case "Exp":
    case "Sinh":
    case "Cosh":
    case "Tanh":
      return Math.max(most, 10 ** most);
    case "Factorial":
    case "Factorial2":
    case "Gamma":
    case "Binomial":
    case "Choose":
      return Math.max(most, 10 ** most * Math.max(1, most));
    default:
      return parts.reduce((sum, part) => sum + part, 0);
  }
}

/** Digits before or behind the point. */
const size = (value: number): number =>
  value === 0 ? 0 : Number.isFinite(value) ? Math.abs(Math.log10(value)) : Infinity;
