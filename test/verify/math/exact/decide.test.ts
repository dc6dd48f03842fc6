/** What the exact tier calls equal and what it calls different, family by family. */
import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/verify/math/exact/decide.ts";

type Case = readonly [gold: string, answer: string];

function holds(name: string, equal: readonly Case[], different: readonly Case[]): void {
  describe(name, () => {
    it.each(equal)("%j equals %j", (gold, answer) => {
      expect(decide(gold, answer)).toMatchObject({ equal: true });
    });
    it.each(different)("%j does not equal %j", (gold, answer) => {
      expect(decide(gold, answer)).toMatchObject({ equal: false });
    });
  });
}

holds(
  "numbers",
  [
    ["\\frac{1}{2}", "0.5"],
    ["\\frac13", "1/3"],
    ["½", ".50"],
    ["-\\frac{1}{2}", "\\frac{1}{-2}"],
    ["2\\frac{1}{2}", "5/2"],
    ["-2\\frac{1}{2}", "-2.5"],
    ["0.\\overline{3}", "1/3"],
    ["0.1(6)", "1/6"],
    ["0.333...", "\\frac{1}{3}"],
    ["6.02 \\times 10^{23}", "6.02e23"],
    ["5!", "120"],
    ["\\binom{10}{3}", "120"],
    ["\\gcd(12, 18)", "6"],
    ["\\lfloor -3/2 \\rfloor", "-2"],
    ["2^{10}", "1024"],
    ["14.0 + -1.0i", "14 - i"],
    ["\\text{13}", "13"],
    ["**73**", "73"],
    ["twenty-five", "25"],
    ["5^{\\text{th}}", "5"],
  ],
  [
    ["1/3", "0.333"],
    ["2\\frac12", "1"],
    ["5!", "5"],
    ["0.5", "0.05"],
    ["0.333...", "0.333"],
    ["3", "-3"],
    ["2^{10}", "2^{-10}"],
  ],
);

holds(
  "thousands, decimal points and decimal commas",
  [
    ["14{,}916", "14,916"],
    ["1 000 000", "1,000,000"],
    ["1.234.567,5", "1234567.5"],
    ["1'000'000", "1_000_000"],
    ["12,34,567", "1234567"],
    ["11,\\! 111,\\! 111,\\! 100", "11111111100"],
    ["3{,}14", "3.14"],
  ],
  [
    ["1,234", "1.234"],
    ["1,234", "1, 234"],
    ["1, 2", "1.2"],
    ["1,2", "12"],
    ["(1,234)", "1234"],
  ],
);

holds(
  "roots, logarithms, trigonometry, constants",
  [
    ["\\sqrt3/2", "\\frac{\\sqrt{3}}{2}"],
    ["\\frac{1}{\\sqrt2}", "\\frac{\\sqrt{2}}{2}"],
    ["\\sqrt{3+2\\sqrt2}", "1+\\sqrt2"],
    ["\\sqrt[3]{2+\\sqrt5}+\\sqrt[3]{2-\\sqrt5}", "1"],
    ["\\sqrt{5+2\\sqrt6}+\\sqrt{5-2\\sqrt6}", "2\\sqrt3"],
    ["\\frac{1}{\\sqrt[3]{2}-1}", "1+\\sqrt[3]{2}+\\sqrt[3]{4}"],
    ["\\sqrt{-4}", "2i"],
    ["\\sqrt{3+4i}", "2+i"],
    ["\\log_2 8", "3"],
    ["\\ln 8 / \\ln 2", "3"],
    ["\\log_4 8", "1.5"],
    ["\\ln\\frac{1}{e}", "-1"],
    ["\\sin 30^\\circ", "1/2"],
    ["\\cos\\frac{2\\pi}{7}+\\cos\\frac{4\\pi}{7}+\\cos\\frac{6\\pi}{7}", "-\\frac12"],
    ["\\cos 36^\\circ", "\\frac{1+\\sqrt5}{4}"],
    ["\\arctan 1", "\\pi/4"],
    ["\\arcsin(-\\frac{\\sqrt3}{2})", "-\\frac{\\pi}{3}"],
    ["e^{i\\pi}", "-1"],
    ["e^{\\ln 5}", "5"],
    ["pi/2", "\\frac{\\pi}{2}"],
    ["-2*pi", "-2\\pi"],
    ["exp(16)-1", "e^{16}-1"],
    ["|3+4i|", "5"],
    ["4\\sqrt(2)", "\\sqrt{32}"],
  ],
  [
    ["\\sqrt2", "1.41421356237309504880168872420969807856967187537694"],
    ["\\pi", "3.14"],
    ["\\pi", "22/7"],
    ["1-1/e", "1+1/e"],
    ["4\\sqrt(2)", "4"],
    ["\\sqrt{5+2\\sqrt6}", "\\sqrt2+\\sqrt5"],
    ["\\log_2 8", "\\log_2 9"],
    ["\\sin 30^\\circ", "\\sin 30"],
    ["e^{\\pi}-\\pi", "20"],
    ["e^{\\pi\\sqrt{163}}", "262537412640768744"],
  ],
);

