/** The labels of the pairs hold: every text is evaluated again at 50 digits, apart from the parts it was written from. */
import { describe, expect, it } from "vitest";
import { digitsKey } from "./digits.ts";
import { Draws } from "./draws.ts";
import { evaluate, type Letters } from "./evaluate.ts";
import { FAMILIES } from "./index.ts";

const NUMBERS = new Set([
  "rational",
  "decimal",
  "mixed number",
  "thousands",
  "percent",
  "surd",
  "nested root",
  "power",
  "factorial and binomial",
  "log",
  "trigonometry",
  "pi and e",
  "complex number",
]);
const FUNCTIONS = new Set(["polynomial", "rational function"]);
const TINY = new Set(["power", "factorial and binomial"]);

/** No whole numbers and no simple relation between the two letters of a text, so that no factor is 0 at a point. */
const POINTS: readonly Letters[] = [
  [2.37, -7.13],
  [23.11, 4.71],
  [-37.53, 11.9],
].map(([x = 0, y = 0]) => ({ x, y, a: x, b: y, n: x, m: y, t: x, s: y }));

function worth(text: string, family: string): string {
  const points = FUNCTIONS.has(family) ? POINTS : [{}];
  return points
    .map((letters) => {
      const { re, im } = evaluate(text, letters);
      return [re, im].map((part) => digitsKey(part, TINY.has(family))).join(" ");
    })
    .join("; ");
}

describe("labelled pairs", () => {
  it("come from 29 families", () => {
    expect(FAMILIES.map(({ name }) => name).sort()).toHaveLength(29);
  });

  for (const made of FAMILIES) {
    const pairs = made.pairs(new Draws(5), 200);

    it(`${made.name}: 100 of 200 are equal, and the label is that of the 40-digit keys`, () => {
      expect(pairs.filter(({ equal }) => equal)).toHaveLength(100);
      expect(pairs.filter(({ equal, keys }) => equal !== (keys[0] === keys[1]))).toEqual([]);
    });

    it(`${made.name}: the same seed gives the same pairs`, () => {
      expect(made.pairs(new Draws(5), 200)).toEqual(pairs);
    });

    if (NUMBERS.has(made.name) || FUNCTIONS.has(made.name))
      it(`${made.name}: the texts themselves are worth what the label says`, () => {
        const wrong = pairs.filter(
          ({ gold, answer, equal }) => equal !== (worth(gold, made.name) === worth(answer, made.name)),
        );
        expect(wrong.map(({ gold, answer, equal }) => ({ gold, answer, equal }))).toEqual([]);
      });
  }
});
