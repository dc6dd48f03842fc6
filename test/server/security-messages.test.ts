/** The formatter that shows received values in messages: it never throws, runs no code of the value's, and keeps to its limit. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { GymError } from "../../protocol/errors.ts";
import { show } from "../../protocol/show.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true, withTypedArray: true, withSparseArray: true, withObjectString: true, maxDepth: 5 }); // prettier-ignore

/** Values that do something when they are looked at. */
function hostile(): { value: unknown; calls: () => number } {
  let calls = 0;
  const trap = (): never => {
    calls++;
    throw new Error("a trap");
  };
  const value = {
    get field() { return trap(); },
    toString: trap,
    valueOf: trap,
    toJSON: trap,
    [Symbol.toPrimitive]: trap,
    [Symbol.iterator]: trap,
    inner: { get deep() { return trap(); } },
  }; // prettier-ignore
  return { value, calls: () => calls };
}

describe("show", () => {
  it("shows any value in at most its limit of characters, on one line, and never throws", () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 3, max: 200 }), (value, limit) => {
        const text = show(value, limit);
        expect(text.length).toBeLessThanOrEqual(limit);
        expect(text).not.toMatch(/[\n\r]/);
        expect(show(value).length).toBeLessThanOrEqual(80);
      }),
      { numRuns: 500 },
    );
  });

  it("lets through nothing that a terminal acts on, in values and names of fields alike", () => {
    const controls = "\u0000\b\n\r\u001b[2J\u007f\u009b31m\u2028\u2029";
    for (const value of [
      controls,
      { [controls]: 1 },
      [controls],
      { a: { [controls]: controls } },
      new Map([[controls, 1]]),
    ]) {
      expect(show(value, 200)).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it("calls no getter, no toString and no toJSON of the value", () => {
    const { value, calls } = hostile();
    expect(show([value, { value }])).toContain("(getter)");
    expect(calls()).toBe(0);
  });

  it("ends on values that hold themselves, are very deep, very long or revoked", () => {
    const ring: unknown[] = [];
    ring.push(ring, { ring });
    let deep: unknown = 0;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const trapped = new Proxy({}, { ownKeys() { throw new Error("a trap"); } }); // prettier-ignore
    const values = [ring, deep, "x".repeat(10_000_000), Array<number>(10_000_000), new Uint8Array(1_000_000), proxy, trapped, Symbol("s"), 2n ** 4000n, Object.create(null)]; // prettier-ignore
    for (const value of values) expect(show(value).length).toBeLessThanOrEqual(80);
  });
});

describe("an error's message", () => {
  it("stays short whatever was received", () => {
    fc.assert(
      fc.property(anything, (received) => {
        const { message } = new GymError("BAD_PARAM", "make.params.x", { expected: "an integer", received });
        expect(message.startsWith("make.params.x: expected an integer, got ")).toBe(true);
        expect(message.length).toBeLessThanOrEqual(120);
      }),
    );
  });

  it("to a client that sends a megabyte of env id, param or topic back is under 1,000 characters", async () => {
    const client = await RawClient.hello((await testServer()).url);
    const huge = "\u0000\n<b>".repeat(200_000);
    const errors = [
      await client.fails({ op: "make", id: 2, env: huge, num: 1 }),
      await client.fails({ op: "make", id: 3, env: "FrozenLake-v1", num: 1, params: { [huge.slice(0, 50)]: huge } }),
      await client.fails({ op: "make", id: 4, env: "FrozenLake-v1", num: 1, params: { mapName: huge } }),
      await client.fails({ op: "subscribe", id: 5, topic: huge, env: 1 }),
      await client.fails({ op: "subscribe", id: 6, topic: `frames:${huge}`, env: 1 }),
    ];
    for (const { message } of errors) {
      expect(message.length).toBeLessThan(1_000);
      expect(message).not.toMatch(/[\n\0]/);
    }
  });
});
