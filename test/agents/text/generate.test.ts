/** Text from a decoder: the cache changes nothing, batches change nothing, log-probabilities are those of the whole net, answers end where they should. */
import { describe, expect, it } from "vitest";
import { fromSafetensors, toSafetensors } from "dojang/agents";
import { Rng } from "dojang/env";
import { decoder, type DecoderOptions } from "../../../agents/nets/decoder/decoder.ts";
import { np } from "../../../agents/nets/backend.ts";
import { Model } from "../../../agents/nets/model.ts";
import { generate, type Generated, type TextModel } from "../../../agents/text/generate.ts";
import { charTokenizer } from "../../../agents/text/tokenizer.ts";

const tokenizer = charTokenizer("0123456789+=");
const shape = { vocab: tokenizer.vocab, width: 16, layers: 2, heads: 2, context: 24, pad: tokenizer.pad };
const NETS: Readonly<Record<string, DecoderOptions>> = {
  "dense net": { ...shape, ffn: 24 },
  "net with learned positions": { ...shape, ffn: 24, positions: "learned" },
  "net with 4 experts": { ...shape, moe: { experts: 4, active: 2, hidden: 12 } },
  "net with 16 experts in groups": {
    ...shape,
    moe: { experts: 16, active: 3, hidden: 8, groups: 4, activeGroups: 2, shared: 2, routeScale: 2.5 },
  },
};

interface Net extends TextModel {
  readonly model: Model;
  /** Logits of rows of tokens, filled up to a length. */
  logits(rows: readonly (readonly number[])[], length: number): Float32Array;
}

function netOf(options: DecoderOptions, seed = 3): Net {
  const net = decoder(options);
  const model = new Model(
    { name: "net", params: net.params, optimizer: { kind: "adam" }, loss: (p, { tokens }) => ({ loss: np.sum(net.apply(p, tokens!)) }) }, // prettier-ignore
    new Rng(seed),
  );
  // Biases and norms begin as zeros and ones; other values show whether they are used.
  const weights = model.weights();
  for (const { data } of Object.values(weights)) data.forEach((x, i) => (data[i] = 1.5 * x + 0.02 * ((i % 5) - 2)));
  model.transfer(weights);
  const run = model.compile<{ tokens: { data: Int32Array; shape: number[] } }, "logits">((p, { tokens }) => ({ logits: net.apply(p, tokens) })); // prettier-ignore
  const logits = (rows: readonly (readonly number[])[], length: number): Float32Array => {
    const data = new Int32Array(rows.length * length).fill(tokenizer.pad);
    rows.forEach((row, i) => data.set(row, i * length));
    return run({ tokens: { data, shape: [rows.length, length] } }).logits;
  };
  return { decoder: net, tokenizer, model, logits };
}

function logSoftmax(logits: Float32Array): number[] {
  const max = Math.max(...logits);
  const total = logits.reduce((sum, x) => sum + Math.exp(x - max), 0);
  return Array.from(logits, (x) => x - max - Math.log(total));
}

const PROMPTS = ["1+2=", "0", "12+34=", "999+1=", "1+2=", "7+"];

/** The furthest that a generated log-probability is from that of the whole net at once. */
function furthest(net: Net, prompts: readonly string[], answers: readonly Generated[], temperature: number): number {
  const asked = prompts.map((prompt) => [...tokenizer.encode(prompt)]);
  const length = 24;
  const logits = net.logits(asked.map((prompt, i) => [...prompt, ...answers[i]!.tokens]), length); // prettier-ignore
  let worst = 0;
  for (const [i, { tokens, logProbs }] of answers.entries())
    for (const [k, token] of tokens.entries()) {
      const at = (i * length + asked[i]!.length + k - 1) * tokenizer.vocab;
      const all = logSoftmax(logits.subarray(at, at + tokenizer.vocab).map((x) => x / temperature));
      worst = Math.max(worst, Math.abs(all[token]! - logProbs[k]!));
    }
  return worst;
}

