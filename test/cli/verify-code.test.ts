/** `dojang verify code`: a verdict line for each line, in order; broken lines and wrong calls. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { tempDir } from "../support/temp.ts";
import { call } from "./call.ts";

type Row = Readonly<Record<string, unknown>>;

const rowsOf = (stdout: string): Row[] => stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Row); // prettier-ignore

function fileOf(...lines: readonly (string | object)[]): string {
  const file = join(tempDir(), "submissions.jsonl");
  writeFileSync(file, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  return file;
}

const add = {
  language: "javascript",
  entryPoint: "add",
  source: "const add = (a, b) => a + b;",
  tests: [{ args: [2, 3], expected: 5 }],
};

describe("dojang verify code", () => {
  it("writes one verdict for each line, in order, also where an earlier one takes longer", async () => {
    const file = fileOf(
      { id: "slow", ...add, source: "function add() { for (;;); }", limits: { cpuMs: 200 } },
      { id: 2, ...add },
      { id: [3], ...add, source: "const add = () => 6;" },
      { ...add, source: "console.log('hi'); const add = (a, b) => a + b;" },
    );
    const { code, stdout, stderr } = await call("verify", "code", file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "4 lines: 1 timeout, 2 pass, 1 fail\n" });
    const rows = rowsOf(stdout);
    expect(rows.map(({ id, verdict, passed, total }) => [id, verdict, passed, total])).toEqual([
      ["slow", "timeout", 0, 1],
      [2, "pass", 1, 1],
      [[3], "fail", 0, 1],
      [null, "pass", 1, 1],
    ]);
    expect(Object.keys(rows[0]!).slice(0, 7)).toEqual(["id", "verdict", "passed", "total", "tests", "ms", "detail"]);
    expect(rows[3]).toMatchObject({ stdout: "hi\n", driver: "quickjs" });
  });

  it("answers a broken line by its number, goes on, and ends with status 1", async () => {
    const file = fileOf("{broken", "", { id: 2, ...add, tests: [] }, { id: 3, ...add, limits: { ram: 1 } }, "7", {
      id: 5,
      ...add,
    });
    const { code, stdout } = await call("verify", "code", file);
    expect(code).toBe(1);
    expect(rowsOf(stdout)).toMatchObject([
      { id: null, line: 1, verdict: null, error: expect.stringContaining("line 1: expected JSON") as string },
      { id: 2, line: 3, verdict: null, error: "line 3: tests: expected a list of at least one test, got []" },
      { id: 3, line: 4, verdict: null, error: expect.stringContaining("line 4: limits: expected wallMs") as string },
      { id: null, line: 5, verdict: null, error: expect.stringContaining("line 5: language") as string },
      { id: 5, verdict: "pass" },
    ]);
  });

  it("asks a checker of the operator's module where a test names one, and says which module cannot be used", async () => {
    const module = join(tempDir(), "checkers.ts");
    writeFileSync(module, "export const even = ({ returned }: { returned: number }) => returned % 2 === 0;\n");
    const judged = { ...add, compare: { checker: "even" } };
    const file = fileOf(
      { id: 1, ...judged, tests: [{ args: [1, 3] }] },
      { id: 2, ...judged, tests: [{ args: [1, 2] }] },
    );
    const { code, stdout } = await call("verify", "code", file, "--checkers", module);
    expect(code).toBe(0);
    expect(rowsOf(stdout)).toMatchObject([
      { id: 1, verdict: "pass" },
      { id: 2, verdict: "fail" },
    ]);
    const unknown = await call("verify", "code", file);
    expect(rowsOf(unknown.stdout)[0]?.["error"]).toContain("none: the operator loaded no checkers");
    const missing = await call("verify", "code", file, "--checkers", `${module}x`);
    expect(missing).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--checkers: expected a module") as string,
    });
    const others = join(tempDir(), "others.ts");
    writeFileSync(others, "export const answer = 42;\n");
    const empty = await call("verify", "code", file, "--checkers", others);
    expect(empty.code).toBe(2);
    const broken = join(tempDir(), "broken.ts");
    writeFileSync(broken, "export const even = (;\n");
    const refused = await call("verify", "code", file, "--checkers", broken);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("It says: ") as string });
    expect(refused.stderr).not.toContain("defect of dojang");
  });

  it("ends with the counts as the result under --json", async () => {
    const { code, stdout } = await call("verify", "code", fileOf({ id: 1, ...add }), "--json");
    expect(code).toBe(0);
    expect(rowsOf(stdout).at(-1)).toMatchObject({ ok: true, lines: 1, failed: 0, counts: { pass: 1 } });
  });
});
