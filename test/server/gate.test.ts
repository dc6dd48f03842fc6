/** The gate: which Host, Origin and token come in, by socket and by HTTP alike. */
import { describe, expect, it } from "vitest";

import { gateOptions, isLoopback } from "../../src/server/gate.ts";
import { findToken, makeToken } from "../../src/server/tokens.ts";
import { RawClient, refusal } from "../support/raw-client.ts";
import { rawRequest, rawUpgrade } from "../support/raw-http.ts";
import { testServer } from "../support/test-server.ts";

const TOKEN = "correct-horse-battery";

/** What the same headers get over HTTP and as an upgrade: 200 and 101 where they come in. */
async function both(
  port: number,
  headers: readonly string[],
  target = "/readyz",
): Promise<[http: number, socket: number]> {
  const line = `GET ${target} HTTP/1.1`;
  return [(await rawRequest(port, [line, ...headers])).status, (await rawUpgrade(port, [line, ...headers])).status];
}

describe("Host", () => {
  it.each([
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost:1",
    "127.0.0.1",
    "127.0.0.1:7766",
    "[::1]",
    "[::1]:7766",
    "gym.example",
    "Gym.Example:443",
    "gym.example.:8443",
  ])("%s comes in", async (host) => {
    const { port } = await testServer({ plugins: [], allowHosts: ["gym.Example"] });
    expect(await both(port, [`Host: ${host}`])).toEqual([200, 101]);
  });

  it.each([
    "evil.example",
    "evil.example:7766",
    "localhost.evil.example",
    "localhost@evil.example",
    "evil.example@localhost",
    "localhost:80@evil.example",
    "localhost:80:80",
    "localhost/evil.example",
    "localhost, evil.example",
    "localhost evil.example",
    "localhost..",
    ".localhost",
    "127.0.0.2",
    "0.0.0.0",
    "[::2]",
    "[::ffff:127.0.0.1]",
    "[localhost]",
    "::1",
  ])("%s is refused with 403", async (host) => {
    const { port } = await testServer({ plugins: [], allowHosts: ["gym.example"] });
    expect(await both(port, [`Host: ${host}`])).toEqual([403, 403]);
  });

  it("missing is refused: 400 by HTTP/1.1 itself, 403 where that does not look", async () => {
    const { port } = await testServer({ plugins: [] });
    expect((await rawRequest(port, ["GET /readyz HTTP/1.0"])).status).toBe(403);
    expect(await both(port, [])).toEqual([400, 403]);
    expect(await both(port, ["Host:"])).toEqual([403, 403]);
  });

  it("given twice is refused with 400, in either order", async () => {
    const { port } = await testServer({ plugins: [] });
    expect(await both(port, ["Host: localhost", "Host: evil.example"])).toEqual([400, 400]);
    expect(await both(port, ["Host: evil.example", "Host: localhost"])).toEqual([400, 400]);
    expect(await both(port, ["Host: localhost", "host: localhost"])).toEqual([400, 400]);
  });

  // Other systems than Linux have one loopback address only.
  it.runIf(process.platform === "linux")(
    "may be the very address a client connected to, which no page can rebind",
    async () => {
      const { port } = await testServer({ plugins: [], host: "0.0.0.0", tokens: [makeToken(TOKEN)] });
      const ask = async (address: string, host: string): Promise<number> => {
        const lines = ["GET /readyz HTTP/1.1", `Host: ${host}`, `Authorization: Bearer ${TOKEN}`];
        return (await rawRequest(port, lines, "", address)).status;
      };
      expect(await ask("127.0.0.2", "127.0.0.2:80")).toBe(200);
      expect(await ask("127.0.0.2", "127.0.0.3")).toBe(403);
      expect(await ask("127.0.0.1", "127.0.0.2")).toBe(403);
    },
  );

  it("of an absolute target is not looked for: the target must be a path", async () => {
    const { port } = await testServer({ plugins: [] });
    for (const target of ["http://evil.example/readyz", "http://localhost/readyz", "*"]) {
      expect(await both(port, ["Host: localhost"], target)).toEqual([400, 400]);
    }
  });
});

