/** Data sets of programming problems: how rows are read, and what a check of a suite finds. */
import { describe, expect, it } from "vitest";
import {
  createCodeRunner,
  type CodeResult,
  type CodeRunner,
  type Submission,
} from "../../../../src/verify/code/index.ts";
import { checkSuite, humanEval, liveCodeBench, mbpp, stubOf, submissionOf, unittestProgram, type Exercise } from "../../../../src/verify/code/suites/index.ts"; // prettier-ignore
import { dataFile, missingData } from "../../../support/data.ts";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const HUMAN = {
  task_id: "HumanEval/x",
  prompt: 'import math\n\ndef helper(n):\n    return n * 2\n\ndef twice(n):\n    """ Double n. """\n',
  entry_point: "twice",
  canonical_solution: "    return helper(n)\n",
  test: "def check(candidate):\n    assert candidate(2) == helper(2)\n    assert candidate(0) == 0\n",
};
const PROBLEM = {
  task_id: 7,
  text: "Write a function to add.",
  code: "class Unused:\n    pass\n\ndef add(a, b):\n    return a + b",
  test_setup_code: "import math",
  test_list: ["assert add(1, 2) == 3", "assert math.isclose(add(0.5, 0.25), 0.75)"],
  challenge_test_list: [],
};

const rowsOf = (text: string): Record<string, unknown>[] =>
  text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

describe("a row", () => {
  it("of HumanEval becomes one test program that calls the submission by its name", () => {
    const { id, entryPoint, reference, hiddenTests, publicTests } = humanEval(HUMAN);
    expect({ id, entryPoint, reference, publicTests }).toEqual({ id: "HumanEval/x", entryPoint: "twice", reference: HUMAN.prompt + HUMAN.canonical_solution, publicTests: [] }); // prettier-ignore
    expect(hiddenTests).toMatchObject([{ names: ["twice"] }]);
  });

  it("of MBPP names the functions that its tests call, and no others", () => {
    const exercise = mbpp(PROBLEM);
    expect(exercise.publicTests).toMatchObject([{ names: ["add"] }]);
    expect(exercise.hiddenTests).toEqual([]);
    expect(exercise.entryPoint).toBe("add");
  });

  it("of LiveCodeBench becomes calls where it names a function, and else programs that read stdin", () => {
    const row = { question_id: "1", question_content: "Add.", starter_code: "class Solution:", metadata: '{"func_name":"add"}', public_test_cases: '[{"input":"1\\n[2]","output":"3","testtype":"functional"}]' }; // prettier-ignore
    expect(liveCodeBench(row).publicTests).toEqual([{ args: [1, [2]], expected: 3 }]);
    expect(liveCodeBench({ ...row, metadata: "{}" }).publicTests).toEqual([{ stdin: "1\n[2]", stdout: "3" }]);
  });

  it.each([
    [() => humanEval({ ...HUMAN, test: undefined }), /HumanEval\/x: test: expected a text/],
    [
      () => mbpp({ ...PROBLEM, test_list: ["assert 1 == 1"] }),
      /MBPP\/7: test_list: expected tests that call a function of the code/,
    ],
    [() => mbpp({ ...PROBLEM, test_list: "x" }), /test_list: expected a list of texts/],
    [
      () => liveCodeBench({ question_id: "1", question_content: "q", public_test_cases: "eJwLycgsV..." }),
      /pickle.*never opened/,
    ],
  ])("that lacks something is refused by name (%#)", (read, message) => {
    expect(read).toThrow(message);
  });
});

describe("a check of a suite", () => {
  const exercise: Exercise = { id: "one", language: "javascript", prompt: "", entryPoint: "f", publicTests: [{ args: [1], expected: 2 }], hiddenTests: [], reference: "function f(x) { return x + 1; }" }; // prettier-ignore

  it("passes one whose reference passes and whose stub fails", async () => {
    const runner = createCodeRunner();
    try {
      expect(await checkSuite([exercise], runner)).toEqual({ exercises: 1, references: 1, passed: 1, stubs: 0, faults: [] }); // prettier-ignore
    } finally {
      await runner.close();
    }
  });

  it.each([
    ["no tests", { publicTests: [] }, /has no tests/],
    ["a wrong reference", { reference: "function f(x) { return x; }" }, /its reference gets fail/],
    [
      "tests that a stub passes",
      { language: "python", publicTests: [{ args: [], expected: null }], reference: "def f():\n    pass" } as const,
      /an empty stub passes/,
    ],
  ])("names an exercise with %s", async (_name, change, why) => {
    const runner = createCodeRunner();
    try {
      const { faults } = await checkSuite([{ ...exercise, ...change }], runner);
      expect(faults).toMatchObject([{ id: "one", why: expect.stringMatching(why) as string }]);
    } finally {
      await runner.close();
    }
  });

  it("says nothing about a suite when the runner fails", async () => {
    const failing = { run: (_: Submission) => Promise.resolve({ verdict: "infrastructure", detail: "no sandbox" } as CodeResult) } as CodeRunner; // prettier-ignore
    await expect(checkSuite([exercise], failing)).rejects.toMatchObject({ code: "VERIFIER_UNAVAILABLE" });
  });
});

