/** Limits: each is refused by its name, also when requests race for the last place, and leaves the session in use. */
import { describe, expect, it } from "vitest";

import { box, defineEnv, discrete, rules, type AnyPlugin } from "../../src/env/index.ts";
import { ERROR_CODES } from "../../protocol/errors.ts";
import { LIMITS, type Limits } from "../../src/server/options.ts";
import { gated, int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

/** Its observation is 1 KB. */
const kilobyte = defineEnv({
  id: "kilobyte-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: box([16, 16], 0, 1, "float32"),
      reset: () => 0,
      step: (n) => ({ state: n + 1, reward: 0, terminated: false }),
      observe: () => undefined,
    }),
});

/** Takes its time to be built. */
function slow(): { plugin: AnyPlugin; built: () => void } {
  const gate = Promise.withResolvers<undefined>();
  const plugin = defineEnv({
    id: "slow-v0",
    params: {},
    build: async () => {
      await gate.promise;
      return rules({
        action: discrete(2),
        observation: discrete(2),
        reset: () => 0,
        step: () => ({ state: 0, reward: 0, terminated: false }),
        observe: () => 0,
      });
    },
  });
  return { plugin, built: () => { gate.resolve(undefined); }}; // prettier-ignore
}

async function session(limits: Partial<Limits>, plugin: AnyPlugin = kilobyte): Promise<RawClient> {
  return await RawClient.hello((await testServer({ plugins: [plugin], limits })).url);
}

const make = (id: number, num = 1, env = "kilobyte-v0") => ({ op: "make", id, env, num }) as const;

describe("make", () => {
  it("beyond maxHandles answers LIMIT and names it; closing one makes room", async () => {
    const client = await session({ maxHandles: 2 });
    await client.ask(make(2));
    await client.ask(make(3));
    const error = await client.fails(make(4));
    expect(error).toMatchObject({ code: "LIMIT", retryable: true });
    expect(error.message).toBe(
      "envs (maxHandles) in one session: expected at most 2. Close envs that are no longer needed.",
    );
    await client.ask({ op: "close", id: 5, env: 1 });
    await client.ask(make(6));
  });

  it("beyond maxInstances in a session answers LIMIT and names it", async () => {
    const client = await session({ maxInstances: 10 });
    await client.ask(make(2, 7));
    expect((await client.fails(make(3, 4))).message).toMatch(
      /^instances \(maxInstances\) in one session: expected at most 10/,
    );
    await client.ask(make(4, 3));
  });

  it("of more than maxNum instances answers BAD_PARAM and names the most", async () => {
    const client = await session({ maxNum: 8 });
    expect(await client.fails(make(2, 9))).toMatchObject({ code: "BAD_PARAM", message: "kilobyte-v0: num: expected an integer in 1..8, got 9" }); // prettier-ignore
  });

  it("whose observations come to more than maxFrameBytes answers LIMIT before anything is allocated", async () => {
    const client = await session({ maxFrameBytes: 8 * 1024, maxNum: 2 ** 31, maxInstances: 2 ** 31 });
    for (const num of [9, 2 ** 30]) {
      const error = await client.fails(make(1 + num, num));
      expect(error).toMatchObject({ code: "LIMIT" });
      expect(error.message).toContain(
        `bytes of the observations of ${num} instances (maxFrameBytes): expected at most 8192`,
      );
    }
    await client.ask(make(2 ** 31, 8));
  });

  it("counts envs that are still being made: of 10 requests at once 3 fit", async () => {
    const { plugin, built } = slow();
    const client = await session({ maxHandles: 3 }, plugin);
    for (let id = 2; id < 12; id++) client.send(make(id, 1, "slow-v0"));
    const refused = [];
    for (let i = 0; i < 7; i++) refused.push(await client.next("error"));
    built();
    const made = [await client.next("make"), await client.next("make"), await client.next("make")];
    expect(refused.map(({ code }) => code)).toEqual(Array(7).fill("LIMIT"));
    expect(made.map(({ env }) => env)).toEqual([1, 2, 3]);
  });

  it("counts instances that are still being made, and gives back those of an env that fails", async () => {
    const { plugin, built } = slow();
    const client = await session({ maxInstances: 10 }, plugin);
    client.send(make(2, 6, "slow-v0"));
    expect(await client.fails(make(3, 6, "slow-v0"))).toMatchObject({ id: 3, code: "LIMIT" });
    built();
    await client.next("make");
    for (let id = 4; id < 8; id++) expect(await client.fails(make(id, 4, "nobody-v0"))).toMatchObject({ code: "UNKNOWN_ENV" }); // prettier-ignore
    await client.ask(make(8, 4, "slow-v0"));
  });

  it("that ends after its session did closes its env and its recording", async () => {
    const { plugin, built } = slow();
    const recordings = { opened: 0, closed: 0 };
    const record = () => {
      recordings.opened++;
      return { onFrame: () => undefined, close: async () => void recordings.closed++ };
    };
    const server = await testServer({ plugins: [plugin], record, limits: { graceMs: 5 } });
    const client = await RawClient.hello(server.url);
    client.send(make(2, 1, "slow-v0"));
    await client.ask({ op: "ping", id: 3 });
    client.socket.terminate();
    await expect.poll(() => server.sessions).toBe(0);
    built();
    await expect.poll(() => recordings).toEqual({ opened: 1, closed: 1 });
  });
});