holds(
  "polynomials and functions",
  [
    ["(x+1)^2", "x^2+2x+1"],
    ["\\frac{x^2-1}{x-1}", "x+1"],
    ["(x+2)/7", "x/7+2/7"],
    ["\\frac{a}{b}+\\frac{b}{a}", "\\frac{a^2+b^2}{ab}"],
    ["\\sin^2 x+\\cos^2 x", "1"],
    ["\\tan^2 y+1", "\\sec^2 y"],
    ["\\sin 2x", "2\\sin x\\cos x"],
    ["2^x\\cdot 2^x", "4^x"],
    ["x^{1/2}", "\\sqrt{x}"],
    ["\\sqrt{x^2+2x+1}", "|x+1|"],
    ["\\cosh^2 t - \\sinh^2 t", "1"],
    ["1/2x", "\\frac{x}{2}"],
    ["3x^2y", "3*y*x^2"],
    ["e^{2x}", "(e^x)^2"],
  ],
  [
    ["\\sqrt{x^2}", "x"],
    ["(x+1)^2", "x^2+1"],
    ["x_1", "x_2"],
    ["x", "X"],
    ["2^x", "x^2"],
    ["\\sin 2x", "2\\sin x"],
    ["|x|", "x"],
    ["\\frac{1}{x}", "\\frac{1}{0}"],
  ],
);

holds(
  "sets, lists, tuples, plus-minus",
  [
    ["\\{1,2,3\\}", "{3,2,1}"],
    ["\\{1,2,2\\}", "\\{1,2\\}"],
    ["1, 2", "2 and 1"],
    ["x=1 \\text{ or } x=2", "2, 1"],
    ["x=1,2", "x=1 or 2"],
    ["\\pm 3", "-3, 3"],
    ["x = \\pm 3", "±3"],
    ["\\frac{-1 \\pm \\sqrt{5}}{2}", "\\frac{-1-\\sqrt5}{2}, \\frac{-1+\\sqrt5}{2}"],
    ["(1, \\frac{1}{2})", "(1, 0.5)"],
    ["(1,2), (3,4)", "(3,4) and (1,2)"],
    ["(1,2)", "x=1, y=2"],
    ["(x,y)=(1,2)", "(1,2)"],
    ["\\emptyset", "no solution"],
    ["\\langle 1,2\\rangle", "(1,2)"],
    ["2:3", "4:6"],
  ],
  [
    ["(1,2)", "(2,1)"],
    ["\\{1,2\\}", "(1,2)"],
    ["\\{1,2\\}", "\\{1,2,3\\}"],
    ["1, 2", "1"],
    ["1, 2, 2", "1, 1, 2"],
    ["\\pm 3", "3"],
    ["3", "\\pm 3"],
    ["x=1, y=2", "x=2, y=1"],
    ["2:3", "3:2"],
  ],
);

holds(
  "intervals and inequalities",
  [
    ["[0,\\infty)", "[0, oo)"],
    ["(-\\infty,2)\\cup(3,5]", "(3, 5] U (-inf, 2)"],
    ["(0,1]\\cup[1,2)", "(0,2)"],
    ["\\mathbb{R}\\setminus\\{1\\}", "(-\\infty,1)\\cup(1,\\infty)"],
    ["all real numbers", "(-\\infty,\\infty)"],
    ["x \\in [-2,7]", "[-2,7]"],
    ["x>3", "(3,\\infty)"],
    ["x > 3", "3 < x"],
    ["2x>6", "x>3"],
    ["x<1 \\text{ or } x>2", "(-\\infty,1)\\cup(2,\\infty)"],
    ["1 < x < 2", "x > 1 and x < 2"],
    ["2x + y \\le 4", "-4x - 2y \\ge -8"],
  ],
  [
    ["[0,\\infty)", "(0,\\infty)"],
    ["(1,2)", "[1,2]"],
    ["(3,\\infty)", "x>3"],
    ["x>3", "2x>6"],
    ["x>3", "x\\ge 3"],
    ["x>3", "y>3"],
    ["2x + y \\le 4", "2x + y \\ge 4"],
  ],
);

