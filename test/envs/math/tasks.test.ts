/** Generated problems: pure functions of (seed, item, difficulty), whose gold answers hold when worked out another way. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { evaluate as evaluateExpression } from "../../../envs/countdown/expression.ts";
import { TASKS } from "../../../envs/math/tasks/index.ts";
import { problemOf, type Problem } from "../../../envs/math/tasks/task.ts";
import { Digits, digitsKey, gcd } from "../../verify/math/pairs/digits.ts";
import { evaluate, type Letters } from "../../verify/math/pairs/evaluate.ts";

const DIFFICULTIES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const EACH = 40;

const numberOf = (text: string, letters?: Letters): string => digitsKey(evaluate(text, letters).re);
const numbersIn = (text: string): number[] => (text.match(/-?\d+/g) ?? []).map(Number);
const dollars = (text: string): string[] => [...text.matchAll(/\$([^$]+)\$/g)].map(([, inside = ""]) => inside);

/** Works a problem out without the generator: true when the gold answer holds. */
const CHECKS: Readonly<Record<string, (problem: Problem) => boolean>> = {
  arithmetic({ question, gold }) {
    const value = evaluateExpression(question.slice("What is ".length, -1))?.value;
    return value !== undefined && value.numerator === BigInt(gold) * value.denominator;
  },
  addition({ question, gold }) {
    const [a = "", b = ""] = /^What is (\d+) \+ (\d+)\?$/.exec(question)?.slice(1) ?? [];
    return a.length === b.length && BigInt(a) + BigInt(b) === BigInt(gold);
  },
  multiplication({ question, gold }) {
    const [a = "", b = ""] = /^What is (\d+) \* (\d+)\?$/.exec(question)?.slice(1) ?? [];
    return a.length === b.length && BigInt(a) * BigInt(b) === BigInt(gold);
  },
  fractions({ question, gold }) {
    const [text = ""] = dollars(question);
    return numberOf(text.replaceAll("\\div", "/")) === numberOf(gold) && inLowestTerms(gold);
  },
  linear({ question, gold }) {
    const pair = /^\((-?\d+), (-?\d+)\)$/.exec(gold);
    const letters = pair ? { x: Number(pair[1]), y: Number(pair[2]) } : undefined;
    return dollars(question).every((equation) => {
      const [left = "", right = ""] = equation.split("=");
      if (letters) return numberOf(left, letters) === numberOf(right, letters);
      const value = (side: string): string =>
        digitsKey(
          evaluate(
            side
              .replaceAll("x", `*(${gold})`)
              .replace(/^\s*\*|(?<=[-+] )\*/g, "")
              .replace("-*", "-"),
            {},
          ).re,
        );
      return value(left) === value(right);
    });
  },
  modular({ question, gold }) {
    const m = BigInt(numbersIn(question).at(-1) ?? 1);
    const [, a = "", operator = "", b = ""] = /of (\d+) ?([+*^]) ?(\d+)/.exec(question) ?? [];
    let value = 0n;
    if (operator === "+") value = (BigInt(a) % m) + (BigInt(b) % m);
    else if (operator === "*") value = (BigInt(a) % m) * (BigInt(b) % m);
    else value = Array.from({ length: Number(b) }).reduce<bigint>((product) => (product * BigInt(a)) % m, 1n);
    return value % m === BigInt(gold);
  },
  "gcd-lcm"({ question, gold }) {
    const parts = numbersIn(question);
    const found = Number(gold);
    if (question.includes("divisor"))
      return parts.every((part) => part % found === 0) && parts.map((part) => part / found).reduce(gcd) === 1;
    return (
      parts.every((part) => found % part === 0) &&
      [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43].every(
        (prime) => found % prime !== 0 || parts.some((part) => (found / prime) % part !== 0),
      )
    );
  },
  series({ question, gold }) {
    if (question.includes("infinite")) {
      const first = Number(/first term (\d+)/.exec(question)?.[1]);
      const ratio = evaluate(dollars(question)[0] ?? "").re;
      let [sum, term] = [new Digits(0), new Digits(first)];
      for (let i = 0; i < 1500; i++) [sum, term] = [sum.add(term), term.mul(ratio)];
      return sum.sub(evaluate(gold).re).abs().lt("1e-40");
    }
    const [, a = "", b = "", c = ""] = /progression (-?\d+), (-?\d+), (-?\d+)/.exec(question) ?? [];
    const terms = [Number(a), Number(b), Number(c)];
    const n = Number(/(?:number|first) (\d+)/.exec(question)?.[1]);
    while (terms.length < n)
      terms.push(
        question.includes("arithmetic")
          ? 2 * (terms.at(-1) ?? 0) - (terms.at(-2) ?? 0)
          : ((terms.at(-1) ?? 0) * (terms.at(-1) ?? 0)) / (terms.at(-2) ?? 1),
      );
    return (
      Number(gold) ===
      (question.includes("sum") ? terms.slice(0, n).reduce((sum, term) => sum + term, 0) : terms[n - 1])
    );
  },
  probability({ question, gold }) {
    const [n = 0, m = 0, k = 0] = numbersIn(question);
    if (question.includes("dice")) return numberOf(gold) === numberOf(`${count(6, 6, (a, b) => a + b + 2 === n)}/36`);
    if (question.includes("coin")) return numberOf(gold) === numberOf(`${subsets(n, (size) => size === m)}/${2 ** n}`);
    if (question.includes("One is drawn")) return numberOf(gold) === numberOf(`${n}/${n + m}`);
    // Drawn one after the other.
    const share = Array.from({ length: k }, (_, i) => `(${n - i})/(${n + m - i})`).join("*");
    return numberOf(gold) === numberOf(share);
  },
  geometry({ question, gold }) {
    const [a = 0, b = 0] = numbersIn(question);
    const shapes: Readonly<Record<string, string>> = {
      area: `${a}*${b}`,
      perimeter: `2*(${a}+${b})`,
      triangle: `${a}*${b}/2`,
      circle: `pi*${a}*${a}`,
      circumference: `2*pi*${a}`,
      hypotenuse: `sqrt(${a}*${a}+${b}*${b})`,
      cone: `pi*${a}*${a}*${b}/3`,
      equilateral: `${a}*${a}*sqrt(3)/4`,
    };
    const name =
      ["equilateral", "cone", "hypotenuse", "circumference", "circle", "perimeter", "triangle", "area"].find((shape) =>
        question.includes(shape),
      ) ?? "";
    return numberOf(gold) === numberOf(shapes[name] ?? "");
  },
  "word-problems"({ question, gold }) {
    const given = numbersIn(question);
    const [a = 0, b = 0, c = 0, d = 0] = given;
    if (question.includes("left over")) return Number(gold) === b % a;
    if (question.includes("are left?")) return Number(gold) === a + b * c - d && Number(gold) > 0;
    if (question.includes("train")) return numberOf(gold) === numberOf(`(${a}*${b}+${c}*${d})/(${a}+${c})`);
    if (question.includes("paints")) return numberOf(gold) === numberOf(`1/(1/${a}+1/${b})`);
    return a * Number(gold) + Number(gold) + 2 * b === c;
  },
  countdown: ({ puzzle, question }) =>
    puzzle !== undefined &&
    numbersIn(question).join() === [...puzzle.numbers, puzzle.target].join() &&
    reaches(puzzle.numbers, puzzle.target),
};