describe("Python test programs", () => {
  const judge = async (exercise: Exercise, source: string): Promise<string> => {
    const runner = createCodeRunner();
    try {
      return (await runner.run(submissionOf(exercise, source))).verdict;
    } finally {
      await runner.close();
    }
  };

  it("of HumanEval pass the reference, fail a stub, and are not fooled by a helper that the submission brings", async () => {
    const exercise = humanEval(HUMAN);
    expect(await judge(exercise, exercise.reference ?? "")).toBe("pass");
    expect(await judge(exercise, stubOf(exercise))).toBe("fail");
    expect(await judge(exercise, "def helper(n):\n    return 0\ndef twice(n):\n    return 0\n")).toBe("fail");
  });

  it("of unittest pass and fail by their result, and a skipped test is no pass", async () => {
    const file = "import unittest\nfrom solution import add\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\nif __name__ == '__main__':\n    unittest.main()\n"; // prettier-ignore
    const exercise: Exercise = { id: "u", language: "python", prompt: "", entryPoint: "add", publicTests: [], hiddenTests: [unittestProgram(file, "solution", ["add"])] }; // prettier-ignore
    expect(await judge(exercise, "def add(a, b):\n    return a + b\n")).toBe("pass");
    expect(await judge(exercise, "def add(a, b):\n    return a - b\n")).toBe("fail");
    expect(await judge(exercise, "import unittest\ndef add(a, b):\n    raise unittest.SkipTest('no')\n")).not.toBe("pass"); // prettier-ignore
    const empty = { ...exercise, hiddenTests: [unittestProgram("import unittest\n", "solution", ["add"])] };
    expect(await judge(empty, "def add(a, b):\n    return a + b\n")).not.toBe("pass");
  });
});

/** References that cannot pass through the wall between tests and submission: two build objects of the submission's own class, one passes a type, one tests with a module it does not import. */
const ODD = ["MBPP/367", "MBPP/533", "MBPP/596", "MBPP/927"];

describe("published suites", () => {
  const full = process.env["DOJANG_SOAK"] === "full";

  it.skipIf(missingData("HumanEval.jsonl.gz"))(
    `HumanEval: references pass and empty stubs fail ${missingData("HumanEval.jsonl.gz") ?? ""}`,
    { timeout: 300_000 },
    async () => {
      const rows = rowsOf(gunzipSync(readFileSync(dataFile("HumanEval.jsonl.gz"))).toString());
      const exercises = rows.map(humanEval).filter((_, i) => full || i % 4 === 0);
      const runner = createCodeRunner();
      try {
        expect(await checkSuite(exercises, runner)).toEqual({ exercises: exercises.length, references: exercises.length, passed: exercises.length, stubs: 0, faults: [] }); // prettier-ignore
      } finally {
        await runner.close();
      }
    },
  );

  it.skipIf(missingData("mbpp.jsonl"))(
    `MBPP: references pass but for ${ODD.length} listed, and empty stubs fail ${missingData("mbpp.jsonl") ?? ""}`,
    { timeout: 300_000 },
    async () => {
      const rows = rowsOf(readFileSync(dataFile("mbpp.jsonl"), "utf8"));
      const exercises = rows.map(mbpp).filter(({ id }, i) => full || i % 10 === 0 || ODD.includes(id));
      const runner = createCodeRunner();
      try {
        const { faults, stubs } = await checkSuite(exercises, runner);
        expect(faults.map(({ id }) => id).sort()).toEqual(ODD);
        expect(stubs).toBe(0);
      } finally {
        await runner.close();
      }
    },
  );
});
