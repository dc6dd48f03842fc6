/** `POST /v1/verify/math`: verdicts in order, the same guards as every route, back-pressure, metrics, and the guide's Python function. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { makeToken } from "../../src/server/tokens.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import { run } from "../support/child.ts";
import { serveAsWritten } from "../support/guide-server.ts";
import { blocksOf } from "../support/markdown.ts";
import { rawRequest, type RawResponse } from "../support/raw-http.ts";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";

const PATH = "/v1/verify/math";

const post = (port: number, body: string, ...headers: string[]): Promise<RawResponse> =>
  rawRequest(
    port,
    [`POST ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`, ...headers],
    body,
  ); // prettier-ignore

const server = (options: Partial<ServerOptions> = {}) => testServer({ plugins: [], ...options });
const itemsOf = (items: readonly object[]): string => JSON.stringify({ items });

describe("POST /v1/verify/math", () => {
  it("gives a verdict for each item, in order, with its id", async () => {
    const { port } = await server();
    const items = [
      { id: "a", gold: "42", answer: "The answer is 42." },
      { id: { row: 7 }, gold: "42", answer: "\\boxed{43}" },
      { gold: "\\lfloor x + 1\\rfloor", answer: "\\boxed{1 + \\lfloor x\\rfloor}" },
      { id: 4, gold: " ", answer: "1" },
      { id: 5, gold: 42, answer: "<think>42" },
    ];
    const { status, body, headers } = await post(port, itemsOf(items));
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    const { verdicts } = JSON.parse(body) as { verdicts: Record<string, unknown>[] };
    expect(verdicts.map(({ id, equal, code }) => [id, equal, code])).toEqual([
      ["a", true, "correct"],
      [{ row: 7 }, false, "wrong"],
      [null, true, "correct"],
      [4, null, "bad-gold"],
      [5, false, "no-answer"],
    ]);
    expect(verdicts[0]).toMatchObject({ extracted: "42", gold: "42", from: "phrase" });
    expect(verdicts[2]).toMatchObject({ extracted: "1 + \\lfloor x\\rfloor" });
    expect(verdicts.every(({ ms }) => typeof ms === "number" && ms >= 0)).toBe(true);
  });

  it("gives no verdicts for no items", async () => {
    const { port } = await server();
    expect((await post(port, '{"items": []}')).body).toBe('{"verdicts":[]}');
  });

  it.each([
    ["{", 'The body is not {"items": [{"gold": ..., "answer": ...}, ...]}.'],
    ["[]", 'The body is not {"items": [{"gold": ..., "answer": ...}, ...]}.'],
    ['{"items": 3}', 'The body is not {"items": [{"gold": ..., "answer": ...}, ...]}.'],
    [
      '{"items": [{"gold": "1", "answer": "1"}, {"gold": "secret"}]}',
      "items[1].answer: expected a string, got nothing",
    ],
    ['{"items": [null]}', "items[0]: expected an object {gold, answer, options?}"],
    [itemsOf([{ gold: "1", answer: "1", options: { maxWork: 1e9 } }]), "items[0].options.maxWork: expected an integer in 1..50000, got 1000000000"], // prettier-ignore
    [itemsOf([{ gold: "1", answer: "1" }, { gold: "1", answer: "1" }, { gold: "1", answer: "1" }]), "items: expected at most 2 (maxVerifyItems), got 3."], // prettier-ignore
  ])("answers %s with 400 and one line", async (body, message) => {
    const { port } = await server({ limits: { maxVerifyItems: 2 } });
    expect(await post(port, body)).toMatchObject({ status: 400, body: message });
  });

  it("answers other methods 405, other types 415, larger bodies than maxBody 413", async () => {
    const { port } = await server({ limits: { maxBody: 200 } });
    expect(await rawRequest(port, [`GET ${PATH} HTTP/1.1`, "Host: localhost"])).toMatchObject({ status: 405, headers: { allow: "POST" } }); // prettier-ignore
    const plain = [`POST ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: text/plain", "Content-Length: 13"];
    expect((await rawRequest(port, plain, '{"items": []}')).status).toBe(415);
    expect((await post(port, itemsOf([{ gold: "1", answer: "x".repeat(300) }]))).status).toBe(413);
  });

  it("reads a body that comes in chunks, without its length", async () => {
    const { port } = await server();
    const body = itemsOf([{ gold: "1/2", answer: "0.5" }]);
    const chunks = [body.slice(0, 9), body.slice(9)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
    const lines = [`POST ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", "Transfer-Encoding: chunked"]; // prettier-ignore
    expect(await rawRequest(port, lines, `${chunks.join("")}0\r\n\r\n`)).toMatchObject({
      status: 200,
      body: expect.stringContaining('"equal":true,"code":"correct"') as string,
    });
  });

  it("refuses a foreign Host or Origin, a missing token, and a token without the capability verify", async () => {
    const tokens = [makeToken("may-do-everything-1"), makeToken("may-only-step-12345", ["step"]), makeToken("may-verify-123456789", ["verify"])]; // prettier-ignore
    const { port } = await server({ tokens });
    const ask = async (...headers: string[]) => (await post(port, '{"items": []}', ...headers)).status;
    expect(await ask()).toBe(401);
    expect(await ask("Authorization: Bearer wrong-wrong-wrong-wrong")).toBe(401);
    expect(await ask("Authorization: Bearer may-only-step-12345")).toBe(403);
    expect(await ask("Authorization: Bearer may-verify-123456789")).toBe(200);
    expect(await ask("Authorization: Bearer may-do-everything-1")).toBe(200);
    expect(await ask("Authorization: Bearer may-do-everything-1", "Origin: https://evil.example")).toBe(403);
    const foreign = [`POST ${PATH} HTTP/1.1`, "Host: evil.example", "Content-Type: application/json", "Content-Length: 13"]; // prettier-ignore
    expect((await rawRequest(port, foreign, '{"items": []}')).status).toBe(403);
  });

  it("turns away with 503 and Retry-After what would be more than maxVerifying at once, and takes it later", async () => {
    const { port } = await server({ limits: { maxVerifying: 40 } });
    // Each of these waits for an engine that first has to start.
    const hard = itemsOf(Array.from({ length: 30 }, (_, i) => ({ gold: `\\lfloor ${i + 2}x + 1\\rfloor`, answer: `\\boxed{1 + \\lfloor ${i + 2}x\\rfloor}` }))); // prettier-ignore
    const [first, second] = await Promise.all([post(port, hard), post(port, hard)]);
    expect([first.status, second.status].sort()).toEqual([200, 503]);
    const refused = first.status === 503 ? first : second;
    expect(refused).toMatchObject({
      headers: { "retry-after": "1" },
      body: "Too many answers are being judged; send them again (maxVerifying).",
    });
    expect((await post(port, hard)).status).toBe(200);
  });

  it("gives null and unavailable to what its deadline leaves over, never 0", async () => {
    const { port } = await server({ limits: { verifyBatchMs: 1 } });
    const items = Array.from({ length: 50 }, (_, i) => ({ gold: `\\lfloor ${i + 2}x + 1\\rfloor`, answer: `\\boxed{1 + \\lfloor ${i + 2}x\\rfloor}` })); // prettier-ignore
    const { verdicts } = JSON.parse((await post(port, itemsOf(items))).body) as { verdicts: { equal: unknown; code: string }[] }; // prettier-ignore
    const left = verdicts.filter(({ code }) => code === "unavailable");
    expect(left.length).toBeGreaterThan(40);
    expect(left.every(({ equal }) => equal === null)).toBe(true);
  });

  it("counts verdicts by code and their time", async () => {
    const { port } = await server();
    await post(port, itemsOf([{ gold: "1", answer: "1" }, { gold: "1", answer: "2" }, { gold: "1", answer: "3" }])); // prettier-ignore
    const { body } = await rawRequest(port, ["GET /metrics HTTP/1.0", "Host: localhost"]);
    expect(body).toContain('dojang_verdicts_total{code="correct"} 1');
    expect(body).toContain('dojang_verdicts_total{code="wrong"} 2');
    expect(body).toContain("dojang_verify_seconds_count 3");
  });
});

describe("docs/math-verifier.md", () => {
  const guide = readFileSync(new URL("../../docs/math-verifier.md", import.meta.url), "utf8");

  it("has a Python reward function that a trainer can call as it stands", async () => {
    const blocks = blocksOf(guide);
    const url = await serveAsWritten(blocks.find(({ name }) => name === "server")!.code);
    const { code } = blocks.find(({ name }) => name === "reward.py")!;
    const folder = tempDir();
    writeFileSync(join(folder, "reward.py"), code.replace("http://127.0.0.1:7766", url.replace("ws:", "http:")));
    const calls = [
      "import reward",
      'said = ["So \\\\boxed{1/2}.", [{"role": "assistant", "content": "The answer is 3."}], "<think>4", "5"]',
      'print(reward.dojang_reward(prompts=["?"] * 4, completions=said, answer=["1/2", "3", "4", ""]))',
    ];
    const result = await run("python3", ["-c", calls.join("\n")], { cwd: folder, env: { PYTHONDONTWRITEBYTECODE: "1" } }); // prettier-ignore
    expect(result).toMatchObject({ stderr: "", code: 0 });
    expect(result.stdout.trim()).toBe("[1.0, 1.0, 0.0, None]");
  });
});
