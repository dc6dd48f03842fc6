/** The flags of V8 that are set while a process runs: a Node that does not know one would say so and go on without. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import { execArgv } from "../../src/registry/exec-argv.ts";

const SETTERS = [
  ["collectLate", "src/server/collector.ts"],
  ["countWithHeap", "src/verify/code/quickjs/collector.ts"],
] as const;

const run = (code: string): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [...execArgv(), "--input-type=module", "-e", code]);

describe("what sets flags of V8", () => {
  it.each(SETTERS)("%s sets ones that this Node knows", async (name, file) => {
    const { href } = new URL(`../../${file}`, import.meta.url);
    const { stdout, stderr } = await run(`import { ${name} } from "${href}"; ${name}(); console.log("set");`);
    expect({ stdout, stderr }).toEqual({ stdout: "set\n", stderr: "" });
  });

  it("would be told of one that it does not", async () => {
    const { stderr } = await run(`import v8 from "node:v8"; v8.setFlagsFromString("--no-such-trigger=50");`);
    expect(stderr).toContain("unrecognized flag");
  });
});