const inLowestTerms = (text: string): boolean => {
  const [n = 0, d = 1] = numbersIn(text);
  return gcd(n, d) === 1;
};

const count = (rows: number, columns: number, holds: (i: number, j: number) => boolean): number =>
  Array.from({ length: rows * columns }, (_, at) => Number(holds(Math.floor(at / columns), at % columns))).reduce(
    (sum, one) => sum + one,
    0,
  );

const subsets = (n: number, holds: (size: number) => boolean): number =>
  Array.from({ length: 2 ** n }, (_, bits) => Number(holds(bits.toString(2).replaceAll("0", "").length))).reduce(
    (sum, one) => sum + one,
    0,
  );

/** Can some expression of all the numbers make the target? By trying every pair first. */
function reaches(numbers: readonly number[], target: number): boolean {
  if (numbers.length === 1) return Math.abs((numbers[0] ?? NaN) - target) < 1e-9;
  return numbers.some((a, i) =>
    numbers.some(
      (b, j) =>
        i !== j &&
        [a + b, a - b, a * b, a / b].some((joined) =>
          reaches([...numbers.filter((_, k) => k !== i && k !== j), joined], target),
        ),
    ),
  );
}

describe("generated problems", () => {
  for (const task of TASKS) {
    it(`${task.name}: ${DIFFICULTIES.length * EACH} gold answers hold when they are worked out another way`, () => {
      const problems = DIFFICULTIES.flatMap((difficulty) =>
        Array.from({ length: EACH }, (_, item) => problemOf(task, 11, item, difficulty)),
      );
      const some =
        task.name === "countdown" ? problems.filter(({ puzzle }) => (puzzle?.numbers.length ?? 0) < 5) : problems;
      expect(
        some
          .filter((problem) => CHECKS[task.name]?.(problem) !== true)
          .map(({ id, question, gold }) => ({ id, question, gold })),
      ).toEqual([]);
    });

    it(`${task.name}: the check refuses a wrong gold answer`, () => {
      const problem = problemOf(task, 11, 0, 5);
      const wrong = { ...problem, gold: "99991", ...(problem.puzzle && { puzzle: { numbers: [1, 1], target: 99 } }) };
      expect(CHECKS[task.name]?.(wrong)).toBe(false);
    });

    it(`${task.name}: an item is the same whatever was asked before, and another one for another seed, item or difficulty`, () => {
      const first = problemOf(task, 3, 7, 5);
      problemOf(task, 3, 8, 5);
      expect(problemOf(task, 3, 7, 5)).toEqual(first);
      const others = [problemOf(task, 4, 7, 5), problemOf(task, 3, 9, 5), problemOf(task, 3, 7, 6)];
      expect(others.filter(({ question }) => question !== first.question).length).toBeGreaterThan(1);
    });
  }

  it("does not change what an item is: seeds stay good over releases", () => {
    const all = TASKS.flatMap((task) => DIFFICULTIES.map((difficulty) => problemOf(task, 2026, 21, difficulty)));
    expect(createHash("sha256").update(JSON.stringify(all)).digest("hex").slice(0, 16)).toBe("fa0130e62078cdbd");
  });

  it("numbers its tasks apart", () => {
    expect(new Set(TASKS.map(({ number }) => number)).size).toBe(TASKS.length);
  });
});