holds(
  "equations",
  [
    ["y = 2x+1", "2x - y + 1 = 0"],
    ["x=5", "5"],
    ["5", "x = 10/2 = 5"],
    ["f(x)=2x+1", "2x+1"],
    ["xy = 1", "y = \\frac{1}{x}"],
    ["x+y=3, x-y=1", "x-y=1, y+x=3"],
  ],
  [
    ["y = 2x+1", "2x - y - 1 = 0"],
    ["x=5", "y=5"],
    ["x=5", "2x=10"],
    ["5", "3=5"],
    ["x+y-1=0", "2x-y=0"],
    ["x^2 = x", "x = 1"],
  ],
);

holds(
  "matrices and vectors",
  [
    ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{bmatrix} 1 & 2 \\\\ 3 & \\sqrt{16} \\end{bmatrix}"],
    ["\\left(\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right)", "[[1,2],[3,4]]"],
    ["\\begin{pmatrix}1\\\\2\\end{pmatrix}", "(1,2)"],
    ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}^T", "\\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}"],
    ["2\\begin{pmatrix}1&2\\end{pmatrix}+\\begin{pmatrix}1&0\\end{pmatrix}", "\\begin{pmatrix}3&4\\end{pmatrix}"],
    ["\\begin{pmatrix}0&1\\\\1&0\\end{pmatrix}^2", "\\begin{pmatrix}1&0\\\\0&1\\end{pmatrix}"],
    ["\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}", "-2"],
  ],
  [
    ["\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "\\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}"],
    ["\\begin{pmatrix}1&2\\end{pmatrix}", "\\begin{pmatrix}1\\\\2\\end{pmatrix}"],
    ["\\begin{pmatrix}1&2\\end{pmatrix}", "\\begin{pmatrix}1&2&0\\end{pmatrix}"],
  ],
);

holds(
  "units, money, percent, bases",
  [
    ["3 \\text{ cm}", "30 mm"],
    ["3 \\text{ cm}", "3"],
    ["9\\text{ cm}^2", "9 square centimeters"],
    ["10 m/s", "36 km/h"],
    ["5 ft 6 in", "66 inches"],
    ["3 hours 20 minutes", "200 min"],
    ["$1,234.50", "\\$1234.5"],
    ["\\$5", "500 cents"],
    ["5 apples", "5 apple"],
    ["50\\%", "0.5"],
    ["50\\%", "50"],
    ["30^\\circ", "\\pi/6"],
    ["101_2", "(101)_{2}"],
    ["1A_{16}", "1a_{16}"],
    ["204_5", "204_{\\text{five}}"],
  ],
  [
    ["3 \\text{ cm}", "3 \\text{ m}"],
    ["9 cm^2", "9 cm^3"],
    ["5 apples", "5 oranges"],
    ["\\$5", "5 euros"],
    ["50\\%", "5"],
    ["101_2", "101_3"],
    ["101_2", "5"],
    ["101_2", "101"],
  ],
);

holds(
  "words, letters, dates and times",
  [
    ["\\text{Yes}", "yes."],
    ["south-east", "Southeast"],
    ["(B)", "\\text{B}"],
    ["B", "(B) 12"],
    ["\\textbf{(B) }5", "B"],
    ["12", "(B) 12"],
    ["7:30 pm", "19:30"],
    ["12:05\\text{ p.m.}", "12:05 PM"],
    ["July 4, 2021", "2021-07-04"],
    ["04/07/2021", "04/07/2021"],
    ["25/12/2020", "December 25, 2020"],
  ],
  [
    ["yes", "no"],
    ["no", "on"],
    ["(B)", "(C)"],
    ["12", "(B) 13"],
    ["12:05 am", "12:05 pm"],
    ["July 4, 2021", "4/7/2021"],
    ["ABC", "BCA"],
    ["blue", "5"],
  ],
);