describe.each(Object.entries(NETS))("a %s", (_, options) => {
  const net = netOf(options);
  const draw = (prompts: readonly string[], maxTokens = 9, temperature = 1): Generated[] =>
    generate(net, prompts, { maxTokens, temperature, rng: new Rng(4) });

  it("gives, token by token with a cache, within 1e-4 the log-probabilities of the whole net at once", () => {
    for (const temperature of [1, 0.7]) {
      const answers = draw(PROMPTS, 9, temperature);
      expect(answers.reduce((sum, { tokens }) => sum + tokens.length, 0)).toBeGreaterThan(20);
      expect(furthest(net, PROMPTS, answers, temperature)).toBeLessThan(1e-4);
    }
  });

  it("answers each of 6 prompts of other lengths as it would alone, bit by bit", () => {
    const together = generate(net, PROMPTS, { maxTokens: 9, temperature: 0, rng: new Rng(1) });
    const alone = PROMPTS.map(
      (prompt) => generate(net, [prompt], { maxTokens: 9, temperature: 0, rng: new Rng(1) })[0]!,
    );
    expect(together).toEqual(alone);
    expect(together[0]).toEqual(together[4]);
  });

  it("lets no later token change an earlier logit", () => {
    const rng = new Rng(6);
    const rows = [0, 1].map(() => Array.from({ length: 10 }, () => 1 + rng.int(13)));
    const before = net.logits(rows, 12);
    for (const place of [9, 5, 1]) {
      const changed = rows.map((row) => row.with(place, 1 + (row[place]! % 13)));
      const after = net.logits(changed, 12);
      let moved = 0;
      before.forEach((x, at) => {
        const position = Math.floor(at / tokenizer.vocab) % 12;
        if (position < place) expect(after[at]).toBe(x);
        else moved = Math.max(moved, Math.abs(after[at]! - x));
      });
      expect(moved).toBeGreaterThan(1e-3);
    }
  });

  it("gives the same logits at lengths that are no multiple of 4", () => {
    const rows = [[2, 5, 11], [3, 12, 4]]; // prettier-ignore
    const at = (length: number): number[] => {
      const logits = net.logits(rows, length);
      return [0, 1].flatMap((row) => [...logits.subarray(row * length * tokenizer.vocab, (row * length + 3) * tokenizer.vocab)]); // prettier-ignore
    };
    const [four, ...others] = [4, 3, 5, 7, 13].map(at);
    for (const other of others) other.forEach((x, i) => expect(Math.abs(x - four![i]!)).toBeLessThan(1e-5));
  });

  it("is the same after a way through safetensors", () => {
    const other = netOf(options, 77);
    const bytes = toSafetensors(net.model.save());
    expect(other.logits([[2, 3]], 4)).not.toEqual(net.logits([[2, 3]], 4));
    other.model.load(fromSafetensors(bytes));
    expect(other.logits([[2, 3, 9]], 4)).toEqual(net.logits([[2, 3, 9]], 4));
    expect(generate(other, ["1+"], { maxTokens: 5, rng: new Rng(2) })).toEqual(generate(net, ["1+"], { maxTokens: 5, rng: new Rng(2) })); // prettier-ignore
  });
});

/** A net without layers whose next token is always the same, or follows a rule: its head reads the last token off its embedding. */
function follows(next: readonly (readonly [from: string, to: string])[]): TextModel {
  const vocab = tokenizer.vocab;
  const net = decoder({ ...shape, width: 16, layers: 0, ffn: 1 });
  const [embed, head] = [new Float32Array(vocab * 16), new Float32Array(16 * vocab)];
  const token = (text: string): number => (text === "" ? tokenizer.end : tokenizer.encode(text)[0]!);
  for (let t = 0; t < vocab; t++) embed[t * 16 + t] = 1;
  for (const [from, to] of next) head[token(from) * vocab + token(to)] = 20;
  const data = { "embed.weight": embed, "head.weight": head, "norm.scale": new Float32Array(16).fill(1) };
  const weights = Object.fromEntries(Object.entries(data).map(([name, values]) => [name, { data: values }]));
  return { decoder: net, tokenizer, model: { weights: () => weights } };
}

