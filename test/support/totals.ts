/** A vitest reporter: names every skipped test, and counts passed, failed and skipped. With CI=true a skip fails the run. */
import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const { passed, failed, skipped } = countTests(modules, errors.length);
    for (const name of skipped) console.log(`skipped: ${name}`);
    if (skipped.length > 0 && process.env["CI"] === "true") {
      console.log("CI=true: a skipped test fails the run");
      process.exitCode = 1;
    }
    const file = process.env["DOJANG_TEST_TOTALS"];
    if (file === undefined) console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    else writeFileSync(file, JSON.stringify({ passed, failed, skipped: skipped.length }));
  }
}

/** Errors outside any test (a module that does not load, a failing hook, an unhandled rejection) count as failures too. */
export function countTests(modules: readonly TestModule[], unhandled: number): Totals {
  let passed = 0;
  let failed = unhandled;
  const skipped: string[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") passed++;
      else if (state === "failed") failed++;
      else skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
    }
  }
  return { passed, failed, skipped };
}