describe("Origin", () => {
  const allowOrigins = ["https://gym.example", "http://localhost:5173"];

  it("absent comes in: no browser sent the request", async () => {
    const { port } = await testServer({ plugins: [] });
    expect(await both(port, ["Host: localhost"])).toEqual([200, 101]);
  });

  it.each(allowOrigins)("%s on the list comes in", async (origin) => {
    const { port } = await testServer({ plugins: [], allowOrigins });
    expect(await both(port, ["Host: localhost", `Origin: ${origin}`])).toEqual([200, 101]);
  });

  it.each([
    "null",
    "",
    "https://evil.example",
    "http://gym.example",
    "https://gym.example:8443",
    "https://gym.example.evil.example",
    "https://gym.example/",
    "https://gym.example, https://gym.example",
    "http://localhost",
    "file://",
  ])("'%s' is refused with 403", async (origin) => {
    const { port } = await testServer({ plugins: [], allowOrigins });
    expect(await both(port, ["Host: localhost", `Origin: ${origin}`])).toEqual([403, 403]);
  });

  it("given twice is refused with 400", async () => {
    const { port } = await testServer({ plugins: [], allowOrigins });
    const [origin = ""] = allowOrigins;
    expect(await both(port, ["Host: localhost", `Origin: ${origin}`, "Origin: https://evil.example"])).toEqual([
      400, 400,
    ]);
  });

  it("null cannot be put on the list, nor can *, a path or a bare name", () => {
    for (const origin of ["null", "*", "https://gym.example/play", "gym.example", "https://a@b", ""]) {
      expect(() => gateOptions("127.0.0.1", { allowOrigins: [origin] })).toThrow(/allow-origin: expected scheme/);
    }
    const { allowOrigins: read } = gateOptions("127.0.0.1", {
      allowOrigins: ["HTTPS://Gym.example:443", "app://shell"],
    });
    expect(read).toEqual(["https://gym.example", "app://shell"]);
  });
});

