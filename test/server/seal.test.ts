/** Seals: what a client hands back is what the server gave it, for the same env; and the key is a file for its owner alone. */
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Request } from "../../protocol/messages.ts";
import { Sealer, snapshotKey } from "../../src/server/seal.ts";
import { execArgv } from "../../src/registry/exec-argv.ts";
import { run } from "../support/child.ts";
import { RawClient } from "../support/raw-client.ts";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";

const KEY = new Uint8Array(32).fill(7);
const plain = new TextEncoder().encode('{"gold":"1729"}');

describe("a seal", () => {
  it("opens to the same bytes with the same key and binding, and hides them meanwhile", () => {
    const sealed = new Sealer(KEY).seal(plain, "env 1");
    expect(new Sealer(KEY).open(sealed, "env 1")).toEqual(Buffer.from(plain));
    expect(Buffer.from(sealed).includes("1729")).toBe(false);
    expect(new Sealer(KEY).seal(plain, "env 1")).not.toEqual(sealed); // another nonce
  });

  it("with any bit changed, cut or lengthened is refused", () => {
    const sealer = new Sealer(KEY);
    const sealed = sealer.seal(plain, "env");
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const forged = Uint8Array.from(sealed);
      forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => sealer.open(forged, "env")).toThrow(expect.objectContaining({ code: "BAD_SNAPSHOT" }));
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => sealer.open(sealed.subarray(0, length), "env")).toThrow(
        expect.objectContaining({ code: "BAD_SNAPSHOT" }),
      );
    }
    expect(() => sealer.open(Buffer.concat([sealed, Uint8Array.of(0)]), "env")).toThrow(/seal does not fit/);
  });

  it("of another server or for another env is refused, with the same words", () => {
    const sealed = new Sealer(KEY).seal(plain, "env");
    expect(() => new Sealer().open(sealed, "env")).toThrow(/^snapshot: the seal does not fit/);
    expect(() => new Sealer(KEY).open(sealed, "env 2")).toThrow(/^snapshot: the seal does not fit/);
  });

  it("is never found on bytes that nobody sealed", () => {
    const sealer = new Sealer(KEY);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const forged of [bytes, Buffer.concat([Uint8Array.of(0x44, 0x4a, 0x53, 1), bytes])]) {
          expect(() => sealer.open(forged, "env")).toThrow(expect.objectContaining({ code: "BAD_SNAPSHOT" }));
        }
      }),
    );
  });

  it("needs a key of 32 bytes", () => {
    expect(() => new Sealer(new Uint8Array(31))).toThrow("snapshot key: expected 32 bytes, got 31");
  });
});

describe("a snapshot that comes back over the wire", () => {
  const make = (id: number, env: string, params: Record<string, string | boolean> = {}): Request<"make"> => ({ op: "make", id, env, num: 1, seed: 1, params }); // prettier-ignore

  it("altered, cut, empty, of another env, of other params or of another server is refused, and the env goes on", async () => {
    const [server, other] = [await testServer(), await testServer()];
    const client = await RawClient.hello(server.url);
    await client.ask(make(2, "FrozenLake-v1"));
    await client.ask(make(3, "Taxi-v4"));
    await client.ask(make(4, "FrozenLake-v1", { isSlippery: false }));
    for (const env of [1, 2, 3]) await client.ask({ op: "reset", id: 4 + env, env });
    const take = async (from: RawClient, id: number, env: number): Promise<Uint8Array> =>
      (await from.ask({ op: "snapshot", id, env })).snapshots[0] ?? new Uint8Array();
    const good = await take(client, 10, 1);
    const stranger = await RawClient.hello(other.url);
    await stranger.ask(make(2, "FrozenLake-v1"));
    await stranger.ask({ op: "reset", id: 3, env: 1 });

    const altered = Uint8Array.from(good);
    altered[40] = (altered[40] as number) ^ 1;
    const forged = [altered, good.subarray(0, 50), new Uint8Array(), await take(client, 11, 2), await take(client, 12, 3), await take(stranger, 4, 1)]; // prettier-ignore
    for (const [i, snapshot] of forged.entries()) {
      expect(await client.fails({ op: "restore", id: 20 + i, env: 1, snapshots: [snapshot] })).toMatchObject({ code: "BAD_SNAPSHOT", env: 1 }); // prettier-ignore
    }
    expect((await client.ask({ op: "restore", id: 30, env: 1, snapshots: [good] })).status).toHaveLength(1);
  });
});

describe("the key file", () => {
  const keyFile = (): string => join(tempDir(), "state", "snapshot.key");

  it("is made once, with mode 0600 in a folder of mode 0700, and read afterwards", () => {
    const file = keyFile();
    const key = snapshotKey(file);
    expect(key).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
    expect(snapshotKey(file)).toEqual(Buffer.from(key));
    expect(readdirSync(join(file, ".."))).toEqual(["snapshot.key"]);
    expect(snapshotKey(keyFile())).not.toEqual(Buffer.from(key));
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o610])(
    "that others may use (mode 0%o) is refused, with the command that mends it",
    (mode) => {
      const file = keyFile();
      snapshotKey(file);
      chmodSync(file, mode);
      expect(() => snapshotKey(file)).toThrow(
        `${file}: expected a key only its owner can read, got mode 0${mode.toString(8)}. chmod 600 ${file}`,
      );
    },
  );

  it("of another length is refused", () => {
    const file = keyFile();
    snapshotKey(file);
    for (const length of [0, 31, 33]) {
      writeFileSync(file, new Uint8Array(length));
      expect(() => snapshotKey(file)).toThrow(
        `${file}: expected 32 bytes, got ${length} bytes. Remove it and a new key is made.`,
      );
    }
  });

  it("is one key for servers that start at the same moment", async () => {
    const file = keyFile();
    const seal = new URL("../../src/server/seal.ts", import.meta.url).href;
    const code = `import { snapshotKey } from ${JSON.stringify(seal)}; process.stdout.write(Buffer.from(snapshotKey(${JSON.stringify(file)})).toString("hex"));`;
    const started = Array.from({ length: 4 }, () =>
      run(process.execPath, [...execArgv(), "--input-type=module", "-e", code]),
    );
    const keys = (await Promise.all(started)).map(({ stdout, stderr }) => stdout + stderr);
    expect(new Set(keys)).toEqual(new Set([readFileSync(file).toString("hex")]));
  });
});
