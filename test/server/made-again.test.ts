/** The answer to `make` is not kept: it is given again from the env, for as long as that is open. */
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

import type { Reply } from "../../protocol/messages.ts";
import { defineEnv, discrete, int, rules } from "../../src/env/index.ts";
import { Registry } from "../../src/registry/registry.ts";
import { serve, type DojangServer } from "../../src/server/index.ts";
import { RawClient } from "../support/raw-client.ts";
import { tempDir } from "../support/temp.ts";

const counting = defineEnv({
  id: "counting-v0",
  params: { length: int(8, { min: 2, max: 99 }) },
  build: ({ length }) =>
    rules({
      action: discrete(2),
      observation: discrete(length),
      maxSteps: 10,
      reset: () => 0,
      step: (n) => ({ state: n + 1, reward: 1, terminated: n + 2 >= length }),
      observe: (n) => n,
    }),
});

const make = { op: "make", env: "counting-v0", seed: 7, params: { length: 20 }, window: 3 } as const;

async function start(sessionFolder: string, port: number): Promise<DojangServer> {
  const registry = new Registry();
  registry.add(counting, "test");
  const server = await serve({ registry, port, snapshotKey: new Uint8Array(32), sessionFolder });
  onTestFinished(() => server.close());
  return server;
}

/** Three envs of a session whose socket is then lost, and the answers to `make`. */
async function makeThree(url: string): Promise<{ made: Reply<"make">[]; session: string; token: string }> {
  const client = await RawClient.connect(url);
  client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
  const { session, token } = await client.next("welcome");
  const made: Reply<"make">[] = [];
  for (const [i, num] of [1, 2, 3].entries()) made.push(await client.ask({ ...make, id: 10 + i, num }));
  client.socket.terminate();
  await once(client.socket, "close");
  return { made, session, token };
}

async function resume(url: string, session: string, token: string, waiting: number[]): Promise<RawClient> {
  const client = await RawClient.connect(url);
  client.send({ op: "hello", id: 20, versions: [1, 1], client: "raw", resume: { session, token, waiting } });
  expect(await client.next("welcome")).toMatchObject({ resumed: true, lastId: 12 });
  return client;
}

describe("a client that lost its socket before the answers to 3 `make` came", () => {
  it("gets the same answers again, in the order in which it asks for them", async () => {
    const { url } = await start(join(tempDir(), "sessions"), 0);
    const { made, session, token } = await makeThree(url);
    const client = await resume(url, session, token, [12, 10, 11]);
    const again = [await client.next("make"), await client.next("make"), await client.next("make")];
    expect(again).toEqual([made[2], made[0], made[1]]);
    expect(again.map(({ num, window, seed, params }) => ({ num, window, seed, params }))).toEqual(
      [3, 1, 2].map((num) => ({ num, window: 3, seed: 7, params: { length: 20 } })),
    );
  });

  it("gets them after the server was stopped and started, too", async () => {
    const folder = join(tempDir(), "sessions");
    const first = await start(folder, 0);
    const { made, session, token } = await makeThree(first.url);
    const { port } = first;
    await first.close();
    const second = await start(folder, port);
    const client = await resume(second.url, session, token, [11]);
    expect(await client.next("make")).toEqual(made[1]);
  });

  it("is told STALE of an env that it has closed since", async () => {
    const { url } = await start(join(tempDir(), "sessions"), 0);
    const { session, token } = await makeThree(url);
    const client = await resume(url, session, token, []);
    await client.ask({ op: "close", id: 21, env: 2 });
    expect(await client.fails({ ...make, id: 11, num: 2 })).toMatchObject({ id: 11, code: "STALE" });
    client.send({ ...make, id: 12, num: 3 });
    expect(await client.next("make")).toMatchObject({ id: 12, env: 3 });
  });
});
