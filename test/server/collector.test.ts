/** The flags of V8 that a server sets: a Node that does not know them would say so and go on without. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

import { execArgv } from "../../src/registry/exec-argv.ts";

const COLLECTOR = new URL("../../src/server/collector.ts", import.meta.url).href;

const run = (code: string): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [...execArgv(), "--input-type=module", "-e", code]);

describe("collectLate", () => {
  it("sets flags that this Node knows", async () => {
    const { stdout, stderr } = await run(`import { collectLate } from "${COLLECTOR}"; collectLate(); console.log("set");`); // prettier-ignore
    expect({ stdout, stderr }).toEqual({ stdout: "set\n", stderr: "" });
  });

  it("would be told of one that it does not", async () => {
    const { stderr } = await run(`import v8 from "node:v8"; v8.setFlagsFromString("--no-such-trigger=50");`);
    expect(stderr).toContain("unrecognized flag");
  });
});
