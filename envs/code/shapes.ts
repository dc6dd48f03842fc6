/** How rows of a data set become exercises: by the shape that they were published in, or Dojang's own. */
import { GymError } from "dojang/protocol";
import { humanEval, liveCodeBench, mbpp, type Exercise } from "dojang/verify";
import type { Row } from "../shared/dataset/row.ts";

export const SHAPES = ["auto", "humaneval", "mbpp", "livecodebench", "dojang"] as const;
export type Shape = (typeof SHAPES)[number];

const READERS: Readonly<Record<Exclude<Shape, "auto">, (values: Readonly<Record<string, unknown>>) => Exercise>> = {
  humaneval: humanEval,
  mbpp,
  livecodebench: liveCodeBench,
  dojang: ownExercise,
};

function shapeOf({ values }: Row): Exclude<Shape, "auto"> | undefined {
  const has = (...names: string[]): boolean => names.every((name) => name in values);
  if (has("entry_point", "test", "prompt")) return "humaneval";
  if (has("test_list", "code")) return "mbpp";
  if (has("question_content", "public_test_cases")) return "livecodebench";
  return has("language", "prompt", "publicTests") ? "dojang" : undefined;
}

/** @throws {GymError} BAD_PARAM naming the row and what it lacks */
export function exercisesOf(rows: readonly Row[], shape: Shape, where: string): Exercise[] {
  const found = shape === "auto" ? rows[0] && shapeOf(rows[0]) : shape;
  if (found === undefined)
    throw new GymError("BAD_PARAM", `${where}: param shape`, {
      expected: "rows as HumanEval, MBPP or LiveCodeBench publish them, or {language, prompt, publicTests}",
      received: Object.keys(rows[0]?.values ?? {}),
    });
  return rows.map((row) => {
    try {
      return READERS[found](row.values);
    } catch (error) {
      throw new GymError(
        "BAD_PARAM",
        `${where}: ${row.where}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
}

/** `{id, language, prompt, entryPoint?, publicTests, hiddenTests?, reference?}`; the runner checks the tests themselves. */
function ownExercise(values: Readonly<Record<string, unknown>>): Exercise {
  const { id, language, prompt, entryPoint, publicTests, hiddenTests = [], reference } = values;
  const wrong = (name: string, expected: string): GymError =>
    new GymError("BAD_PARAM", name, { expected, received: values[name] });
  if (typeof id !== "string") throw wrong("id", "a text");
  if (language !== "python" && language !== "javascript" && language !== "typescript")
    throw wrong("language", "python, javascript or typescript");
  if (typeof prompt !== "string") throw wrong("prompt", "a text");
  if (entryPoint !== undefined && typeof entryPoint !== "string") throw wrong("entryPoint", "a name");
  if (!Array.isArray(publicTests)) throw wrong("publicTests", "a list");
  if (!Array.isArray(hiddenTests)) throw wrong("hiddenTests", "a list");
  if (reference !== undefined && typeof reference !== "string") throw wrong("reference", "a text");
  return {
    ...{ id, language, prompt, publicTests, hiddenTests },
    ...(entryPoint !== undefined && { entryPoint }),
    ...(reference !== undefined && { reference }),
  };
}
