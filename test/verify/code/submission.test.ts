/** Submissions that cannot be judged are refused, each in one line that names the field. */
import { describe, expect, it } from "vitest";
import { createCodeRunner, type Submission } from "../../../src/verify/code/index.ts";
import { fakeDriver, value } from "./fake-driver.ts";

const GOOD = { language: "python", entryPoint: "f", source: "def f(x): ...", tests: [{ args: [1], expected: 1 }] };
const runner = createCodeRunner({ kinds: [fakeDriver(() => value(1))] });

describe("wrong submissions", () => {
  it.each<[string, unknown, string]>([
    ["no tests", { ...GOOD, tests: [] }, "tests: expected a list of at least one test"],
    ["tests that are no list", { ...GOOD, tests: "all" }, "tests"],
    [
      "a test without anything to check",
      { ...GOOD, tests: [{ args: [1] }] },
      "tests[0]: expected expected, raises or mutated",
    ],
    ["a test that is nothing known", { ...GOOD, tests: [{ input: 1 }] }, "tests[0]"],
    ["a test with both expected and raises", { ...GOOD, tests: [{ args: [], expected: 1, raises: "E" }] }, "either"],
    [
      "a test with a field that nobody knows",
      { ...GOOD, tests: [{ args: [], expected: 1, check: "()=>true" }] },
      "check",
    ],
    ["arguments that are no list", { ...GOOD, tests: [{ args: { a: 1 }, expected: 1 }] }, "tests[0].args"],
    ["a wrong tag", { ...GOOD, tests: [{ args: [{ x: 1 }], expected: 1, encoding: "tagged" }] }, "tests[0].args[0]"],
    ["no entry point for a function test", { ...GOOD, entryPoint: undefined }, "entryPoint"],
    ["an unknown language", { ...GOOD, language: "cobol" }, "language: expected javascript, typescript, python"],
    ["a source that is no text", { ...GOOD, source: 5 }, "source"],
    ["a source of 2 million characters", { ...GOOD, source: "x".repeat(2e6) }, "source: expected at most 1048576"],
    ["an unknown limit", { ...GOOD, limits: { ram: 1 } }, "limits"],
    ["a limit of zero", { ...GOOD, limits: { cpuMs: 0 } }, "limits.cpuMs: expected an integer from 1"],
    ["a limit of a day", { ...GOOD, limits: { wallMs: 86_400_000 } }, "limits.wallMs"],
    ["an unknown option of the comparison", { ...GOOD, compare: { fuzzy: true } }, "compare"],
    ["a checker that is code", { ...GOOD, compare: { checker: "() => true" } }, "no checkers"],
    ["a field that nobody knows", { ...GOOD, reward: 1 }, "reward"],
    ["a program without names", { ...GOOD, tests: [{ program: "pass", names: [] }] }, "tests[0].names"],
    ["no object", null, "submission"],
  ])("are refused: %s", async (_, submission, says) => {
    // What may come over HTTP, whatever the type says.
    await expect(runner.run(submission as Submission)).rejects.toMatchObject({ code: "BAD_PARAM", message: expect.stringContaining(says) as string }); // prettier-ignore
  });
});
