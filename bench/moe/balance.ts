/** How even the loads of the experts are with the bias that moves and without it (Wang et al., 2024, arXiv:2408.15664): a small decoder learns three-digit sums. */
import { Rng } from "dojang/env";
import { of } from "rxjs";
import { decoder } from "../../agents/nets/decoder/decoder.ts";
import { phraseTokenizer } from "../../agents/text/r1/vocabulary.ts";
import { Sft, type Example } from "../../agents/text/sft.ts";

const TAGS = ["<think>", "</think>", "<answer>", "</answer>"] as const;
const tokenizer = phraseTokenizer([...Array.from("0123456789+="), ...TAGS]);

/** The policy of the recipe: 1 shared expert and the best 2 of 4. Answers are of two lengths, so that rows are filled up. */
const net = decoder({
  ...{ vocab: tokenizer.vocab, pad: tokenizer.pad, width: 64, layers: 2, heads: 4, context: 24, positions: "learned" },
  moe: { experts: 4, active: 2, hidden: 64, shared: 1 },
});

const EXAMPLES = 3_000;
const SEEDS = [1, 2, 3];
/** What a bias moves by in a step. */
const RATE = 0.01;

/** Mean MaxVio of the last quarter of the steps, but of 50 at most. */
export function compareBalance(steps: number) {
  const pairs = SEEDS.map((seed) => ({ without: violationOf(0, seed, steps), with: violationOf(RATE, seed, steps) }));
  const mean = (name: "with" | "without"): number => pairs.reduce((sum, pair) => sum + pair[name], 0) / pairs.length;
  const each = pairs.flatMap((pair, i) => [[`seed_${SEEDS[i] ?? ""}_ratio`, pair.with / pair.without] as const]);
  return {
    ...{ steps, rate: RATE, max_violation_without: mean("without"), max_violation_with: mean("with") },
    ...{ ratio: mean("with") / mean("without"), ...Object.fromEntries(each) },
  };
}

function violationOf(balanceRate: number, seed: number, steps: number): number {
  const sft = new Sft({ balanceRate }, { text: { decoder: net, tokenizer }, seed });
  const batches = sft.batches(examplesOf(seed));
  const found: number[] = [];
  for (let step = 0; step < steps; step++) {
    // `batches` never ends.
    const batch = batches.next().value as readonly Example[];
    of(batch)
      .pipe(sft.learn)
      .subscribe((metrics) => found.push(metrics["max_violation"] ?? NaN));
  }
  const last = found.slice(-Math.min(50, Math.ceil(steps / 4)));
  return last.reduce((sum, one) => sum + one, 0) / last.length;
}

function examplesOf(seed: number): Example[] {
  const rng = new Rng(seed);
  const draw = (): number => 100 + rng.int(900);
  return Array.from({ length: EXAMPLES }, () => {
    const [a, b] = [draw(), draw()];
    const sum = String(a + b);
    const chain = Array.from(sum).reverse().join("");
    return { prompt: `${a}+${b}=`, answer: `<think>${chain}</think><answer>${sum}</answer>` };
  });
}
