/** The HTTP routes beside the socket: what each answers, what none accepts, and how long a request may take. */
import type { Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";

import { defineEnv, discrete, rules } from "../../src/env/index.ts";
import { makeToken } from "../../src/server/tokens.ts";
import { RawClient } from "../support/raw-client.ts";
import { dial, rawRequest, rawUpgrade } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

const coin = defineEnv({
  id: "coin-v0",
  description: "Heads or tails.",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(2),
      maxSteps: 5,
      reset: (rng) => rng.int(2),
      step: (side, guess) => ({ state: side, reward: side === guess ? 1 : 0, terminated: true }),
      observe: () => 0,
    }),
});

const get = async (port: number, path: string, ...headers: string[]) =>
  await rawRequest(port, [`GET ${path} HTTP/1.1`, "Host: localhost", ...headers]);

describe("GET", () => {
  it("/healthz says alive, also without the token that every other route asks for", async () => {
    const { port } = await testServer({ plugins: [coin], tokens: [makeToken("a-token-of-16-chars")] });
    expect(await get(port, "/healthz")).toMatchObject({ status: 200, body: "alive" });
    for (const path of ["/", "/readyz", "/metrics", "/v1/envs", "/nowhere", "/healthz/", "/healthz%2f", "//healthz"]) {
      expect(await get(port, path)).toMatchObject({
        status: 401,
        body: "A token is needed: Authorization: Bearer TOKEN.",
      });
    }
    const good = "Authorization: Bearer a-token-of-16-chars";
    expect((await get(port, "/readyz", good)).status).toBe(200);
    expect((await get(port, "/v1/envs", good)).status).toBe(200);
  });

  it("/v1/envs gives the lines of the `envs` message as JSON", async () => {
    const server = await testServer({ plugins: [coin] });
    const { body, headers, status } = await get(server.port, "/v1/envs");
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    const client = await RawClient.hello(server.url);
    const { envs } = await client.ask({ op: "envs", id: 2 });
    expect(JSON.parse(body)).toEqual({ envs });
    expect(envs).toMatchObject([{ id: "coin-v0", description: "Heads or tails.", maxSteps: 5 }]);
  });

  it("/ explains in one line that this is a WebSocket server", async () => {
    const { port } = await testServer({ plugins: [] });
    const { status, body, headers } = await get(port, "/");
    expect([status, headers["upgrade"]]).toEqual([426, "websocket"]);
    expect(body).toMatch(/^This is a WebSocket server: [^\n]*$/);
  });

  it("of a path that is not there answers 404 in one line, without the path in it", async () => {
    const { port } = await testServer({ plugins: [] });
    for (const path of ["/nowhere", "/v1/envs/coin-v0", "/../etc/passwd", "/%00", "/<script>"]) {
      const { status, body } = await get(port, path);
      expect([status, body]).toEqual([404, "There is nothing here; GET /v1/envs lists the envs."]);
    }
  });

  it("answers neither guessed at nor kept", async () => {
    const { port } = await testServer({ plugins: [] });
    for (const headers of [["Host: localhost"], ["Host: evil.example"]]) {
      const response = await rawRequest(port, ["GET /healthz HTTP/1.1", ...headers]);
      expect(response.headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
    }
  });

  it("/readyz turns from 200 to 503 while the server stops, and sockets are refused", async () => {
    const written = Promise.withResolvers<undefined>();
    const record = () => ({ onFrame: () => undefined, close: () => written.promise });
    const server = await testServer({ plugins: [coin], record });
    const client = await RawClient.hello(server.url);
    await client.ask({ op: "make", id: 2, env: "coin-v0", num: 1 });
    expect(await get(server.port, "/readyz")).toMatchObject({ status: 200, body: "ready" });
    const { port } = server;
    const closing = server.close(); // waits for the recording
    expect(await get(server.port, "/readyz")).toMatchObject({ status: 503, body: "The server is stopping." });
    expect((await get(server.port, "/healthz")).status).toBe(200);
    expect((await rawUpgrade(server.port, ["GET / HTTP/1.1", "Host: localhost"])).status).toBe(503);
    written.resolve(undefined);
    await closing;
    await expect(dial(port)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("a method that a route lacks", () => {
  it.each(["PUT", "DELETE", "PATCH", "POST"])("answers 405 to %s with JSON, and names those it has", async (method) => {
    const { port } = await testServer({ plugins: [] });
    for (const path of ["/", "/healthz", "/readyz", "/metrics", "/v1/envs"]) {
      const lines = [
        `${method} ${path} HTTP/1.1`,
        "Host: localhost",
        "Content-Type: application/json",
        "Content-Length: 2",
      ];
      expect(await rawRequest(port, lines, "{}")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    }
  });

  it("leaves HEAD: the headers of GET without its body", async () => {
    const { port } = await testServer({ plugins: [] });
    expect(await rawRequest(port, ["HEAD /v1/envs HTTP/1.1", "Host: localhost"])).toMatchObject({
      status: 200,
      body: "",
    });
  });

  it("of TRACE or CONNECT gets nothing of the request back", async () => {
    const { port } = await testServer({ plugins: [] });
    const trace = await rawRequest(port, ["TRACE / HTTP/1.1", "Host: localhost", "X-Secret: do-not-echo"]);
    expect(trace.status).toBeGreaterThanOrEqual(400);
    expect(trace.body).not.toContain("do-not-echo");
    const connect = await rawRequest(port, ["CONNECT evil.example:80 HTTP/1.1", "Host: localhost"]);
    expect(connect.status).not.toBe(200);
  });
});

describe("a body", () => {
  const post = async (port: number, type: string | undefined, body: string, path = "/v1/envs") =>
    await rawRequest(
      port,
      [
        `POST ${path} HTTP/1.1`,
        "Host: localhost",
        `Content-Length: ${body.length}`,
        ...(type === undefined ? [] : [`Content-Type: ${type}`]),
      ],
      body,
    );

  it.each([
    undefined,
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "text/plain; application/json",
  ])("of type %s, which a page may post anywhere, answers 415", async (type) => {
    const { port } = await testServer({ plugins: [] });
    for (const path of ["/v1/envs", "/nowhere"]) {
      expect(await post(port, type, "{}", path)).toMatchObject({
        status: 415,
        body: "Send content-type: application/json.",
      });
    }
  });

  it("of JSON, with a charset or not, goes on to the route: 404 where there is none", async () => {
    const { port } = await testServer({ plugins: [] });
    for (const type of ["application/json", "Application/JSON; charset=utf-8"]) {
      expect((await post(port, type, "{}", "/nowhere")).status).toBe(404);
    }
  });

  it("larger than maxBody answers 413, whether it says so or comes in chunks", async () => {
    const { port } = await testServer({ plugins: [], limits: { maxBody: 100 } });
    expect(await post(port, "application/json", "x".repeat(101), "/nowhere")).toMatchObject({ status: 413 });
    expect((await post(port, "application/json", "x".repeat(100), "/nowhere")).status).toBe(404);
    const chunk = `65\r\n${"x".repeat(101)}\r\n0\r\n\r\n`;
    const lines = [
      "POST /nowhere HTTP/1.1",
      "Host: localhost",
      "Content-Type: application/json",
      "Transfer-Encoding: chunked",
    ];
    expect((await rawRequest(port, lines, chunk)).status).toBe(413);
  });

  it("with two lengths, or a length and chunks, is refused: nobody may disagree where it ends", async () => {
    const { port } = await testServer({ plugins: [] });
    const lines = ["POST /v1/envs HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Content-Length: 2"];
    expect((await rawRequest(port, [...lines, "Content-Length: 3"], "{}")).status).toBe(400);
    expect((await rawRequest(port, [...lines, "Transfer-Encoding: chunked"], "0\r\n\r\n")).status).toBe(400);
  });
});

describe("a page of an allowed origin", () => {
  const origin = "https://gym.example";

  it("is told that it may read, for answers and refusals alike", async () => {
    const { port } = await testServer({
      plugins: [],
      allowOrigins: [origin],
      tokens: [makeToken("a-token-of-16-chars")],
    });
    for (const path of ["/healthz", "/v1/envs"]) {
      const { headers } = await get(port, path, `Origin: ${origin}`);
      expect(headers).toMatchObject({ "access-control-allow-origin": origin, vary: "Origin" });
    }
  });

  it("gets its preflight answered without a token, which a preflight cannot carry", async () => {
    const { port } = await testServer({
      plugins: [],
      allowOrigins: [origin],
      tokens: [makeToken("a-token-of-16-chars")],
    });
    const ask = async (from: string) =>
      await rawRequest(port, [
        "OPTIONS /v1/envs HTTP/1.1",
        "Host: localhost",
        `Origin: ${from}`,
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: authorization",
      ]);
    const { status, headers } = await ask(origin);
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-headers": "authorization,content-type",
    });
    expect(headers).not.toHaveProperty("access-control-allow-credentials");
    const other = await ask("https://evil.example");
    expect(other.status).toBe(403);
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
  });

  it("is the only one told so: without an Origin nothing is allowed", async () => {
    const { port } = await testServer({ plugins: [], allowOrigins: [origin] });
    expect((await get(port, "/healthz")).headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("a request that does not arrive whole", () => {
  const closed = async (socket: Socket): Promise<number> => {
    const began = performance.now();
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve)); // after the answer, or a reset
    return performance.now() - began;
  };

  it.each([
    ["says nothing", ""],
    ["stops within its headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "],
    [
      "stops within its body",
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    ],
  ])("and %s is cut off after upgradeTimeoutMs", async (_what, start) => {
    const { port } = await testServer({ plugins: [], limits: { upgradeTimeoutMs: 80 } });
    const socket = await dial(port);
    socket.write(start);
    expect(await closed(socket)).toBeLessThan(3_000);
  });

  it("is cut off too when it drips, a byte every few milliseconds", async () => {
    const { port } = await testServer({ plugins: [], limits: { upgradeTimeoutMs: 150 } });
    const socket = await dial(port);
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    const drip = setInterval(() => socket.write("a"), 5);
    onTestFinished(() => clearInterval(drip));
    const took = await closed(socket);
    expect(took).toBeGreaterThan(50);
    expect(took).toBeLessThan(3_000);
  });

  it("behind TLS is cut off though the handshake never begins", async () => {
    const { port } = await testServer({ plugins: [], tls: { cert: "", key: "" }, limits: { upgradeTimeoutMs: 80 } });
    expect(await closed(await dial(port))).toBeLessThan(3_000);
  });

  it("holds one of maxPendingPerAddress places; a socket that opened does not", async () => {
    const server = await testServer({ plugins: [], limits: { maxPendingPerAddress: 3 } });
    for (let i = 0; i < 5; i++) await RawClient.hello(server.url);
    const waiting = [await dial(server.port), await dial(server.port), await dial(server.port)];
    await closed(await dial(server.port)); // the fourth is dropped
    waiting[0]?.destroy();
    await expect.poll(async () => (await get(server.port, "/healthz").catch(() => ({ status: 0 }))).status).toBe(200);
  });
});

describe("sockets from one address", () => {
  it("beyond maxSocketsPerAddress are refused with 503 until one closes", async () => {
    const server = await testServer({ plugins: [], limits: { maxSocketsPerAddress: 2 } });
    const first = await RawClient.hello(server.url);
    await RawClient.hello(server.url);
    const upgrade = async (): Promise<number> =>
      (await rawUpgrade(server.port, ["GET / HTTP/1.1", "Host: localhost"])).status;
    expect(await upgrade()).toBe(503);
    first.socket.terminate();
    await expect.poll(upgrade).toBe(101);
  });
});
