/** How published problem sets name their columns, and where in them the gold answer stands. */
import { GymError } from "dojang/protocol";
import { textAt, type Row } from "../shared/dataset/row.ts";
import type { Problem } from "./tasks/task.ts";

export const SHAPES = ["auto", "gsm8k", "math", "aime", "dapo", "fields"] as const;
export type Shape = (typeof SHAPES)[number];

/** Paths of columns, for a set of no published shape: "question", "reward_model.ground_truth", "prompt.0.content". */
export interface Fields {
  readonly question: string;
  readonly answer: string;
  /** Empty: rows are numbered. */
  readonly id: string;
  /** Empty: all rows are one family. */
  readonly task: string;
}

interface Columns {
  readonly question: readonly string[];
  readonly answer: readonly string[];
  readonly id: readonly string[];
  readonly task: readonly string[];
  readonly gold: (answer: string) => string | undefined;
}

/** GSM8K: the number behind the last "####". */
const behindHashes = (answer: string): string | undefined => {
  const at = answer.lastIndexOf("####");
  return at < 0 ? undefined : answer.slice(at + 4).trim();
};

/** MATH: what the last box of a worked solution holds; a bare answer is taken whole. */
export function lastBox(solution: string): string | undefined {
  const begin = Math.max(solution.lastIndexOf("\\boxed{"), solution.lastIndexOf("\\fbox{"));
  if (begin < 0) return undefined;
  const open = solution.indexOf("{", begin);
  let depth = 0;
  for (let i = open; i < solution.length; i++) {
    if (solution[i] === "\\") i++;
    else if (solution[i] === "{") depth++;
    else if (solution[i] === "}" && --depth === 0) return solution.slice(open + 1, i);
  }
  return undefined;
}

const whole = (answer: string): string => answer;

const COLUMNS: Readonly<Record<Exclude<Shape, "auto" | "fields">, Columns>> = {
  gsm8k: { question: ["question"], answer: ["answer"], id: [], task: [], gold: behindHashes },
  math: {
    question: ["problem"],
    answer: ["answer", "solution"],
    id: ["unique_id"],
    task: ["subject", "type"],
    gold: (answer) => (answer.includes("\\boxed") || answer.includes("\\fbox") ? lastBox(answer) : answer),
  },
  aime: { question: ["problem", "Problem"], answer: ["answer", "Answer"], id: ["id", "ID"], task: [], gold: whole },
  dapo: {
    question: ["prompt.0.content", "prompt"],
    answer: ["reward_model.ground_truth", "solution"],
    id: ["extra_info.index"],
    task: ["data_source"],
    gold: whole,
  },
};

/** The published shape that a row has. */
function shapeOf(row: Row): Exclude<Shape, "auto" | "fields"> | undefined {
  const has = (...paths: string[]): boolean => paths.every((path) => textAt(row, path) !== undefined);
  if (has("reward_model.ground_truth")) return "dapo";
  if (has("question", "answer") && textAt(row, "answer")?.includes("####") === true) return "gsm8k";
  if (has("problem", "solution")) return "math";
  return has("problem", "answer") || has("Problem", "Answer") ? "aime" : undefined;
}

/** @throws {GymError} BAD_PARAM naming the row and what it lacks */
export function problemsOf(rows: readonly Row[], shape: Shape, fields: Fields, where: string): Problem[] {
  const [first] = rows;
  const found = shape === "auto" && first !== undefined ? shapeOf(first) : shape;
  if (found === undefined || found === "auto")
    throw new GymError("BAD_PARAM", `${where}: param shape`, {
      expected: "rows as GSM8K, MATH, AIME or DAPO publish them",
      received: Object.keys(first?.values ?? {}),
      hint: 'Set shape to "fields" and name the columns in `fields`.',
    });
  const columns = found === "fields" ? columnsOf(fields) : COLUMNS[found];
  return rows.map((row) => problemOf(row, columns, where));
}

const named = (path: string): string[] => (path === "" ? [] : [path]);

const columnsOf = ({ question, answer, id, task }: Fields): Columns => ({
  question: named(question),
  answer: named(answer),
  id: named(id),
  task: named(task),
  gold: whole,
});

function problemOf(row: Row, { question, answer, id, task, gold }: Columns, where: string): Problem {
  const read = (paths: readonly string[]): string | undefined => {
    const path = paths.find((name) => textAt(row, name) !== undefined);
    return path === undefined ? undefined : textAt(row, path);
  };
  const need = (paths: readonly string[], what: string, found: string | undefined): string => {
    if (found !== undefined && found.trim() !== "") return found;
    throw new GymError("BAD_PARAM", `${where}: ${row.where}`, {
      expected: `${what} in ${paths.join(" or ") || "a named column"}`,
      received: Object.keys(row.values),
    });
  };
  const given = need(answer, "an answer", read(answer));
  return {
    id: read(id) ?? row.where,
    task: read(task) ?? "all",
    question: need(question, "a question", read(question)),
    gold: need(answer, "a gold answer", gold(given)),
  };
}
