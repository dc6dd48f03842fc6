/** Programs to learn: an operator's problem set of one-line functions for code-v0, a server that judges them, and a tiny net that can write them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "dojang/env";
import { Registry } from "dojang/server";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import { phraseTokenizer } from "../../../agents/text/r1/vocabulary.ts";
import type { Example } from "../../../agents/text/sft.ts";
import { makeFolder, removeFolder } from "../../support/temp.ts";
import { wire, type Wire } from "./r1-wire.ts";

const OPERATORS = { plus: "+", minus: "-", times: "*" } as const;
type Word = keyof typeof OPERATORS;
const WORDS: readonly Word[] = ["plus", "minus", "times"];

/** "Write f(a, b): a plus b, then times 3." asks for `(a + b) * 3`: whoever leaves out the parentheses multiplies no sum. */
export interface Problem {
  readonly prompt: string;
  readonly program: string;
  readonly value: (a: number, b: number) => number;
}

const apply = (x: number, word: Word, y: number): number =>
  word === "plus" ? x + y : word === "minus" ? x - y : x * y;

function problem(x: string, first: Word, y: string, second: Word, z: string): Problem {
  const valueOf = (name: string, a: number, b: number): number => (name === "a" ? a : name === "b" ? b : Number(name));
  return {
    prompt: `Write f(a, b): ${x} ${first} ${y}, then ${second} ${z}.`,
    program: `const f = (a, b) => (${x} ${OPERATORS[first]} ${y}) ${OPERATORS[second]} ${z};`,
    value: (a, b) => apply(apply(valueOf(x, a, b), first, valueOf(y, a, b)), second, valueOf(z, a, b)),
  };
}

const all = ["a", "b"].flatMap((x) =>
  WORDS.flatMap((first) =>
    ["a", "b"].flatMap((y) =>
      WORDS.flatMap((second) => ["a", "b", "1", "2", "3", "4"].map((z) => problem(x, first, y, second, z))),
    ),
  ),
);

/** 216 problems in an order that is always the same. */
export const problems: readonly Problem[] = new Rng(3).shuffle([...all]);

/** Items: 24 with a worked program, 128 to practise on, 64 that nothing is learnt from. */
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
export const [SHOWN, PRACTISED, HELD_OUT] = [range(0, 24), range(24, 152), range(152, 216)];

export const examples: readonly Example[] = SHOWN.map((item) => {
  const { prompt, program } = problems[item] as Problem;
  return { prompt, answer: program };
});

/** Words of the problems and of the programs. */
const WRITING = [
  ...Array.from("ab1234()+-*; "),
  "Write f(a, b): ",
  ", then ",
  ".",
  "plus ",
  "minus ",
  "times ",
  "const f = (a, b) => ",
];
/** What code-v0 says after a failing try is cut into few tokens; any other character has one of its own. */
const ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
const HEARING = [...ASCII, "\n", " of ", " public tests pass.", " public tests pass, but hidden ones do not.", "Test ", ": fail: ", ": error: ", " attempt is left."]; // prettier-ignore

function netOf(phrases: readonly string[], context: number) {
  const tokenizer = phraseTokenizer([...new Set(phrases)]);
  const shape = { vocab: tokenizer.vocab, width: 32, layers: 2, heads: 4, ffn: 64, pad: tokenizer.pad, context };
  return { tokenizer, decoder: decoder({ ...shape, positions: "learned" }) };
}

export const net = netOf(WRITING, 32);
/** Understands what is said after a failing try, and has room for two programs. */
export const patient = netOf([...WRITING, ...HEARING], 160);

/** A server on a free port whose code-v0 asks these problems. */
export async function openJudge(): Promise<Wire> {
  const folder = makeFolder();
  const test = (item: number, a: number, b: number) => ({ args: [a, b], expected: problems[item]?.value(a, b) });
  const rows = problems.map(({ prompt, program }, item) => ({
    ...{ id: String(item), language: "javascript", entryPoint: "f", prompt, reference: program },
    ...{ publicTests: [test(item, 2, 3)], hiddenTests: [test(item, 7, 4), test(item, 5, 11)] },
  }));
  writeFileSync(join(folder, "programs.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const operatorParams = ({ id }: { id: string }) => (id === "code-v0" ? { folder, file: "programs.jsonl" } : {});
  const judge = await wire(["step", "seeds"], new Registry(undefined, { operatorParams }));
  return {
    client: judge.client,
    async close() {
      await judge.close();
      removeFolder(folder);
    },
  };
}
