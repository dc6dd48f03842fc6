/** Seeds and options for episodes that autoreset begins: queued at make or reset, told in the receipts. */
import { describe, expect, it } from "vitest";

import { int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";
import { defineEnv, discrete, rules } from "../../src/env/index.ts";

/** Every step ends the episode; the observation is `options.start`. */
const short = defineEnv({
  id: "short-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(10),
      reset: (_rng, options) => (options as { start?: number } | undefined)?.start ?? 0,
      step: (start) => ({ state: start, reward: 0, terminated: true }),
      observe: (start) => start,
    }),
});

const f64 = (column: Uint8Array | undefined): number[] => [
  ...new Float64Array((column ?? new Uint8Array()).slice().buffer),
];

describe("a queue", () => {
  it("given at make seeds the episodes after the first, then derived seeds go on", async () => {
    const client = await RawClient.hello((await testServer({ plugins: [short] })).url);
    await client.ask({ op: "make", id: 2, env: "short-v0", num: 1, seed: 1, autoreset: "same-step", seeds: [7], queue: { seeds: [[11, 12]], options: [[{ start: 3 }]] } }); // prettier-ignore
    expect(f64((await client.ask({ op: "reset", id: 3, env: 1 })).seeds?.seed)).toEqual([7]);
    const steps = [];
    for (let seq = 1; seq <= 3; seq++) {
      steps.push(await client.ask({ op: "step", id: 10 + seq, env: 1, seq, ack: seq - 1, actions: [int32(0)] }));
    }
    const seeds = steps.flatMap((reply) => f64(reply.seeds?.seed));
    expect(seeds.slice(0, 2)).toEqual([11, 12]);
    expect(seeds[2]).toBeGreaterThan(1000);
    expect(steps.map((reply) => reply.observations[0]?.[0])).toEqual([3, 0, 0]);
  });

  it("of a first seed that is no seed is refused at make, and the connection survives", async () => {
    const client = await RawClient.hello((await testServer({ plugins: [short] })).url);
    const made = { op: "make", env: "short-v0", num: 1 } as const;
    const wrong = [{ seed: -1 }, { seed: 0.5 }, { seeds: [2 ** 53] }, { seeds: [1, 2] }, { queue: { seeds: [[-1]] } }];
    for (const [i, fields] of wrong.entries()) {
      expect(await client.fails({ ...made, id: 10 + i, ...fields })).toMatchObject({ code: "BAD_SEED" });
    }
    await client.ask({ ...made, id: 20, seed: 0 });
    expect(await client.fails({ op: "reset", id: 21, env: 1, seeds: [1e300] })).toMatchObject({ code: "BAD_SEED" });
  });

  it("of a wrong length or with a wrong seed is refused by name", async () => {
    const client = await RawClient.hello((await testServer({ plugins: [short] })).url);
    await client.ask({ op: "make", id: 2, env: "short-v0", num: 2, seed: 1 });
    const error = await client.fails({ op: "reset", id: 3, env: 1, queue: { seeds: [[1]] } });
    expect(error).toMatchObject({ code: "BAD_SEED" });
    expect(error.message).toContain("queue.seeds");
  });
});
