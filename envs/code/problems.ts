/** The sixty problems that ship with the project, in JavaScript and Python. */
import { readFileSync } from "node:fs";
import type { Exercise } from "dojang/verify";

export const LANGUAGES = ["javascript", "python"] as const;
export type ProblemLanguage = (typeof LANGUAGES)[number];

interface Case {
  readonly args: readonly unknown[];
  readonly expected: unknown;
}

/** As problems.json holds them. Names are written for each language as its people do. */
interface Problem {
  readonly id: string;
  /** 1 (easy) .. 3 (hard) */
  readonly difficulty: number;
  readonly prompt: string;
  readonly parameters: readonly string[];
  readonly python: string;
  readonly javascript: string;
  readonly publicTests: readonly Case[];
  readonly hiddenTests: readonly Case[];
}

/** The shipped problems of a language. */
export function shippedProblems(language: ProblemLanguage): Exercise[] {
  const text = readFileSync(new URL("./problems.json", import.meta.url), "utf8");
  return (JSON.parse(text) as Problem[]).map((problem) => exerciseOf(problem, language));
}

function exerciseOf(problem: Problem, language: ProblemLanguage): Exercise {
  const { id, difficulty, parameters, publicTests, hiddenTests } = problem;
  const entryPoint =
    language === "python" ? id.replaceAll("-", "_") : id.replace(/-(\w)/g, (_, c: string) => c.toUpperCase());
  const examples = publicTests.map(
    ({ args, expected }) =>
      `${entryPoint}(${args.map(literal(language)).join(", ")}) -> ${literal(language)(expected)}`,
  );
  const name = language === "python" ? "Python" : "JavaScript";
  return {
    id: `${id}-${language}`,
    language,
    difficulty,
    prompt: [
      `Write a ${name} function ${entryPoint}(${parameters.join(", ")}).`,
      problem.prompt,
      "",
      "Examples:",
      ...examples,
    ].join("\n"),
    entryPoint,
    publicTests,
    hiddenTests,
    reference: problem[language],
  };
}

/** A JSON value as the language writes it. */
const literal =
  (language: ProblemLanguage) =>
  (value: unknown): string =>
    language === "javascript" ? JSON.stringify(value) : pythonOf(value);

function pythonOf(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonOf(item)}`).join(", ")}}`; // prettier-ignore
  return JSON.stringify(value);
}
