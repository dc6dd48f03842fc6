/** Works out a countdown of three numbers by trying all joints in a fixed order, so that like puzzles have like solutions. */
import { GymError } from "dojang/protocol";
import type { Chain } from "./chains.ts";

type Operator = "+" | "-" | "*" | "/";

/** A number and how it is written. */
interface Term {
  readonly value: number;
  readonly text: string;
  /** Its last joint; absent for a number that was given. */
  readonly by?: Operator;
}

/** Sums and differences before products, products before quotients. */
const OPERATORS: readonly Operator[] = ["+", "-", "*", "/"];
const COST: Readonly<Record<Operator, number>> = { "+": 0, "-": 0, "*": 1, "/": 3 };

/** 3, 5, 8 to make 19: "3*8=24;24-5", and the answer "3*8-5". @throws {GymError} BAD_PARAM where integers from 1 on do not reach the target */
export function countdownChain(numbers: readonly [number, number, number], target: number): Chain {
  const terms = numbers.map((value): Term => ({ value, text: `${value}` }));
  const found = joints(terms).flatMap(
    ({ joined: first, left: [last] }) =>
    last === undefined ? [] : joinsOf(first, last).flatMap((whole) => (whole.value === target ? [{ first, last, whole }] : [])), // prettier-ignore
  );
  const cost = ({ first, whole }: (typeof found)[number]): number => COST[first.by ?? "+"] + COST[whole.by ?? "+"];
  const [best] = found.sort((a, b) => cost(a) - cost(b));
  if (best === undefined)
    throw new GymError("BAD_PARAM", "r1: countdown", { expected: `a way from ${numbers.join(", ")} to the target`, received: target }); // prettier-ignore
  const { first, last, whole } = best;
  const plain = { value: first.value, text: `${first.value}` };
  // The second joint once more, of the value that the first has made.
  const second = joinsOf(plain, last).find(({ value, by }) => value === target && by === whole.by);
  return { think: `${first.text}=${first.value};${second?.text ?? ""}`, answer: whole.text };
}

/** Every pair of terms joined in every way, and what is left. */
const joints = (terms: readonly Term[]): { joined: Term; left: Term[] }[] =>
  terms.flatMap((a, i) =>
    terms.slice(i + 1).flatMap((b) => {
      const left = terms.filter((term) => term !== a && term !== b);
      return joinsOf(a, b).map((joined) => ({ joined, left }));
    }),
  );

/** a and b joined by each operator whose value is an integer from 1 on; the larger goes first where the order matters. */
function joinsOf(a: Term, b: Term): Term[] {
  const [large, small] = a.value >= b.value ? [a, b] : [b, a];
  return OPERATORS.flatMap((by) => {
    const [left, right] = by === "-" || by === "/" ? [large, small] : [a, b];
    const value = joined(left.value, by, right.value);
    return Number.isInteger(value) && value >= 1 ? [{ value, by, text: written(left, by, right) }] : [];
  });
}

function joined(left: number, by: Operator, right: number): number {
  switch (by) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}

const isSum = ({ by }: Term): boolean => by === "+" || by === "-";

/** With brackets only where they are needed. */
function written(left: Term, by: Operator, right: Term): string {
  const tight = by === "*" || by === "/";
  const l = tight && isSum(left) ? `(${left.text})` : left.text;
  const r = (tight && isSum(right)) || (by !== "+" && right.by !== undefined && !(by === "-" && !isSum(right))) ? `(${right.text})` : right.text; // prettier-ignore
  return `${l}${by}${r}`;
}
