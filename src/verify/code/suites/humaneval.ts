/** HumanEval (Chen et al., 2021, arXiv:2107.03374): complete a Python function; a test program checks it. */
import type { ProgramTest } from "../types.ts";
import { textField, type Exercise, type Fields } from "./exercise.ts";

/** A row of HumanEval.jsonl. @throws {GymError} BAD_PARAM naming the field that is missing */
export function humanEval(row: Fields): Exercise {
  const id = textField(row, "task_id", "HumanEval");
  const where = `HumanEval: ${id}`;
  const [prompt, entryPoint, test] = ["prompt", "entry_point", "test"].map((name) => textField(row, name, where)) as [
    string,
    string,
    string,
  ];
  const solution = row["canonical_solution"];
  return {
    id,
    language: "python",
    prompt: `Complete this Python function.\n\n\`\`\`python\n${prompt.trim()}\n\`\`\``,
    entryPoint,
    head: prompt,
    publicTests: [],
    hiddenTests: [checkProgram(prompt, entryPoint, test)],
    ...(typeof solution === "string" && { reference: prompt + solution }),
  };
}

/**
 * The prompt's own helpers (two tasks' tests call them) run in the test's box, from the prompt and never from the
 * submission; the name that is tested is the forwarder again after them.
 */
const checkProgram = (prompt: string, entryPoint: string, test: string): ProgramTest => ({
  program: [`_candidate = ${entryPoint}`, prompt, `${entryPoint} = _candidate`, test, `check(${entryPoint})`, ""].join(
    "\n",
  ),
  names: [entryPoint],
});