describe("generate", () => {
  const counting = follows([["1", "2"], ["2", "3"], ["3", "4"], ["4", ""], ["5", "6"], ["6", "5"]]); // prettier-ignore
  const options = { maxTokens: 8, temperature: 0, rng: new Rng(1) };

  it("ends with the end token, which is drawn and is no text", () => {
    const [answer] = generate(counting, ["1"], options);
    expect(answer).toMatchObject({ text: "234", stopped: true });
    expect(Array.from(answer!.tokens)).toEqual([...tokenizer.encode("234"), tokenizer.end]);
    expect(answer!.logProbs).toHaveLength(4);
  });

  it("ends with a stop text of two characters, which belongs to the answer, and lets others of the batch go on", () => {
    const answers = generate(counting, ["1", "5", "2"], { ...options, stop: ["34", "99"] });
    expect(answers.map(({ text, stopped }) => [text, stopped])).toEqual([
      ["234", true],
      ["65656565", false],
      ["34", true],
    ]);
  });

  it("does not take the end of a prompt for part of a stop text", () => {
    expect(generate(counting, ["12"], { ...options, stop: ["23"] })[0]).toMatchObject({ text: "34", stopped: true });
  });

  it("reads a prompt given 3 times once, and draws 3 answers", () => {
    const random = netOf(NETS["dense net"]!);
    const answers = generate(random, ["1+2=", "1+2=", "1+2="], { maxTokens: 9, rng: new Rng(5) });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(3);
    const single = generate(random, ["1+2="], { maxTokens: 9, rng: new Rng(5) });
    expect(single[0]!.logProbs[0]).toBe(answers[0]!.logProbs[0]);
  });

  it("gives the same answers for the same seed, and others for another", () => {
    const net = netOf(NETS["net with 4 experts"]!);
    const texts = (seed: number) =>
      generate(net, PROMPTS, { maxTokens: 9, rng: new Rng(seed) }).map(({ text }) => text);
    expect(texts(1)).toEqual(texts(1));
    expect(texts(1)).not.toEqual(texts(2));
  });

  it("takes prompts as tokens", () => {
    expect(generate(counting, [tokenizer.encode("1")], options)).toEqual(generate(counting, ["1"], options));
    expect(generate(counting, [], options)).toEqual([]);
  });

  it.each([
    [["1", ""], /generate: prompt 2: expected a character or more/],
    [["x"], /tokenizer: character 1 of a text: expected one of 0123456789\+=, got "x"/],
    [
      ["1+1=".repeat(5)],
      /generate: longest prompt and maxTokens: expected at most 24 tokens together, the decoder's context, got 27/,
    ],
    [[Int32Array.of(2, -1)], /generate: prompt 1: token 2: expected 0 to 13, got -1/],
    [[Int32Array.of(14)], /generate: prompt 1: token 1: expected 0 to 13, got 14/],
  ])("refuses the prompts %j in one line", (prompts, message) => {
    expect(() => generate(counting, prompts, options)).toThrow(message);
  });

  it.each([
    [{ maxTokens: 0 }, /maxTokens: expected an integer from 1 on, got 0/],
    [{ temperature: -1 }, /temperature: expected a number from 0 on, got -1/],
    [{ topP: 0 }, /topP: expected a number above 0 and up to 1, got 0/],
    [{ topP: 1.5 }, /topP: expected a number above 0 and up to 1, got 1.5/],
    [{ stop: ["4", ""] }, /stop: expected texts of a character or more/],
  ])("refuses %j in one line", (wrong, message) => {
    expect(() => generate(counting, ["1"], { ...options, ...wrong })).toThrow(message);
  });

  it("says where the logits are no numbers, instead of drawing from them", () => {
    const weights = { ...counting.model.weights(), "norm.scale": { data: new Float32Array(16).fill(NaN) } };
    const broken = { ...counting, model: { weights: () => weights } };
    expect(() => generate(broken, ["1"], options)).toThrow(/generate: logits: expected finite numbers, got NaN/);
  });
});
