/** MBPP (Austin et al., 2021, arXiv:2108.07732): write a Python function; assert lines check it. */
import { GymError } from "../../../../protocol/errors.ts";
import { textField, textList, type Exercise, type Fields } from "./exercise.ts";

/** A row of mbpp.jsonl. @throws {GymError} BAD_PARAM naming the field that is missing or useless */
export function mbpp(row: Fields): Exercise {
  const id = `MBPP/${String(row["task_id"])}`;
  const text = textField(row, "text" in row ? "text" : "prompt", id);
  const code = textField(row, "code", id);
  const tests = textList(row, "test_list", id);
  const hidden = "challenge_test_list" in row ? textList(row, "challenge_test_list", id) : [];
  const setup = typeof row["test_setup_code"] === "string" ? row["test_setup_code"] : "";
  const names = calledNames(code, [...tests, ...hidden].join("\n"), id);
  const program = (lines: readonly string[]) => ({ program: [setup, ...lines, ""].join("\n"), names });
  return {
    id,
    language: "python",
    // The name of the function is told by its tests alone.
    prompt: `${text}\n\nYour code should pass these tests:\n\n\`\`\`python\n${tests.join("\n")}\n\`\`\``,
    entryPoint: names[0] as string,
    publicTests: [program(tests)],
    hiddenTests: hidden.length === 0 ? [] : [program(hidden)],
    reference: code,
  };
}

/** Functions and classes of the reference that the tests name, in the order of the tests. */
function calledNames(code: string, tests: string, id: string): string[] {
  const defined = new Set([...code.matchAll(/^(?:def|class)\s+(\w+)/gm)].map(([, name = ""]) => name));
  const used = [...tests.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)].map(([, name = ""]) => name);
  const names = [...new Set(used.filter((name) => defined.has(name)))];
  if (names.length > 0) return names;
  throw new GymError("BAD_PARAM", `${id}: test_list`, {
    expected: "tests that call a function of the code",
    received: tests.slice(0, 120),
  });
}
