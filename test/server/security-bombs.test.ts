/** Messages made to hurt: each ends in a code or a closed socket, the server's memory comes back, and other sessions go on. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { heldBytes } from "../support/held-bytes.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const utf8 = new TextEncoder();
const bytes = (...parts: (number | string | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === "number" ? Uint8Array.of(part) : typeof part === "string" ? utf8.encode(part) : part))); // prettier-ignore
const repeat = (byte: number, times: number): Uint8Array => new Uint8Array(times).fill(byte);
const key = (name: string): Uint8Array => bytes(0xa0 | name.length, name);

/** {op: "ping", id: 9, x: VALUE} */
const pingWith = (...value: (number | string | Uint8Array)[]): Uint8Array =>
  bytes(0x83, key("op"), key("ping"), key("id"), 9, key("x"), ...value);

const BOMBS: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ["arrays 33 deep", pingWith(repeat(0x91, 32), 0xc0)],
  ["arrays a million deep", repeat(0x91, 1_000_000)],
  ["maps a million deep", Buffer.concat(Array<Uint8Array>(1_000_000).fill(bytes(0x81, 0xa1, "a")))],
  ["an array of 2^32-1 items", pingWith(0xdd, repeat(0xff, 4))],
  ["a map of 2^32-1 entries", pingWith(0xdf, repeat(0xff, 4))],
  ["a message that is an array of 2^32-1", bytes(0xdd, repeat(0xff, 4))],
  ["a bin of 2^32-1 bytes", pingWith(0xc6, repeat(0xff, 4))],
  ["a text of 2^32-1 bytes", pingWith(0xdb, repeat(0xff, 4))],
  ["a bin of 255 bytes of which 3 come", pingWith(0xc4, 0xff, 1, 2, 3)],
  ["262,145 elements", pingWith(0xdd, 0, 4, 0, 1, repeat(0xc0, 262_145))],
  ["16 arrays of 65,535 empty arrays", pingWith(0x9f, ...Array.from({ length: 15 }, () => bytes(0xdc, 0xff, 0xff, repeat(0x90, 65_535))))], // prettier-ignore
  ["extension type 1, 4 bytes", pingWith(0xd6, 1, repeat(0, 4))],
  ["a date (extension -1)", pingWith(0xd6, 0xff, repeat(0, 4))],
  ["a regular expression (msgpackr's extension x)", pingWith(0xc7, 2, 0x78, 0x91, 0xa0)],
  ["an error (msgpackr's extension e)", pingWith(0xc7, 3, 0x65, 0x91, 0xa1, 0x78)],
  ["a reference (msgpackr's extension p)", pingWith(0xd6, 0x70, repeat(0, 4))],
  ["a record definition (msgpackr's extension r)", pingWith(0xd4, 0x72, 0x40)],
  ["an extension of 2^32-1 bytes", pingWith(0xc9, repeat(0xff, 4), 1)],
  ["the byte that is never used", pingWith(0xc1)],
  ["a key twice", bytes(0x83, key("op"), key("ping"), key("id"), 9, key("op"), key("make"))],
  ["a key twice, written two ways", bytes(0x83, key("op"), key("ping"), key("id"), 9, 0xd9, 2, "op", key("make"))],
  ["the key __proto__", bytes(0x83, key("op"), key("ping"), key("id"), 9, key("__proto__"), 0x81, key("polluted"), 0xc3)], // prettier-ignore
  ["the key __proto__ within a value", pingWith(0x81, key("__proto__"), 0x81, key("polluted"), 0xc3)],
  ["a number as key", pingWith(0x81, 1, 2)],
  ["a map as key", pingWith(0x81, 0x80, 2)],
  ["a key that is no UTF-8", pingWith(0x81, 0xa1, 0xff, 2)],
  ["an integer of 2^64-1", pingWith(0xcf, repeat(0xff, 8))],
  ["bytes after the end", bytes(pingWith(0xc0), 0xc0)],
  ["nothing", new Uint8Array()],
  ["half a message", pingWith(0xc0).subarray(0, 9)],
];

