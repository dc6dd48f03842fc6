/** docs/server.md says what the code has: every flag, route, metric, capability and limit, and none that is not there. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { OPTIONS } from "../../src/cli/options.ts";
import { LOG_LEVELS } from "../../src/server/log-levels.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { LIMITS } from "../../src/server/options.ts";
import { readLimits } from "../../src/server/read-limits.ts";
import { CAPABILITIES } from "../../src/server/tokens.ts";
import { rawRequest } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

const page = readFileSync(new URL("../../docs/server.md", import.meta.url), "utf8");

/** The rows of the table under a heading, cells without their blanks. */
function table(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| ")).slice(1); // prettier-ignore
  return rows.map((row) => row.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())); // prettier-ignore
}

const code = (cell = ""): string => /^`([^`{ ]+)/.exec(cell)?.[1] ?? cell;

describe("docs/server.md", () => {
  it("lists every limit with its default and the meaning it has in the code", () => {
    const source = readFileSync(new URL("../../src/server/options.ts", import.meta.url), "utf8");
    const expected = Object.entries(LIMITS).map(([name, value]) => {
      const meaning = new RegExp(`/\\*\\* (.*) \\*/\n {2}${name}:`).exec(source)?.[1];
      return [`\`${name}\``, value.toLocaleString("en-US"), meaning];
    });
    expect(table("Limits")).toEqual(expected);
  });

  it("lists every metric, with its type and label", async () => {
    const metrics = new Metrics(() => ({ sessions: 1, sockets: 1, envs: [{ name: "x", num: 1 }] }));
    const timing = { queue: 1, env: 1, encode: 1 };
    metrics.stepped("x", Uint8Array.of(0), timing, [{ code: "ENV_FAULT" }]);
    metrics.failed("LIMIT");
    metrics.dropped("no-socket");
    metrics.refused(401);
    metrics.verified("correct", 1);
    metrics.judged("pass", 1);
    const text = await metrics.text();
    const expected = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type]) => {
      const label = type === "histogram" ? undefined : new RegExp(`^${name}\\{(\\w+)=`, "m").exec(text)?.[1];
      return [`\`${name}${label === undefined ? "" : `{${label}}`}\``, type];
    });
    expect(table("Metrics").map(([name, type]) => [name, type]).sort()).toEqual(expected.sort()); // prettier-ignore
    expect(metrics.names).toHaveLength(expected.length);
  });

  it("lists every capability", () => {
    expect(table("Tokens").map(([name]) => code(name))).toEqual([...CAPABILITIES]);
  });

  it("lists the routes that answer, and what it says of each is so", async () => {
    const { port } = await testServer({ plugins: [] });
    for (const [route, says = ""] of table("HTTP routes")) {
      const line = /^`((?:GET|POST) \S+)`$/.exec(route ?? "")?.[1] ?? "";
      const body = line.startsWith("POST") ? '{"items": []}' : "";
      const headers = ["Host: localhost", "Content-Type: application/json", `Content-Length: ${body.length}`];
      const { status } = await rawRequest(port, [`${line} HTTP/1.1`, ...headers], body);
      expect(status).toBe(says.startsWith("426") ? 426 : 200);
    }
    expect(table("HTTP routes")).toHaveLength(7);
  });

  it("lists the flags of `dojang serve`, which exist, and the levels of the log", async () => {
    const { serve } = await import("../../src/cli/commands/serve.ts");
    const named = [...table("Flags").map(([flag]) => flag).join(" ").matchAll(/`--([\w-]+)/g)].map(([, name = ""]) => name); // prettier-ignore
    const names = named.map((name) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()));
    expect(names.sort()).toEqual([...serve.options].filter((name) => name !== "json").sort());
    for (const name of names) expect(OPTIONS).toHaveProperty(name);
    expect(page).toContain(`--log-level ${LOG_LEVELS.join("\\|")}`);
  });
});

describe("--limit", () => {
  it("reads NAME=VALUE with _ between digits", () => {
    expect(readLimits(["maxSessions=100", "maxPayload=1_000_000"])).toEqual({
      maxSessions: 100,
      maxPayload: 1_000_000,
    });
    expect(readLimits([])).toEqual({});
  });

  it.each([
    [
      "maxSession=1",
      'limit: expected NAME=VALUE with the name of a limit, got "maxSession=1". Did you mean maxSessions?',
    ],
    ["toString=1", 'limit: expected NAME=VALUE with the name of a limit, got "toString=1". docs/server.md lists them.'],
    ["maxNum", 'limit maxNum: expected an integer in 1..9007199254740991, got ""'],
    ["maxNum=0", 'limit maxNum: expected an integer in 1..9007199254740991, got "0"'],
    ["maxNum=-1", 'limit maxNum: expected an integer in 1..9007199254740991, got "-1"'],
    ["maxNum=1e3", 'limit maxNum: expected an integer in 1..9007199254740991, got "1e3"'],
    ["idleMs=2147483648", 'limit idleMs: expected an integer in 1..2147483647, got "2147483648"'],
  ])("refuses %s in one line", (given, message) => {
    expect(() => readLimits([given])).toThrow(expect.objectContaining({ code: "BAD_PARAM", message }));
  });

  it("refuses a name given twice", () => {
    expect(() => readLimits(["maxNum=1", "maxNum=2"])).toThrow('limit maxNum: expected one value, got "maxNum=2"');
  });
});
