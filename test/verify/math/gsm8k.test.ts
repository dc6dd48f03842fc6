/** GSM8K's 1,319 test answers: each is found in its solution, equals itself in five other writings, and no other number. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { verifyMath } from "../../../src/verify/index.ts";
import { dataFile, missingData } from "../../support/data.ts";

const NAME = "gsm8k_test.jsonl";
const missing = missingData(NAME);

/** The solution of each problem, which ends in `#### 1,234`. */
const solutions = (): string[] =>
  readFileSync(dataFile(NAME), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { answer: string }).answer);

const numberIn = (solution: string): number => Number(/#### (-?[\d,.]+)$/.exec(solution)![1]!.replaceAll(",", ""));

const REWRITINGS: readonly ((n: number) => string)[] = [
  (n) => `So she has \\boxed{${n}} of them.`,
  (n) => `Adding up we find that it takes 3 of 17 steps. The final answer is $${n.toLocaleString("en-US")}$.`,
  (n) => `<think>Is it \\boxed{7}?</think><answer>${n}.0</answer>`,
  (n) => `First 12 - 4 = 8.\nTherefore, in the end there are **${n}** left.`,
  (n) => `That makes \\[ \\frac{${2 * n}}{2} = ${n} \\text{ in all.} \\]\n#### ${n}`,
];

describe.skipIf(missing !== undefined)(missing ?? "GSM8K", () => {
  const all = solutions();

  it("has 1,319 answers, and each equals itself", () => {
    expect(all).toHaveLength(1_319);
    expect(all.filter((solution) => verifyMath(solution, solution).code !== "correct")).toEqual([]);
    expect(all.filter((solution) => Number(verifyMath(solution, solution).extracted?.replaceAll(",", "")) !== numberIn(solution))).toEqual([]); // prettier-ignore
  });

  it.each(REWRITINGS.map((write, i) => [i + 1, write] as const))("each equals itself in rewriting %d", (_, write) => {
    const wrong = all.filter((solution) => !verifyMath(solution, write(numberIn(solution))).equal);
    expect(wrong.map((solution) => write(numberIn(solution)))).toEqual([]);
  });

  it("none equals its neighbour's, where the numbers differ", () => {
    const pairs = all.flatMap((solution, i) => {
      const next = all[i + 1] ?? all[0]!;
      return numberIn(solution) === numberIn(next) ? [] : [[solution, next] as const];
    });
    expect(pairs.length).toBeGreaterThan(1_200);
    expect(pairs.filter(([a, b]) => verifyMath(a, b).code !== "wrong")).toEqual([]);
    for (const write of REWRITINGS) {
      expect(pairs.filter(([a, b]) => verifyMath(a, write(numberIn(b))).equal !== false)).toEqual([]);
    }
  });
});
