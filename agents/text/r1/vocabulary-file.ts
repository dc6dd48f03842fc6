/** How a run's policies read and write, kept beside their checkpoints: weights mean nothing to whoever cuts texts otherwise. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { GymError } from "dojang/protocol";
import { writeAtomic } from "../../shared/atomic-file.ts";
import { readJson } from "./read-json.ts";

export interface Vocabulary {
  readonly phrases: readonly string[];
  /** Texts that end an answer and belong to it. */
  readonly stop: readonly string[];
  /** Tokens of the longest answer. */
  readonly answerTokens: number;
}

const FILE = "vocabulary.json";
const HINT = "Remove it: --resume writes it again.";

/** Writes it, or compares it with what is there. @throws {GymError} BAD_RUN where they differ: the env's words have changed since */
export async function keepVocabulary(run: string, vocabulary: Vocabulary): Promise<void> {
  const file = join(run, FILE);
  const text = `${JSON.stringify(vocabulary, undefined, 2)}\n`;
  if (!existsSync(file)) return writeAtomic(file, text);
  if ((await readFile(file, "utf8")) === text) return;
  throw new GymError("BAD_RUN", file, {
    expected: "the phrases of the env's prompts as they are now",
    received: "others",
    hint: "The run was begun with another version of the env: begin anew in another folder.",
  });
}

/** @throws {GymError} BAD_RUN where there is none, or the file is damaged */
export async function readVocabulary(run: string): Promise<Vocabulary> {
  const file = join(run, FILE);
  if (!existsSync(file))
    throw new GymError("BAD_RUN", run, {
      expected: `a run of r1, with ${FILE}`,
      received: "none",
      hint: `\`dojang train r1 --resume --out ${run}\` adds it to a run of an earlier version.`,
    });
  const value = Object(await readJson(file, HINT)) as { readonly [K in keyof Vocabulary]?: unknown };
  const isList = (texts: unknown): boolean => Array.isArray(texts) && texts.every((text) => typeof text === "string");
  if (isList(value.phrases) && isList(value.stop) && Number.isInteger(value.answerTokens)) return value as Vocabulary;
  throw new GymError("BAD_RUN", file, { expected: "phrases, stop and answerTokens as `dojang train r1` wrote them", hint: HINT }); // prettier-ignore
}
