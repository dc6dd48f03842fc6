/** A unittest file as a test program: what it imports from the submission's module is forwarded. */
import type { ProgramTest } from "../types.ts";

/**
 * @param file text of a Python unittest file that imports `names` from `module`, or the module itself
 * @param module name that the file imports the submission by, such as "solution"
 */
export function unittestProgram(file: string, module: string, names: readonly string[]): ProgramTest {
  const bind = names.map((name) => `_module.${name} = ${name}`);
  return {
    program: [
      "import sys as _sys, types as _types",
      `_module = _types.ModuleType(${JSON.stringify(module)})`,
      ...bind,
      `_sys.modules[${JSON.stringify(module)}] = _module`,
      // Its own `unittest.main()` must not run: the verdict is taken from the result, below.
      '_tests = _types.ModuleType("tests")',
      '_sys.modules["tests"] = _tests',
      `exec(compile(${JSON.stringify(file)}, "tests.py", "exec"), _tests.__dict__)`,
      "import unittest as _unittest",
      "_suite = _unittest.defaultTestLoader.loadTestsFromModule(_tests)",
      "if _suite.countTestCases() == 0:",
      '    raise AssertionError("the file holds no tests")',
      "_result = _unittest.TestResult()",
      "_suite.run(_result)",
      "_bad = _result.failures + _result.errors",
      "if _bad:",
      '    raise AssertionError(str(_bad[0][0]) + ": " + _bad[0][1].strip().split("\\n")[-1])',
      // A skipped test has shown nothing: a submission could raise SkipTest.
      "if _result.skipped or _result.unexpectedSuccesses or _result.expectedFailures:",
      '    raise AssertionError("a test was skipped, or expected to fail")',
      "",
    ].join("\n"),
    names: [...names],
  };
}
