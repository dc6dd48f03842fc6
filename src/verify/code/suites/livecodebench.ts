/** LiveCodeBench (Jain et al., 2024, arXiv:2403.07974): programs that read stdin, and functions, in Python. */
import { GymError } from "../../../../protocol/errors.ts";
import type { Test } from "../types.ts";
import { textField, type Exercise, type Fields } from "./exercise.ts";

/** A row of the published set. Hidden tests are read where they are JSON; the packed form is a Python pickle, which is never opened. @throws {GymError} BAD_PARAM naming the field */
export function liveCodeBench(row: Fields): Exercise {
  const id = textField(row, "question_id", "LiveCodeBench");
  const entryPoint = functionName(row["metadata"]);
  const starter = typeof row["starter_code"] === "string" ? row["starter_code"] : "";
  const read = (name: string): Test[] => casesOf(row[name], `LiveCodeBench: ${id}: ${name}`, entryPoint !== undefined);
  const tail =
    entryPoint === undefined
      ? "Write a Python program that reads stdin and prints to stdout."
      : `Begin with:\n\n\`\`\`python\n${starter}\n\`\`\``;
  return {
    id,
    language: "python",
    prompt: `${textField(row, "question_content", id)}\n\n${tail}`,
    ...(entryPoint !== undefined && { entryPoint }),
    publicTests: read("public_test_cases"),
    hiddenTests: row["private_test_cases"] === undefined ? [] : read("private_test_cases"),
  };
}

interface CaseFields {
  readonly input: string;
  readonly output: string;
}

function casesOf(given: unknown, where: string, isFunction: boolean): Test[] {
  const cases = typeof given === "string" ? parse(given, where) : given;
  if (!Array.isArray(cases) || !cases.every(isCase))
    throw new GymError("BAD_PARAM", where, { expected: "a list of {input, output}", received: cases });
  return cases.map(({ input, output }: CaseFields): Test =>
    isFunction
      ? {
          args: input
            .split("\n")
            .filter((line) => line.trim() !== "")
            .map((line) => parse(line, where)),
          expected: parse(output, where),
        }
      : { stdin: input, stdout: output },
  );
}

const isCase = (value: unknown): value is CaseFields =>
  typeof value === "object" &&
  value !== null &&
  "input" in value &&
  "output" in value &&
  typeof value.input === "string" &&
  typeof value.output === "string";

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GymError("BAD_PARAM", where, {
      expected: "JSON",
      received: text.slice(0, 60),
      hint: "The packed form of hidden tests is a Python pickle: unpack it to JSON first, it is never opened here.",
    });
  }
}

/** `{"func_name": "f"}`, as text or as it is; absent for programs. */
function functionName(metadata: unknown): string | undefined {
  let found: unknown = metadata;
  if (typeof metadata === "string") {
    try {
      found = JSON.parse(metadata);
    } catch {
      return undefined;
    }
  }
  const name = typeof found === "object" && found !== null && "func_name" in found ? found.func_name : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}
