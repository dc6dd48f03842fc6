/** `dojang eval llm math-v0` with sums against a fake endpoint, in the process of the test, and what it writes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { tempDir } from "../support/temp.ts";
import { call, type CallResult } from "./call.ts";
import type { FakeEndpoint } from "./fake-endpoint.ts";

/** Params that make math-v0 ask for sums. */
export const SUMS = ["--param", 'tasks=["addition"]', "--param", "format=think-answer"];

/** A folder that does not exist yet. */
export const newOut = (): string => join(tempDir(), "out");

export const evaluate = (
  { url }: Pick<FakeEndpoint, "url">,
  out: string,
  ...args: readonly string[]
): Promise<CallResult> =>
  call("eval", "llm", "math-v0", "--base-url", url, "--model", "adder", ...SUMS, "--seed", "1", "--out", out, ...args);

export interface Line {
  readonly problem: number;
  readonly sample: number;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly right: boolean;
  readonly requests: number;
}

/** answers.jsonl */
export const linesOf = (out: string): Line[] =>
  readFileSync(join(out, "answers.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Line); // prettier-ignore
