/** Supervised fine-tuning: what it learns, from which tokens, and that it can be repeated and gone on with. */
import { from, lastValueFrom, toArray } from "rxjs";
import { expect, it } from "vitest";
import { Rng } from "dojang/env";
import { generate } from "../../../agents/text/generate.ts";
import { Sft, type Example } from "../../../agents/text/sft.ts";
import { net } from "./text-worlds.ts";

const EXAMPLES: readonly Example[] = ["a", "b", "c"].map((letter) => ({
  prompt: `say ${letter}: `,
  answer: `${letter}no`,
}));

const learner = (seed = 2): Sft => new Sft({ batch: 8, warmup: 5, learningRate: 0.02 }, { text: net, seed });

async function steps(sft: Sft, count: number, examples = EXAMPLES) {
  const batches = sft.batches(examples);
  const taken = Array.from({ length: count }, () => batches.next().value as readonly Example[]);
  return lastValueFrom(from(taken).pipe(sft.learn, toArray()));
}

const answers = (sft: Sft, prompts: readonly string[]): string[] =>
  generate({ ...net, model: sft.model }, prompts, { temperature: 0, maxTokens: 2, rng: new Rng(1) }).map(
    ({ text }) => text,
  );

it("answers 3 prompts as it was shown after 60 steps", async () => {
  const sft = learner();
  const metrics = await steps(sft, 60);
  expect(
    answers(
      sft,
      EXAMPLES.map(({ prompt }) => prompt),
    ),
  ).toEqual(EXAMPLES.map(({ answer }) => answer));
  expect(metrics[0]?.["loss"]).toBeGreaterThan(1);
  expect(metrics.at(-1)?.["loss"]).toBeLessThan(0.1);
});

it("learns nothing about prompts: the loss of one answer to many prompts falls to 0", async () => {
  const sft = learner();
  const metrics = await steps(
    sft,
    60,
    EXAMPLES.map(({ prompt }) => ({ prompt, answer: "aa" })),
  );
  // Which letter a prompt asks for cannot be foreseen: were prompts learnt, log 3 / 4 tokens would be left.
  expect(metrics.at(-1)?.["loss"]).toBeLessThan(0.02);
});

it("gives the same weights for the same seed, others for another, and goes on after load as if never stopped", async () => {
  const [whole, again, other, first, second] = [learner(), learner(), learner(3), learner(), learner()];
  const expected = await steps(whole, 9);
  expect(await steps(again, 9)).toEqual(expected);
  expect(await steps(other, 9)).not.toEqual(expected);
  const begun = await steps(first, 4);
  second.load(first.save());
  expect([...begun, ...(await steps(second, 5))]).toEqual(expected);
  expect(second.save()).toEqual(whole.save());
});

it("refuses an answer with a character that has no token, with its place", async () => {
  await expect(steps(learner(), 1, [{ prompt: "say a: ", answer: "a?" }])).rejects.toThrow("character 2 of a text");
});
