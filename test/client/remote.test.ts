/** One interface: what an env does over a socket it does in process, to the bit; and what a user sees when it goes wrong. */
import { describe, expect, it, onTestFinished } from "vitest";

import { sampleBatch } from "../../protocol/space-values.ts";
import type { Client } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { local } from "../../src/client/local/index.ts";
import { Rng } from "../../src/env/index.ts";
import { testServer } from "../support/test-server.ts";

function closing(client: Client): Client {
  onTestFinished(() => client.close());
  return client;
}

const code = async (promise: Promise<unknown>): Promise<string> =>
  await promise.then(() => "none", (error: unknown) => (error as { code: string }).code); // prettier-ignore

async function pair(): Promise<[Client, Client]> {
  return [closing(connect((await testServer()).url)), closing(local())];
}

describe("an env over a socket", () => {
  for (const autoreset of ["next-step", "same-step", "disabled"] as const) {
    it(`gives the frames of an env in process, ${autoreset}, for 300 steps of 7 Taxis`, async () => {
      const clients = await pair();
      const frames = await Promise.all(
        clients.map(async (client) => {
          const env = await client.make("Taxi-v4", { num: 7, seed: 3, autoreset, maxSteps: 40 });
          const draws = new Rng(5);
          const all = [await env.reset()];
          for (let i = 0; i < 300; i++) {
            all.push(await env.step(sampleBatch(env.spaces.action, 7, draws)));
          }
          return all.map(({ timing, ...frame }) => (expect(timing.env).toBeGreaterThanOrEqual(0), frame));
        }),
      );
      expect(frames[0]).toEqual(frames[1]);
    });
  }

  it("describes itself as it does in process", async () => {
    const [remote, inProcess] = await pair();
    const options = { num: 3, seed: 9, params: { natural: true } } as const;
    const [a, b] = [await remote.make("Blackjack-v1", options), await inProcess.make("Blackjack-v1", options)];
    for (const key of [
      "id",
      "version",
      "num",
      "spaces",
      "params",
      "autoreset",
      "maxSteps",
      "maskWidth",
      "seed",
    ] as const) {
      expect(a[key]).toEqual(b[key]);
    }
    expect(await remote.envs()).toEqual(await inProcess.envs());
  });

  it("is put back by its snapshot: the same actions give the same 100 frames again", async () => {
    const [remote] = await pair();
    const env = await remote.make("FrozenLake-v1", { num: 5, seed: 1 });
    await env.reset();
    const play = async (): Promise<unknown[]> => {
      const draws = new Rng(8);
      const seen = [];
      for (let i = 0; i < 100; i++) seen.push((await env.step(sampleBatch(env.spaces.action, 5, draws))).observations);
      return seen;
    };
    const taken = await env.snapshot();
    const first = await play();
    const frame = await env.restore(taken);
    expect([...frame.status]).toEqual([1, 1, 1, 1, 1]);
    expect(await play()).toEqual(first);
  });

  it("refuses snapshots that were changed, or are of another env or server", async () => {
    const [remote] = await pair();
    const env = await remote.make("FrozenLake-v1", { num: 1, seed: 1 });
    const other = await remote.make("FrozenLake-v1", { num: 1, seed: 1, params: { isSlippery: false } });
    await env.reset();
    const [sealed = new Uint8Array()] = await env.snapshot();
    const changed = sealed.slice();
    changed[40] = (changed[40] as number) ^ 1;
    const elsewhere = await closing(connect((await testServer()).url)).make("FrozenLake-v1", { num: 1 });
    expect(await code(env.restore([changed]))).toBe("BAD_SNAPSHOT");
    expect(await code(env.restore([sealed.subarray(0, 20)]))).toBe("BAD_SNAPSHOT");
    expect(await code(other.restore([sealed]))).toBe("BAD_SNAPSHOT");
    expect(await code(elsewhere.restore([sealed]))).toBe("BAD_SNAPSHOT");
    expect(await code(env.restore([sealed]))).toBe("none");
  });
});

describe("a mistake", () => {
  it("is told by the same code over a socket and in process", async () => {
    for (const client of await pair()) {
      expect(await code(client.make("FrozenLak-v1"))).toBe("UNKNOWN_ENV");
      expect(await code(client.make("FrozenLake-v1", { params: { isSlipery: true } }))).toBe("BAD_PARAM");
      expect(await code(client.make("FrozenLake-v1", { num: 0 }))).toBe("BAD_PARAM");
      expect(await code(client.make("FrozenLake-v1", { seed: -1 }))).toBe("BAD_SEED");
      const env = await client.make("FrozenLake-v1", { num: 2 });
      expect(await code(env.snapshot())).toBe("RESET_NEEDED");
      await env.reset();
      expect(await code(env.step(Int32Array.of(1)))).toBe("BAD_ACTION");
      expect(await code(env.step(Float32Array.of(1, 1) as never))).toBe("BAD_ACTION");
      expect(await code(env.reset({ seeds: [1] }))).toBe("BAD_SEED");
      expect(await code(env.reset({ seeds: [1, 0.5] }))).toBe("BAD_SEED");
      expect(await code(env.reset({ mask: new Uint8Array(3) }))).toBe("BAD_OPTIONS");
      expect(await code(env.step(Int32Array.of(1), { index: Uint32Array.of(2) }))).toMatch(/BAD_(ACTION|OPTIONS)/);
      await env.close();
      expect(await code(env.step(Int32Array.of(1, 1)))).toBe("UNKNOWN_HANDLE");
    }
  });

  it("in the address is one line that says what to do", async () => {
    const server = await testServer();
    const { port } = server;
    await server.close();
    const client = closing(connect(`ws://127.0.0.1:${port}`));
    await expect(client.make("FrozenLake-v1")).rejects.toThrow(
      /connection refused\. Start a server with `dojang serve`\.$/,
    );
  });

  it("of the server's end rejects what is under way instead of hanging", async () => {
    const server = await testServer();
    const client = closing(connect(server.url, { reconnectMs: 0 }));
    const env = await client.make("FrozenLake-v1", { num: 1 });
    await env.reset();
    await server.close();
    expect(await code(env.step(Int32Array.of(0)))).toBe("SHUTTING_DOWN");
  });
});