describe("a token", () => {
  const tokens = [makeToken(TOKEN), makeToken("another-token-of-16")];
  const base64 = (text: string): string => Buffer.from(text).toString("base64url");
  const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });

  it("comes in as a bearer header or, from a browser, as the subprotocol bearer.<base64url>", async () => {
    const server = await testServer({ plugins: [], tokens });
    await RawClient.hello(server.url, bearer(TOKEN));
    const browser = await RawClient.connect(server.url, {}, ["dojang.v1", `bearer.${base64(TOKEN)}`]);
    expect(browser.socket.protocol).toBe("dojang.v1"); // the token is not echoed
  });

  it("missing or wrong is refused with 401 in one line, before a session or socket exists", async () => {
    const server = await testServer({ plugins: [], tokens });
    const wrong = [undefined, "", "correct-horse-batterz", `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()];
    for (const text of wrong) {
      const { status, body } = await refusal(server.url, text === undefined ? {} : bearer(text));
      expect(status).toBe(401);
      expect(body).toMatch(/^[^\n]+\.$/);
      expect(body).not.toContain(TOKEN);
      if (text !== undefined && text.length > 0) expect(body).not.toContain(text);
    }
    expect(server.sessions).toBe(0);
    const { body } = await rawRequest(server.port, [
      "GET /metrics HTTP/1.1",
      "Host: localhost",
      `Authorization: Bearer ${TOKEN}`,
    ]);
    expect(body).toContain("\ndojang_sockets 0\n");
    expect(body).toContain(`dojang_refused_total{status="401"} ${wrong.length}`);
  });

  it("in the query string is not looked at", async () => {
    const server = await testServer({ plugins: [], tokens });
    for (const query of [`token=${TOKEN}`, `access_token=${TOKEN}`, `authorization=Bearer%20${TOKEN}`]) {
      expect((await refusal(`${server.url}/?${query}`)).status).toBe(401);
    }
  });

  it("in another scheme, twice, or hidden in the subprotocols is refused", async () => {
    const { port } = await testServer({ plugins: [], tokens });
    const good = `Authorization: Bearer ${TOKEN}`;
    expect(await both(port, ["Host: localhost", `Authorization: Basic ${base64(`x:${TOKEN}`)}`])).toEqual([401, 401]);
    expect(await both(port, ["Host: localhost", good, "Authorization: Bearer wrong"])).toEqual([400, 400]);
    expect(await both(port, ["Host: localhost", "Authorization: Bearer wrong", good])).toEqual([400, 400]);
    const offer = (text: string): string => `Sec-WebSocket-Protocol: ${text}`;
    const hidden = [
      `bearer.${base64(TOKEN)}, bearer.${base64("another-token-of-16")}`, // which of the two?
      `bearer.${TOKEN}`,
      `bearer.${base64(TOKEN)}=`,
      `bearer.${base64(TOKEN)}%00`,
      `Bearer.${base64(TOKEN)}`,
      `bearer ${base64(TOKEN)}`,
    ];
    for (const text of hidden) expect(await both(port, ["Host: localhost", offer(text)])).toEqual([401, 401]);
  });

  it("as a subprotocol opens sockets only: an HTTP route wants the header", async () => {
    const { port } = await testServer({ plugins: [], tokens });
    const offer = `Sec-WebSocket-Protocol: dojang.v1, bearer.${base64(TOKEN)}`;
    const response = await rawRequest(port, ["GET /v1/envs HTTP/1.1", "Host: localhost", offer]);
    expect(response).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
  });

  it("does not open what a wrong Host or Origin closes", async () => {
    const { port } = await testServer({ plugins: [], tokens });
    const good = `Authorization: Bearer ${TOKEN}`;
    expect(await both(port, ["Host: evil.example", good])).toEqual([403, 403]);
    expect(await both(port, ["Host: localhost", "Origin: null", good])).toEqual([403, 403]);
  });

  it("is compared with every known one, by digest, whichever fits", () => {
    let looks = 0;
    const watched = ["first-token-of-16ch", TOKEN, "third-token-of-16ch"].map((text) => {
      const { digest } = makeToken(text);
      return { get digest() { looks++; return digest; } }; // prettier-ignore
    });
    for (const text of ["first-token-of-16ch", "third-token-of-16ch", "nobody-knows-this-one"]) {
      looks = 0;
      findToken(watched, text);
      expect(looks).toBe(3);
    }
  });
});

describe("the address", () => {
  it("is loopback unless another is asked for", async () => {
    const server = await testServer({ plugins: [] });
    expect(server.host).toBe("127.0.0.1");
    expect(server.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each(["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "gym.example", "LOCALHOST", "127.1", ""])(
    "'%s' is refused at the start without a token",
    async (host) => {
      await expect(testServer({ plugins: [], host })).rejects.toMatchObject({
        code: "BAD_PARAM",
        message: `host ${host}: expected a token file for any address but loopback. Add --token-file FILE, or listen on 127.0.0.1.`,
      });
    },
  );

  it("counts as loopback from 127.0.0.0 to 127.255.255.255, ::1, the same mapped into IPv6, and localhost", () => {
    for (const host of ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::FFFF:127.1.2.3", "localhost"])
      expect(isLoopback(host)).toBe(true);
    for (const host of ["128.0.0.1", "127.evil.example", "::ffff:8.8.8.8", "::127.0.0.1", "1.127.0.0", "::ffff:127"])
      expect(isLoopback(host)).toBe(false);
  });

  it("to answer to cannot be given with a port, a path or blanks", () => {
    for (const name of ["gym.example:80", "[::1]:80", "gym.example/x", "a b", "", "https://gym.example"])
      expect(() => gateOptions("127.0.0.1", { allowHosts: [name] })).toThrow(/allow-host: expected a host name/);
  });
});
