/** Sums, differences, products and quotients of fractions. */
import { add, fraction, latex, over, subtract, times, type Fraction } from "./fraction.ts";
import { between, type Task } from "./task.ts";

const OPERATORS = {
  "+": add,
  "-": subtract,
  "\\times": times,
  "\\div": over,
} as const;

type Operator = keyof typeof OPERATORS;

const EASY: readonly Operator[] = ["+", "-"];
const ALL: readonly Operator[] = ["+", "-", "\\times", "\\div"];

export const fractions: Task = {
  name: "fractions",
  number: 2,
  make(rng, difficulty) {
    const top = 3 + 3 * difficulty;
    const draw = (): Fraction => fraction(between(rng, 1, top), between(rng, 2, top));
    const parts = Array.from({ length: difficulty < 5 ? 2 : 3 }, draw);
    const [first = { n: 1, d: 1 }, ...rest] = parts;
    let value = first;
    let text = latex(first);
    for (const part of rest) {
      const operator = rng.choice(difficulty < 3 ? EASY : ALL);
      const joined = OPERATORS[operator](value, part);
      text = `${needsBrackets(text, operator) ? `\\left(${text}\\right)` : text} ${operator} ${latex(part)}`;
      value = joined;
    }
    return { question: `Compute $${text}$. Give the answer as a fraction in lowest terms.`, gold: latex(value) };
  },
};

/** What is joined so far is taken as a whole. */
const needsBrackets = (text: string, operator: Operator): boolean => !EASY.includes(operator) && / [+-] /.test(text);
