/** TLS: sockets and routes over one encrypted port, with the same gate, and no plain answer on it. */
import { once } from "node:events";
import { get } from "node:https";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";

import { connect } from "../../src/client/index.ts";
import { makeToken } from "../../src/server/tokens.ts";
import { CERTIFICATE, KEY } from "../support/certificate.ts";
import { RawClient, refusal } from "../support/raw-client.ts";
import { dial } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

const tls = { cert: CERTIFICATE, key: KEY };
const ca = CERTIFICATE;

describe("a server with a certificate", () => {
  it("is reached by wss: sockets, and HTTP routes on the same port", async () => {
    const server = await testServer({ plugins: [], tls });
    expect(server.url).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
    const client = await RawClient.hello(server.url, { ca });
    expect(await client.ask({ op: "ping", id: 2 })).toEqual({ op: "ping", id: 2 });
    const request = get(`${server.url.replace("wss", "https")}/readyz`, { ca, agent: false });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect([response.statusCode, await text(response)]).toEqual([200, "ready\n"]);
  });

  it("asks for tokens and refuses strange hosts as a plain one does", async () => {
    const server = await testServer({ plugins: [], tls, tokens: [makeToken("a-token-of-16-chars")] });
    expect((await refusal(server.url, { ca })).status).toBe(401);
    expect((await refusal(server.url, { ca, headers: { host: "evil.example" } })).status).toBe(403);
    await RawClient.hello(server.url, { ca, headers: { authorization: "Bearer a-token-of-16-chars" } });
  });

  it("is not trusted by a client that does not know the certificate", async () => {
    const server = await testServer({ plugins: [], tls });
    const socket = new WebSocket(server.url);
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toContain("self-signed certificate");
    const client = connect(server.url);
    await expect(client.envs()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await client.close();
  });

  it("answers nothing to whoever speaks plain HTTP or WebSocket to it", async () => {
    const server = await testServer({ plugins: [], tls });
    const socket = await dial(server.port);
    socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(await text(socket)).not.toContain("200");
  });

  it("counts a socket that opened no longer among those whose request is awaited (maxPendingPerAddress)", async () => {
    const server = await testServer({ plugins: [], tls, limits: { maxPendingPerAddress: 1 } });
    for (let i = 0; i < 3; i++) await RawClient.hello(server.url, { ca });
    expect(server.sessions).toBe(3);
  });
});
