/** `fork`: rows become copies of rows, over a socket and in process. */
import { describe, expect, it, onTestFinished } from "vitest";

import type { Client } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { local } from "../../src/client/local/index.ts";
import { testServer } from "../support/test-server.ts";

async function clients(): Promise<Client[]> {
  const both = [connect((await testServer()).url), local()];
  for (const client of both) onTestFinished(() => client.close());
  return both;
}

describe("fork", () => {
  it("makes three rows play the same 60 slippery steps as their source", async () => {
    for (const client of await clients()) {
      const env = await client.make("FrozenLake8x8-v1", { num: 4, seed: 5 });
      await env.reset();
      for (let i = 0; i < 5; i++) await env.step(Int32Array.of(2, 1, 2, 1));
      const frame = await env.fork([2, 2, 2], [0, 1, 3]);
      expect([...frame.status]).toEqual([1, 1, 1]);
      for (let i = 0; i < 60; i++) {
        const { observations, terminated } = await env.step(new Int32Array(4).fill(i % 4));
        const [first, ...others] = observations as unknown as Int32Array;
        expect(others).toEqual([first, first, first]);
        expect(new Set(terminated).size).toBe(1);
        if (terminated[0] === 1) return; // later episodes have seeds of their own
      }
    }
  });

  it("answers RESET_NEEDED for a row without an episode and BAD_OPTIONS for one that is not there", async () => {
    for (const client of await clients()) {
      const env = await client.make("FrozenLake-v1", { num: 2 });
      await expect(env.fork([0], [1])).rejects.toMatchObject({ code: "RESET_NEEDED" });
      await env.reset();
      await expect(env.fork([2], [1])).rejects.toMatchObject({ code: "BAD_OPTIONS" });
      await expect(env.fork([0], [7])).rejects.toMatchObject({ code: "BAD_OPTIONS" });
    }
  });
});
