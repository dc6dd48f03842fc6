/** The checks that need no test runner: types, lint, format, unused code, licences. Each is one command that says what is wrong. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const bin = (name: string): string => join(root, "node_modules", name);

/** name -> script and its arguments, run by the Node that runs this file. */
const CHECKS: ReadonlyMap<string, readonly string[]> = new Map([
  ["lint", [bin("eslint/bin/eslint.js"), ".", "--max-warnings", "0"]],
  ["types", [bin("typescript/bin/tsc"), "-p", "tsconfig.json"]],
  ["format", [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."]],
  ["unused code", [bin("knip/bin/knip.js"), "--no-progress"]],
  ["licences", [join(import.meta.dirname, "licences.ts")]],
]);

/** How many checks run at once: two cores are the least that CI has. */
const AT_ONCE = 2;

export interface CheckResult {
  readonly name: string;
  readonly holds: boolean;
  /** What the command printed, both streams. */
  readonly output: string;
}

/** Runs every check, the longest first, and never throws: a check that cannot run does not hold. */
export async function runChecks(): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const waiting = [...CHECKS];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await runCheck(...next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

function runCheck(name: string, args: readonly string[]): Promise<CheckResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ name, holds: error === null, output: (stdout + stderr).trim() });
    });
  });
}

/** Prints one line a check, and all that a failed one said. */
export function printChecks(results: readonly CheckResult[]): void {
  for (const { name, holds, output } of results) {
    console.log(holds ? `holds: ${name}` : `FAILS: ${name}\n${output}\n`);
  }
}
