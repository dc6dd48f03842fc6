/** `POST /v1/verify/code`: verdicts in order, nothing of what was expected, the same guards as every route, back-pressure, metrics. */
import { describe, expect, it } from "vitest";

import { makeToken } from "../../src/server/tokens.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import { rawRequest, type RawResponse } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

const PATH = "/v1/verify/code";

const post = (port: number, body: string, ...headers: string[]): Promise<RawResponse> =>
  rawRequest(
    port,
    [`POST ${PATH} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`, ...headers],
    body,
  ); // prettier-ignore

const server = (options: Partial<ServerOptions> = {}) => testServer({ plugins: [], ...options });
const add = {
  language: "javascript",
  entryPoint: "add",
  source: "const add = (a, b) => a + b;",
  tests: [{ args: [2, 3], expected: 5 }],
};
const bodyOf = (...items: readonly object[]): string => JSON.stringify({ items });

interface Verdict {
  readonly id: unknown;
  readonly verdict: string;
  readonly detail: string;
}
const verdictsOf = (response: RawResponse): Verdict[] =>
  (JSON.parse(response.body) as { verdicts: Verdict[] }).verdicts;

describe("POST /v1/verify/code", () => {
  it("gives a verdict for each item, in order, with its id, and never says what was expected", async () => {
    const { port } = await server();
    const items = [
      { id: "slow", ...add, source: "function add() { for (;;); }", limits: { cpuMs: 100 } },
      { id: { row: 7 }, ...add },
      { ...add, tests: [{ args: [2, 3], expected: 918273645 }] },
      { id: 4, ...add, source: "const add = (" },
    ];
    const response = await post(port, bodyOf(...items));
    expect([response.status, response.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(verdictsOf(response).map(({ id, verdict }) => [id, verdict])).toEqual([
      ["slow", "timeout"],
      [{ row: 7 }, "pass"],
      [null, "fail"],
      [4, "error"],
    ]);
    expect(verdictsOf(response)[1]).toMatchObject({
      passed: 1,
      total: 1,
      detail: "",
      stdout: "",
      tests: [{ verdict: "pass" }],
    });
    expect(response.body).not.toContain("918273645");
  });

  it("reads integers of any size, as the numbers they are", async () => {
    const { port } = await server();
    const source = "const add = (a, b) => BigInt(a) + BigInt(b);";
    const body = `{"items": [{"id": 12345678901234567890, "language": "javascript", "entryPoint": "add", "source": ${JSON.stringify(source)},
      "tests": [{"args": ["9007199254740993", "0"], "expected": 9007199254740993}, {"args": ["1", "0"], "expected": 9007199254740993}]}]}`;
    expect(verdictsOf(await post(port, body))).toMatchObject([
      { id: 12345678901234567000, verdict: "fail", passed: 1, total: 2 },
    ]);
  });

  it("gives no verdicts for no items", async () => {
    const { port } = await server();
    expect((await post(port, '{"items": []}')).body).toBe('{"verdicts":[]}');
  });

  it.each([
    ["{", 'The body is not {"items": [{"language": ..., "source": ..., "tests": [...]}, ...]}.'],
    ['{"items": 3}', 'The body is not {"items": [{"language": ..., "source": ..., "tests": [...]}, ...]}.'],
    ['{"items": [null]}', "items[0]: language: expected javascript, typescript, python, got undefined"],
    [bodyOf(add, { ...add, tests: [] }), "items[1]: tests: expected a list of at least one test, got []"],
    [
      bodyOf({ ...add, limits: { wallMs: 60_000 } }),
      "items[0]: limits.wallMs: expected an integer from 1 to 10000, got 60000",
    ],
    [
      bodyOf({ ...add, compare: { checker: "any" } }),
      'items[0]: compare.checker: expected none: the operator loaded no checkers, got "any"',
    ],
    [
      bodyOf({ ...add, check: "() => true" }),
      'items[0]: submission: expected language, entryPoint, source, tests, limits, compare, isolation, got "check"',
    ],
    [bodyOf(add, add, add), "items: expected at most 2 (maxVerifyItems), got 3."],
  ])("answers %s with 400 and one line", async (body, message) => {
    const { port } = await server({ limits: { maxVerifyItems: 2 } });
    expect(await post(port, body)).toMatchObject({ status: 400, body: message });
  });

  it("answers other methods 405, and refuses a token without the capability verify", async () => {
    const tokens = [makeToken("may-only-step-12345", ["step"]), makeToken("may-verify-123456789", ["verify"])];
    const { port } = await server({ tokens });
    const ask = async (...headers: string[]) => (await post(port, '{"items": []}', ...headers)).status;
    expect(await ask()).toBe(401);
    expect(await ask("Authorization: Bearer may-only-step-12345")).toBe(403);
    expect(await ask("Authorization: Bearer may-verify-123456789")).toBe(200);
    const get = [`GET ${PATH} HTTP/1.1`, "Host: localhost", "Authorization: Bearer may-verify-123456789"];
    expect(await rawRequest(port, get)).toMatchObject({ status: 405, headers: { allow: "POST" } });
  });

  it("turns away with 503 what would be more than maxVerifying at once", async () => {
    const { port } = await server({ limits: { maxVerifying: 2 } });
    const slow = { ...add, source: "function add() { for (;;); }", limits: { cpuMs: 200 } };
    const answers = await Promise.all([post(port, bodyOf(slow, slow)), post(port, bodyOf(slow, slow))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
    expect((await post(port, bodyOf(add, add))).status).toBe(200);
  });

  it("gives infrastructure, never a verdict, to what its deadline leaves over", async () => {
    const { port } = await server({ limits: { verifyBatchMs: 50, verifyCodeAtOnce: 1 } });
    const slow = { ...add, source: "function add() { for (;;); }", limits: { cpuMs: 150 } };
    const verdicts = verdictsOf(await post(port, bodyOf(slow, add, add)));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(["timeout", "infrastructure", "infrastructure"]);
  });

  it("counts verdicts by their name", async () => {
    const { port } = await server();
    await post(port, bodyOf(add, add, { ...add, source: "" }));
    const { body } = await rawRequest(port, ["GET /metrics HTTP/1.1", "Host: localhost"]);
    expect(body).toContain('dojang_code_verdicts_total{verdict="pass"} 2');
    expect(body).toContain('dojang_code_verdicts_total{verdict="error"} 1');
  });
});
