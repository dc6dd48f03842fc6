/** `dojang verify math`: a verdict line for each line, in order; broken lines, wrong calls, endless input and Ctrl-C. */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";

import { InOrder } from "../../src/cli/in-order.ts";
import { boundedLines } from "../../src/cli/lines.ts";
import { runCli, startCli } from "../support/cli.ts";
import { tempDir } from "../support/temp.ts";
import { call, wrong } from "./call.ts";

type Row = Readonly<Record<string, unknown>>;

const rowsOf = (stdout: string): Row[] => stdout.trimEnd().split("\n").map((line) => JSON.parse(line) as Row); // prettier-ignore

function fileOf(...lines: readonly (string | object)[]): string {
  const file = join(tempDir(), "answers.jsonl");
  writeFileSync(file, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n"));
  return file;
}

describe("dojang verify math", () => {
  it("writes one verdict for each line, in order, also where the engine is slower than the exact tier", async () => {
    const file = fileOf(
      { id: 1, gold: "\\lfloor x + 1\\rfloor", answer: "\\boxed{1 + \\lfloor x\\rfloor}" },
      { id: "two", gold: "42", answer: "The answer is 42." },
      { id: [3], gold: 42, answer: "\\boxed{41}" },
      { gold: "42", answer: "<think>42" },
    );
    const { code, stdout, stderr } = await call("verify", "math", file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "4 lines: 2 correct, 1 wrong, 1 no-answer\n" });
    const rows = rowsOf(stdout);
    expect(rows.map(({ id, equal, code: verdict }) => [id, equal, verdict])).toEqual([
      [1, true, "correct"],
      ["two", true, "correct"],
      [[3], false, "wrong"],
      [null, false, "no-answer"],
    ]);
    expect(Object.keys(rows[0]!).slice(0, 7)).toEqual(["id", "equal", "code", "rule", "extracted", "gold", "ms"]);
  });

  it("answers a broken line by its number, goes on, and ends with status 1", async () => {
    const file = fileOf("{broken", "", { id: 2, gold: "1" }, { id: 3, gold: "", answer: "1" }, { id: 4, gold: "1", answer: "1", options: { units: "no" } }, { id: 5, gold: "1", answer: "1" }); // prettier-ignore
    const { code, stdout } = await call("verify", "math", file);
    expect(code).toBe(1);
    const rows = rowsOf(stdout);
    expect(rows).toMatchObject([
      { id: null, line: 1, equal: null, code: "bad-request" },
      { id: 2, line: 3, equal: null, code: "bad-request", error: "line 3.answer: expected a string, got nothing" },
      { id: 3, equal: null, code: "bad-gold" },
      { id: 4, line: 5, code: "bad-request", error: 'line 5.options.units: expected "optional", "require", "ignore", got "no"' }, // prettier-ignore
      { id: 5, equal: true, code: "correct" },
    ]);
    expect(rows[0]!["error"]).toMatch(/^line 1: expected JSON; [^\n]+$/);
  });

  it("with --json ends with a result line, with --exact-only leaves to nobody what the exact tier cannot decide", async () => {
    const file = fileOf({ id: 1, gold: "1", answer: "1" }, { id: 2, gold: "\\lfloor x + 1\\rfloor", answer: "1 + \\lfloor x\\rfloor" }); // prettier-ignore
    const { stdout } = await call("verify", "math", file, "--json", "--exact-only");
    const [, second, result] = rowsOf(stdout);
    expect(second).toMatchObject({ id: 2, equal: false, code: "wrong" });
    expect(result).toEqual({ ok: true, lines: 2, failed: 0, counts: { correct: 1, wrong: 1 } });
  });

  it.each([
    [["verify"], "dojang verify: expected KIND, got nothing. See `dojang verify --help`."],
    [["verify", "maths"], /^dojang: verify: expected .*math.*, got "maths"\. Did you mean math\?\n$/],
    [["verify", "math", "/nowhere/answers.jsonl"], "/nowhere/answers.jsonl: expected a file or folder that exists, got none."], // prettier-ignore
    [["verify", "math", "/"], '/: expected a file of JSON lines, got "a folder"'],
    [["verify", "math", "--limit-ms", "5"], '--limit-ms: expected an integer in 20..600000, got "5"'],
    [["verify", "math", "--workers", "0"], '--workers: expected an integer in 1..64, got "0"'],
  ] as const)("%j is a wrong call, in one line", async (args, message) => {
    const result = await call(...args);
    if (typeof message === "string") expect(result).toEqual(wrong(message));
    else expect([result.code, result.stdout, message.test(result.stderr)]).toEqual([2, "", true]);
  });

  it("reads standard input, whose last line may lack its line break", async () => {
    const result = await runCli(["verify", "math"], {
      input: '{"gold":"1","answer":"1"}\r\n{"gold":"1","answer":"2"}',
    });
    expect(result.code).toBe(0);
    expect(rowsOf(result.stdout).map(({ equal }) => equal)).toEqual([true, false]);
  });

  it("answers as it reads, and on Ctrl-C ends with 130 after the last answer", async () => {
    const child = startCli(["verify", "math"]);
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    for (const id of [1, 2, 3]) {
      child.stdin!.write(`${JSON.stringify({ id, gold: "1", answer: "1" })}\n`);
      if (id === 3) break;
    }
    const seen: unknown[] = [];
    while (seen.length < 2) seen.push((JSON.parse((await lines.next()).value as string) as Row)["id"]);
    expect(seen).toEqual([1, 2]);
    child.kill("SIGINT");
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(130);
  });
});

describe("boundedLines", () => {
  const linesOf = async (chunks: readonly string[], max: number) => {
    const found = [];
    for await (const line of boundedLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), max)) found.push(line); // prettier-ignore
    return found;
  };

  it("joins chunks, counts blank lines and leaves them out", async () => {
    expect(await linesOf(["a", "b\n\n \nc\r\n", "d"], 10)).toEqual([
      { number: 1, text: "ab" },
      { number: 4, text: "c" },
      { number: 5, text: "d" },
    ]);
  });

  it("tells a line longer than the limit and keeps none of it", async () => {
    expect(await linesOf(["12345\n", "123456\n12", "3456789", "0\nok"], 5)).toEqual([
      { number: 1, text: "12345" },
      { number: 2, text: undefined },
      { number: 3, text: undefined },
      { number: 4, text: "ok" },
    ]);
  });

  it("reads no further than it is asked to", async () => {
    let produced = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        produced++;
        yield Buffer.from("x\n");
      }
    }
    const lines = boundedLines(endless(), 10);
    for (let i = 0; i < 3; i++) await lines.next();
    expect(produced).toBe(3);
    await lines.return(undefined);
  });
});

describe("InOrder", () => {
  it("writes in the order of pushing whatever is done first, and one at a time", async () => {
    const written: number[] = [];
    const slow = Promise.withResolvers<number>();
    const rows = new InOrder<number>(async (row) => void written.push(row));
    rows.push(slow.promise);
    rows.push(Promise.resolve(2));
    expect([written, rows.waiting]).toEqual([[], 2]);
    slow.resolve(1);
    await rows.end();
    expect([written, rows.waiting]).toEqual([[1, 2], 0]);
  });

  it("passes on what writing threw, to who waits for progress and at the end", async () => {
    const rows = new InOrder<number>(() => Promise.reject(new Error("disk full")));
    rows.push(Promise.resolve(1));
    rows.push(Promise.resolve(2));
    await expect(rows.progress()).rejects.toThrow("disk full");
    await expect(rows.end()).rejects.toThrow("disk full");
  });
});