describe("requests under way", () => {
  it("beyond maxPending answer LIMIT and name it; steps have a limit of their own", async () => {
    const { plugin, built } = slow();
    const client = await session({ maxPending: 5 }, plugin);
    for (let id = 2; id < 7; id++) client.send(make(id, 1, "slow-v0"));
    const error = await client.fails({ op: "ping", id: 7 });
    expect(error).toMatchObject({ code: "LIMIT", message: "requests under way in one session (maxPending): 5. Wait for replies before asking for more." }); // prettier-ignore
    built();
    for (let i = 0; i < 5; i++) await client.next("make");
    await client.ask({ op: "ping", id: 8 });
  });

  it("of a handle beyond maxQueued answer LIMIT and name it", async () => {
    const client = await session({ maxQueued: 2 });
    await client.ask({ ...make(2), window: 8 });
    await client.ask({ op: "reset", id: 3, env: 1 });
    await client.ask({ op: "subscribe", id: 4, topic: "frames", env: 1 }); // without credit it holds steps back
    for (let seq = 1; seq <= 3; seq++)
      client.send({ op: "step", id: 4 + seq, env: 1, seq, ack: 0, actions: [int32(0)] });
    const error = await client.fails({ op: "step", id: 8, env: 1, seq: 4, ack: 0, actions: [int32(0)] });
    expect(error).toMatchObject({ id: 8, code: "LIMIT" });
    expect(error.message).toBe(
      "kilobyte-v0: 2 requests wait already (maxQueued). Wait for replies before sending more.",
    );
  });

  it("never exceed a step deadline: the row comes back retryable after stepDeadlineMs", async () => {
    const client = await session({ stepDeadlineMs: 20 }, gated().plugin);
    await client.ask(make(2, 1, "gated-v0"));
    await client.ask({ op: "reset", id: 3, env: 1 });
    const reply = await client.ask({ op: "step", id: 4, env: 1, seq: 1, ack: 0, actions: [int32(1)] });
    expect([...reply.status]).toEqual([3]);
    expect(reply.errors).toMatchObject([{ code: "STEP_DEADLINE", retryable: true }]);
  });
});

describe("the limits", () => {
  it("are told in the welcome, all of them, as integers from 0 on", async () => {
    const client = await RawClient.connect((await testServer({ plugins: [], limits: { maxHandles: 7 } })).url);
    client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { limits } = await client.next("welcome");
    expect(limits).toEqual({ ...LIMITS, maxHandles: 7 });
    for (const value of Object.values(limits)) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
  });

  it("end in a code that may be tried again", () => {
    expect(ERROR_CODES.LIMIT).toEqual({ closes: false, retryable: true });
  });
});
