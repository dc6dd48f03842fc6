/** A programming problem with its tests: what every data set is read into. */
import { GymError } from "../../../../protocol/errors.ts";
import type { Comparison, Language, Submission, Test } from "../types.ts";

export interface Exercise {
  readonly id: string;
  readonly language: Language;
  /** What the author of a submission reads. */
  readonly prompt: string;
  /** The function that is asked for; absent where a whole program is. */
  readonly entryPoint?: string;
  /** Code that stands before a submission: imports and helpers of the task, and for completions the head of the function. */
  readonly head?: string;
  /** Tests whose verdicts a submission's author may see. */
  readonly publicTests: readonly Test[];
  readonly hiddenTests: readonly Test[];
  readonly compare?: Comparison;
  /** A source that passes; absent where the data set has none. */
  readonly reference?: string;
  /** 1 (easy) .. 3 (hard), where it is known. */
  readonly difficulty?: number;
}

/** The submission of a source, judged by all tests, the public ones first. */
export function submissionOf(exercise: Exercise, source: string): Submission {
  const { language, entryPoint, publicTests, hiddenTests, compare } = exercise;
  return {
    language,
    source,
    tests: [...publicTests, ...hiddenTests],
    ...(entryPoint !== undefined && { entryPoint }),
    ...(compare && { compare }),
  };
}

/** A function that does nothing, or an empty program: what must never pass. */
export function stubOf({ language, entryPoint }: Exercise): string {
  if (entryPoint === undefined) return "";
  return language === "python" ? `def ${entryPoint}(*args, **kwargs):\n    pass\n` : `function ${entryPoint}() {}\n`;
}

/** Fields of a row that came from outside. */
export type Fields = Readonly<Record<string, unknown>>;

/** A text field. @throws {GymError} BAD_PARAM naming the field */
export function textField(row: Fields, name: string, where: string): string {
  const value = row[name];
  if (typeof value === "string" && value !== "") return value;
  throw new GymError("BAD_PARAM", `${where}: ${name}`, { expected: "a text", received: value });
}

/** A list of texts. @throws {GymError} BAD_PARAM naming the field */
export function textList(row: Fields, name: string, where: string): readonly string[] {
  const value = row[name];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new GymError("BAD_PARAM", `${where}: ${name}`, { expected: "a list of texts", received: value });
}
