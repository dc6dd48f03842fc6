/** What an agent is told about a reply that did not pass: verdicts of public tests and what was printed, never a hidden test. */
import type { CodeResult } from "dojang/verify";

/** Failing tests that are told. */
const MAX_TESTS = 5;
const MAX_OUTPUT = 1_000;

/** @param shown what the public tests alone came to; undefined where there are none */
export function feedbackOf(shown: CodeResult | undefined, left: number): string {
  const attempts = `${left} ${left === 1 ? "attempt is" : "attempts are"} left.`;
  if (shown === undefined) return `The tests do not pass. ${attempts}`;
  const { tests, stdout, stderr } = shown;
  const failing = tests.flatMap(({ verdict, detail }, i) =>
    verdict === "pass" ? [] : [`Test ${i + 1}: ${verdict}${detail === undefined ? "" : `: ${detail}`}`],
  );
  const hidden = failing.length === 0 ? ", but hidden ones do not" : "";
  return [
    `${tests.length - failing.length} of ${tests.length} public tests pass${hidden}.`,
    ...failing.slice(0, MAX_TESTS),
    ...told("stdout", stdout),
    ...told("stderr", stderr),
    attempts,
  ].join("\n");
}

const told = (name: string, text: string): string[] => (text === "" ? [] : [`${name}: ${text.slice(0, MAX_OUTPUT)}`]);
