/** What the policy says it drew and what the learner works out for it are the same probabilities: else the first ratio of an update is not 1. */
import { expect, it } from "vitest";
import { Rng } from "dojang/env";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import { Model } from "../../../agents/nets/model.ts";
import { generate } from "../../../agents/text/generate.ts";
import { tokenLogProbs } from "../../../agents/text/grpo-loss.ts";
import { tokenBatch } from "../../../agents/text/token-batch.ts";
import { charTokenizer } from "../../../agents/text/tokenizer.ts";

const tokenizer = charTokenizer("0123456789+=");
const shape = { vocab: tokenizer.vocab, width: 16, layers: 2, heads: 2, context: 24 };
const nets = {
  "dense, rotary positions": { ...shape, ffn: 32 },
  "dense, learned positions": { ...shape, ffn: 32, positions: "learned" as const },
  "routed, learned positions": { ...shape, moe: { experts: 4, active: 2, hidden: 16 }, positions: "learned" as const },
};

it.each(Object.entries(nets))("gives the same log-probability to 7 answers twice (%s)", (_, options) => {
  const net = decoder(options);
  const model = new Model(
    {
      name: "net",
      params: net.params,
      optimizer: { kind: "adam" },
      loss: (p, { tokens, target }) => ({ loss: tokenLogProbs(net.apply(p, tokens!), target!, 1).logProb.sum() }),
    },
    new Rng(3),
  );
  // Far from the first values, where every token is about as likely as another.
  const weights = model.weights();
  for (const { data } of Object.values(weights)) data.forEach((x, i) => (data[i] = 3 * x + 0.01 * (i % 7)));
  model.transfer(weights);
  const prompts = ["1+2=", "12+7=", "1+2=", "9=", "", "3+3+3=", "8"].map((text) => tokenizer.encode(`0${text}`));
  const answers = generate({ decoder: net, tokenizer, model }, prompts, { temperature: 0.8, maxTokens: 9, rng: new Rng(5) }); // prettier-ignore
  const rows = answers.map(({ tokens, logProbs }, i) => {
    const asked = [...prompts[i]!];
    const nothing = asked.map(() => 0);
    return { tokens: [...asked, ...tokens], sampled: [...nothing, ...tokens.map(() => 1)], logProbs: [...nothing, ...logProbs], clipped: false }; // prettier-ignore
  });
  const { tokens, target, weight, oldLogProb } = tokenBatch(rows, 16, tokenizer.pad);
  const logProbs = model.compile<{ tokens: typeof tokens; target: typeof target }, "logProb">((p, batch) => {
    const { logProb, entropy } = tokenLogProbs(net.apply(p, batch.tokens), batch.target, 0.8);
    entropy.dispose();
    return { logProb };
  });
  const { logProb } = logProbs({ tokens, target });
  let counted = 0;
  weight.data.forEach((one, at) => {
    if (one === 0) return;
    counted++;
    expect(Math.abs(logProb[at]! - oldLogProb.data[at]!)).toBeLessThan(1e-4);
  });
  expect(counted).toBe(answers.reduce((sum, answer) => sum + answer.tokens.length, 0));
});
