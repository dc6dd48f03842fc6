/** A hundred answers made to hang, exhaust or crash a judge of mathematics. */

export interface Hostile {
  readonly kind: string;
  readonly gold: string;
  readonly answer: string;
}

const LONG = 100_000;

const repeat = (piece: string, characters = LONG): string => piece.repeat(Math.ceil(characters / piece.length));
const nested = (open: string, middle: string, close: string, depth: number): string => open.repeat(depth) + middle + close.repeat(depth); // prettier-ignore
const list = (count: number, item: (i: number) => string, joined: string): string => Array.from({ length: count }, (_, i) => item(i)).join(joined); // prettier-ignore

const POWERS = [
  "9^{9^{9^9}}", "9**9**9**9", "10^{10^{10}}", "2^{2^{2^{2^{2^2}}}}", "2^{100000}", "2^{10^7}", "7^{10^9} \\bmod 13",
  "e^{e^{e^{10}}}", "\\exp(\\exp(\\exp(5)))", "x^{x^{x^{x^x}}}", "((2^{999})^{999})^{999}", "1.0000001^{10^{12}}",
  "\\sqrt[10^9]{2}", "10^{-10^9}", "(x+1)^{1000}", "(a+b+c+d)^{40}", "(x+y+z)^{60}", "(x^{1000}+1)^{1000}", "x^{1000000}-1",
  "(\\sqrt2+\\sqrt3+\\sqrt5+\\sqrt7+\\sqrt{11}+\\sqrt{13})^{40}", "(1+i)^{10^8}", "\\left(\\frac{x+1}{x-1}\\right)^{300}",
]; // prettier-ignore

const PRODUCTS = [
  "100000!", "((10!)!)!", "(10^7)!", "3!!!!!!!!", "\\binom{10^6}{5\\cdot 10^5}", "\\Gamma(10^8)", "\\frac{(10^5)!}{(10^5-1)!}",
  "\\sum_{k=1}^{10^9} k", "\\sum_{i=1}^{10^5}\\sum_{j=1}^{10^5} ij", "\\prod_{k=1}^{10^8} k", "\\sum_{n=1}^{\\infty}\\frac1n",
  "\\sum_{k=1}^{n}\\sum_{j=1}^{k}\\sum_{i=1}^{j} i^{j^k}", "\\int_0^{\\infty}\\int_0^{\\infty} e^{-x^2y^2}dxdy", "\\lim_{n\\to\\infty} n!^{n!}",
  "\\gcd(2^{20000}-1, 2^{15000}-1)", "\\operatorname{lcm}(1,2,\\ldots,10^9)",
]; // prettier-ignore

const VALUES = [
  "\\sin(10^{50})", "\\cos\\left(\\frac{10^{100}\\pi}{7}\\right)", nested("\\arctan(", "1", ")", 50), nested("\\sqrt{2+", "x", "}", 40),
  nested("1+\\frac{1}{", "x", "}", 55), list(14, (i) => `\\sqrt{${[2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43][i]}}`, "+"),
  `\\sqrt{${"7".repeat(4_000)}}`, `\\frac{1}{${"9".repeat(4_000)}}`, `0.\\overline{${"1234567890".repeat(400)}}`, `0.${"9".repeat(LONG)}`,
  `1_{${"9".repeat(50)}}`, `${"1".repeat(3_000)}_2`, "\\log_{1.0000000001}(10^{300})", `\\sqrt{${"1000000007".repeat(6)}}`,
  list(30, (i) => `\\sin(${i + 1}x)\\cos(${i + 2}y)`, "+"), list(60, (i) => `(x+${i})`, ""), list(12, (i) => `|x-${i}|`, "+"),
  list(40, (i) => `\\frac{${i + 1}}{x+${i}}`, "+"), `\\tan(\\frac{\\pi}{2}-10^{-50})`, list(25, (i) => `x_{${i}}^{${i}}`, "+"),
]; // prettier-ignore

const CONTAINERS = [
  `\\{1, 2, \\ldots, 10^9\\}`, `\\{${list(800, (i) => String((i * 7) % 800), ",")}\\}`, list(30, (i) => `${i}\\pm ${i}`, ", "), list(30, (i) => `\\pm ${i + 1}`, ""),
  list(300, (i) => `(${2 * i}, ${2 * i + 1})`, "\\cup"), list(400, (i) => `x=${i}`, " or "),
  `\\begin{pmatrix}${list(30, (i) => list(30, (j) => String(i * j), "&"), "\\\\")}\\end{pmatrix}`,
  `\\begin{vmatrix}${list(12, (i) => list(12, (j) => `a_{${i}${j}}`, "&"), "\\\\")}\\end{vmatrix}`,
  list(60, (i) => `(${i}, \\sqrt{${i}})`, ", "), nested("\\{", "1", "\\}", 55), nested("(1,", "2", ")", 55), "[" + list(500, String, ",") + "]",
]; // prettier-ignore

const TEXTS = [
  ...["1", "1+", "x+", "(", "{", "[", "\\sqrt", "\\frac{1}{", "\\frac1", "^", "-", "!", "1,", "1/", "\\left(", "\\boxed{", "$", "$ x ", "the answer is ", "**", "\n", " ", "\\text{", "a", "é", "\u200b", "½", "∪", "<answer>", "\\begin{a}"].map((piece) => repeat(piece)),
  `${repeat("a")}!`, `\\boxed{${repeat("\\frac{x}{2}+")}1}`, `${repeat("1,")}x`, nested("{", "5", "}", 10_000), nested("\\frac{1}{", "2", "}", 300), nested("\\sqrt{", "2", "}", 2_000),
  "5\u0000", "\ud800\udfff5\ud800", "\u202e5\u202c\u2066", "\\def\\a{\\a\\a}\\a", "\\newcommand{\\x}{\\x\\x}\\x", "\\begin{matrix}".repeat(500), "\ufeff6", "5" + "\u0301".repeat(20_000),
]; // prettier-ignore

const kindOf = (kind: string, answers: readonly string[], gold: string): Hostile[] => answers.map((answer) => ({ kind, gold, answer: `\\boxed{${answer}}` })); // prettier-ignore

/** All of them, in an order that mixes the kinds. At least 100. */
export function hostileInputs(): Hostile[] {
  const kinds = [
    kindOf("powers", POWERS, "x^2+1"),
    kindOf("products", PRODUCTS, "55"),
    kindOf("values", VALUES, "\\sqrt{2}+\\sqrt{3}"),
    kindOf("containers", CONTAINERS, "\\{1, 2, 3\\}"),
    TEXTS.map((answer): Hostile => ({ kind: "texts", gold: "5", answer })),
  ];
  const longest = Math.max(...kinds.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => kinds.flatMap((kind) => kind[i] ?? [])).flat();
}
