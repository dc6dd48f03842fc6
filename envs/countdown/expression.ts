/** Reads and evaluates an arithmetic expression, exactly, over the rational numbers. */

/** Longest expression that is read: as many characters, and so at most half as many nested parentheses. */
export const MAX_EXPRESSION = 500;

/** numerator / denominator, not reduced; the denominator is never 0. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface Evaluation {
  readonly value: Fraction;
  /** The numbers written in the expression, from left to right. */
  readonly numbers: readonly bigint[];
}

/**
 * The value of an expression of decimal integers, + - * / and parentheses; blanks are skipped, and a minus may stand
 * only between two operands. Undefined where it is no such expression, is longer than 500 characters or divides by 0.
 */
export function evaluate(source: string): Evaluation | undefined {
  if (source.length > MAX_EXPRESSION || !/^[0-9+\-*/()\s]*$/.test(source)) return undefined;
  const parser = new Parser(source.match(/[0-9]+|[-+*/()]/g) ?? []);
  const value = parser.sum();
  return value === undefined || !parser.atEnd ? undefined : { value, numbers: parser.numbers };
}

/** Is the value this integer? */
export const equals = ({ numerator, denominator }: Fraction, integer: bigint): boolean =>
  numerator === integer * denominator;

/** Recursive descent: sum = product (+|- product)*, product = operand (*|/ operand)*, operand = number | ( sum ). */
class Parser {
  readonly numbers: bigint[] = [];
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  sum(): Fraction | undefined {
    return this.#chain("+-", () => this.#chain("*/", () => this.#operand()));
  }

  /** Operands with operators between them, taken together from the left. */
  #chain(operators: string, operand: () => Fraction | undefined): Fraction | undefined {
    let left = operand();
    for (let token = this.#tokens[this.#next]; left !== undefined; token = this.#tokens[this.#next]) {
      if (token === undefined || !operators.includes(token)) return left;
      this.#next++;
      const right = operand();
      left = right && apply(left, token, right);
    }
    return undefined;
  }

  #operand(): Fraction | undefined {
    const token = this.#tokens[this.#next++];
    if (token === undefined) return undefined;
    if (token === "(") {
      const inner = this.sum();
      return this.#tokens[this.#next++] === ")" ? inner : undefined;
    }
    if (!/^[0-9]/.test(token)) return undefined;
    const numerator = BigInt(token);
    this.numbers.push(numerator);
    return { numerator, denominator: 1n };
  }
}

function apply(a: Fraction, operator: string, b: Fraction): Fraction | undefined {
  const denominator = a.denominator * b.denominator;
  switch (operator) {
    case "+":
      return { numerator: a.numerator * b.denominator + b.numerator * a.denominator, denominator };
    case "-":
      return { numerator: a.numerator * b.denominator - b.numerator * a.denominator, denominator };
    case "*":
      return { numerator: a.numerator * b.numerator, denominator };
    default:
      if (b.numerator === 0n) return undefined;
      return { numerator: a.numerator * b.denominator, denominator: a.denominator * b.numerator };
  }
}