/** Ends the connection with BAD_MESSAGE; the server goes on. */
async function refused(client: RawClient): Promise<void> {
  expect(await client.next("error")).toMatchObject({ code: "BAD_MESSAGE", retryable: false });
  expect(await client.closed).toEqual({ code: 4000, reason: "BAD_MESSAGE" });
}

describe("a bomb", () => {
  it.each(BOMBS)("%s ends with BAD_MESSAGE, as the first message and within a session", async (_what, bomb) => {
    const server = await testServer({ plugins: [] });
    const neighbour = await RawClient.hello(server.url);
    for (const client of [await RawClient.connect(server.url), await RawClient.hello(server.url)]) {
      client.sendBytes(bomb);
      await refused(client);
    }
    expect(await neighbour.ask({ op: "ping", id: 2 })).toEqual({ op: "ping", id: 2 });
    expect(Object.prototype).not.toHaveProperty("polluted");
    expect(server.logs.filter((line) => line.includes("internal"))).toEqual([]);
  });

  it("says where it is wrong in under 300 characters, whatever its size", async () => {
    const server = await testServer({ plugins: [] });
    for (const [, bomb] of BOMBS) {
      const client = await RawClient.hello(server.url);
      client.sendBytes(bomb);
      const { message } = await client.next("error");
      expect(message).toMatch(/^message byte \d+: expected |^id: expected |^op: expected |^message: /);
      expect(message.length).toBeLessThan(300);
    }
  });

  it("made of any bytes never brings the server down or an internal error about", async () => {
    const server = await testServer({ plugins: [] });
    const shapes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 40 }).map((tail) => pingWith(tail)),
    );
    await fc.assert(
      fc.asyncProperty(shapes, async (message) => {
        const client = await RawClient.hello(server.url);
        client.sendBytes(message);
        const reply = await client.any();
        if (reply.op === "error") expect(["BAD_MESSAGE", "UNSUPPORTED", "STALE"]).toContain(reply.code);
        client.socket.terminate();
        await client.closed;
      }),
      { numRuns: 60 },
    );
    expect(server.logs.filter((line) => line.includes("internal"))).toEqual([]);
  });
});

describe("the server's memory", () => {
  it("comes back after 40 bombs of nearly maxPayload, 300 MB in all", async () => {
    const server = await testServer({ plugins: [] });
    const size = 8 * 1024 * 1024 - 64;
    const shapes = [repeat(0x91, size), pingWith(0xdd, 0, 3, 0xff, 0xff, repeat(0x90, size - 40)), pingWith(0xc6, 0, 0x7f, 0, 0, repeat(7, size - 40)), repeat(0xc0, size)]; // prettier-ignore
    const bomb = async (i: number): Promise<void> => {
      const client = await RawClient.hello(server.url);
      client.sendBytes(shapes[i % shapes.length] as Uint8Array);
      await client.closed;
    };
    for (let i = 0; i < 4; i++) await bomb(i); // buffers that stay
    const before = heldBytes();
    for (let i = 0; i < 36; i++) await bomb(i);
    await expect.poll(() => heldBytes() - before, { timeout: 10_000 }).toBeLessThan(24 * 1024 * 1024);
  });
});

describe("a frame", () => {
  it("that claims to be larger than maxPayload is refused before it comes: 1009", async () => {
    const server = await testServer({ plugins: [], limits: { maxPayload: 1000 } });
    const client = await RawClient.hello(server.url);
    // A masked binary frame with a length of 2^40, of which only the head is sent.
    (client.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(bytes(0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4)); // prettier-ignore
    expect((await client.closed).code).toBe(1009);
  });

  it("in a million pieces counts as one: the sum may not exceed maxPayload", async () => {
    const server = await testServer({ plugins: [], limits: { maxPayload: 1000 } });
    const client = await RawClient.hello(server.url);
    for (let i = 0; i < 101 && client.socket.readyState === client.socket.OPEN; i++) {
      client.socket.send(repeat(0x91, 10), { binary: true, fin: false });
    }
    expect((await client.closed).code).toBe(1009);
  });
});
