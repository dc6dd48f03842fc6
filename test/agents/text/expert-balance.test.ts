/** A decoder with experts in supervised learning: its balance is part of the loss where it has a weight, and of the metrics always. */
import { of } from "rxjs";
import { expect, it } from "vitest";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import { Sft, type Example } from "../../../agents/text/sft.ts";
import { charTokenizer } from "../../../agents/text/tokenizer.ts";

const tokenizer = charTokenizer("0123456789+=");

/** Metrics of the first step, from the same first values and examples. */
function firstStep(balanceWeight: number): Readonly<Record<string, number>> {
  const moe = { experts: 4, active: 2, hidden: 8, balanceWeight };
  const shape = { vocab: tokenizer.vocab, width: 8, layers: 2, heads: 2, context: 8, pad: tokenizer.pad };
  const sft = new Sft({ batch: 4 }, { text: { decoder: decoder({ ...shape, moe }), tokenizer }, seed: 5 });
  const examples = ["1+1=2", "2+3=5", "12=12", "7=7"].map((text) => ({ prompt: text.slice(0, -1), answer: text.slice(-1) })); // prettier-ignore
  let found: Readonly<Record<string, number>> = {};
  sft.learn(of(examples)).subscribe((metrics) => (found = metrics));
  return found;
}

it("adds each layer's balance by sequence to the loss, times its weight", () => {
  const [without, half, whole] = [0, 0.5, 1].map(firstStep);
  const added = half!["loss"]! - without!["loss"]!;
  // Each of two layers adds half of its sum of shares times scores, which is about 1 where both are even.
  expect(added).toBeGreaterThan(0.8);
  expect(added).toBeLessThan(2);
  expect(whole!["loss"]! - without!["loss"]!).toBeCloseTo(2 * added, 4);
});

it("reports how even the loads were, and no load by itself", () => {
  const metrics = firstStep(0);
  expect(metrics["max_violation"]).toBeGreaterThan(0);
  expect(metrics["load_entropy"]).toBeLessThan(1);
  expect(Object.keys(metrics).filter((name) => name.startsWith("load/"))).toEqual([]);
});

/** Mean largest load less 1 over the last 30 of 120 steps on sums of one and two digits, which are filled up to one length. */
function violation(balanceRate: number, pad: { readonly pad?: number } = { pad: tokenizer.pad }): number {
  const moe = { experts: 4, active: 2, hidden: 16 };
  const shape = { vocab: tokenizer.vocab, width: 16, layers: 2, heads: 2, context: 8, positions: "learned" as const };
  const text = { decoder: decoder({ ...shape, ...pad, moe }), tokenizer };
  const sft = new Sft({ batch: 32, warmup: 10, balanceRate }, { text, seed: 1 });
  const examples = Array.from({ length: 100 }, (_, i) => ({ prompt: `${Math.floor(i / 10)}+${i % 10}=`, answer: String(Math.floor(i / 10) + (i % 10)) })); // prettier-ignore
  const batches = sft.batches(examples);
  const found: number[] = [];
  for (let step = 0; step < 120; step++)
    sft.learn(of(batches.next().value as readonly Example[])).subscribe((metrics) => found.push(metrics["max_violation"] ?? NaN)); // prettier-ignore
  return found.slice(-30).reduce((sum, one) => sum + one, 0) / 30;
}

it("evens out loads by the bias: the largest is less than half as far above the mean as without, padding left out", () => {
  const [without, with_] = [violation(0), violation(0.01)];
  expect(without).toBeGreaterThan(0.2);
  expect(with_ / without).toBeLessThan(0.5);
});
