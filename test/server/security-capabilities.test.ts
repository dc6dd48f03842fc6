/** Capabilities: each op that needs one is refused without it, by name; and what a default token learns of an env that holds an answer. */
import { describe, expect, it } from "vitest";

import type { Reply, Request } from "../../protocol/messages.ts";
import { defineEnv, discrete, rules, text, type AnyPlugin } from "../../src/env/index.ts";
import { CAPABILITIES, makeToken, type Capability } from "../../src/server/tokens.ts";
import { int32, rowNumbers } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { rawRequest } from "../support/raw-http.ts";
import { testServer, type TestServer } from "../support/test-server.ts";

const GOLD = "gold-1729";

/** Holds an answer. Action 1 throws it; option "break" throws it at reset. */
const vault = (secret: boolean): AnyPlugin =>
  defineEnv({
    id: "vault-v0",
    secret,
    params: {},
    build: () =>
      rules({
        action: discrete(2),
        observation: text({ maxLength: 20 }),
        reset: (_rng, options) => {
          if (options === "break") throw new Error(GOLD);
          return { gold: GOLD, steps: 0, question: "what?" };
        },
        step: (state, action) => {
          if (action === 1) throw new Error(`expected ${state.gold}`);
          return { state: { ...state, steps: state.steps + 1 }, reward: 1, terminated: state.steps === 1 };
        },
        observe: (state) => state.question,
        render: () => "a picture",
      }),
  });

let tokens = 0;

/** A client whose token has these capabilities; undefined: a token without a list. */
async function clientWith(
  secret: boolean,
  capabilities?: readonly Capability[],
): Promise<{ server: TestServer; client: RawClient }> {
  const name = `token-number-${++tokens}-of-16`;
  const server = await testServer({ plugins: [vault(secret)], tokens: [makeToken(name, capabilities), makeToken("full-token-of-16-ch", CAPABILITIES)] }); // prettier-ignore
  return { server, client: await RawClient.hello(server.url, bearer(name)) };
}

const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
const make: Request<"make"> = { op: "make", id: 2, env: "vault-v0", num: 2 };
const started = async (client: RawClient): Promise<void> => {
  await client.ask(make);
  await client.ask({ op: "reset", id: 3, env: 1 });
};

/** What needs a capability, once an env is made and reset. */
const NEEDS: readonly (readonly [Capability, string, Request])[] = [
  ["step", "make", { ...make, id: 50 }],
  ["seeds", "make with a seed", { ...make, id: 50, seed: 0 }],
  ["seeds", "make with seeds", { ...make, id: 50, seeds: [1, 2] }],
  ["seeds", "make with a queue of seeds", { ...make, id: 50, queue: { seeds: [[1], [2]] } }],
  ["seeds", "reset with seeds", { op: "reset", id: 50, env: 1, seeds: [1, 2] }],
  ["seeds", "reset with a queue of seeds", { op: "reset", id: 50, env: 1, queue: { seeds: [[1], [2]] } }],
  ["snapshot", "snapshot", { op: "snapshot", id: 50, env: 1 }],
  ["snapshot", "restore", { op: "restore", id: 50, env: 1, snapshots: [new Uint8Array(40)] }],
  ["snapshot", "fork", { op: "fork", id: 50, env: 1, from: rowNumbers(0), to: rowNumbers(1) }],
  ["spectate", "subscribe to another session", { op: "subscribe", id: 50, topic: "frames:anybody", env: 1 }],
];

describe("without the capability", () => {
  it.each(NEEDS)(
    "%s: %s is FORBIDDEN, says which one is missing, and the session goes on",
    async (missing, _what, request) => {
      const { client } = await clientWith(
        false,
        CAPABILITIES.filter((capability) => capability !== missing),
      );
      if (missing !== "step") await started(client);
      const error = await client.fails(request);
      expect(error).toMatchObject({ id: 50, code: "FORBIDDEN", retryable: false });
      expect(error.message).toContain(`expected a token with the capability \`${missing}\``);
      await client.ask({ op: "ping", id: 60 });
    },
  );

  it.each(NEEDS)(
    "%s and with every other one, a token on a secret env is refused %s all the same",
    async (missing, _what, request) => {
      const { client } = await clientWith(
        true,
        CAPABILITIES.filter((capability) => capability !== missing),
      );
      if (missing !== "step") await started(client);
      expect(await client.fails(request)).toMatchObject({ code: "FORBIDDEN" });
    },
  );

  it("a token may still look at the catalogue, and at no env", async () => {
    const { client } = await clientWith(false, []);
    expect((await client.ask({ op: "envs", id: 2 })).envs).toHaveLength(1);
    expect(await client.fails({ ...make, id: 3 })).toMatchObject({ code: "FORBIDDEN" });
  });

  it.each(NEEDS)(
    "a token without a list may do everything on an env without secrets: %s, %s",
    async (_capability, _what, request) => {
      const { client } = await clientWith(false);
      await started(client);
      client.send(request);
      const reply = await client.any();
      if (reply.op === "error") expect(["BAD_SNAPSHOT", "UNKNOWN_HANDLE"]).toContain(reply.code);
    },
  );
});

describe("a secret env", () => {
  const shown = (reply: Reply): string => JSON.stringify(reply, (_, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value)); // prettier-ignore

  it.each(NEEDS.filter(([capability]) => capability === "seeds" || capability === "snapshot"))(
    "refuses a default token %s: %s",
    async (_capability, _what, request) => {
      const { client } = await clientWith(true);
      await started(client);
      expect(await client.fails(request)).toMatchObject({ code: "FORBIDDEN" });
    },
  );

  it("tells a default token neither its seed nor receipts nor capsules, and one with the capability all three", async () => {
    for (const [capabilities, knows] of [
      [undefined, false],
      [["step", "seeds"], true],
    ] as const) {
      // prettier-ignore
      const { client } = await clientWith(true, capabilities);
      const made = await client.ask(make);
      const reset = await client.ask({ op: "reset", id: 3, env: 1 });
      const reply = await client.ask({ op: "step", id: 4, env: 1, seq: 1, ack: 0, actions: [int32(0, 1)] });
      expect([...reply.status]).toEqual([0, 2]);
      expect([made.seed !== undefined, reset.seeds !== undefined, reply.errors?.[0]?.capsule !== undefined]).toEqual([knows, knows, knows]); // prettier-ignore
      expect(made.features.includes("snapshot")).toBe(false);
      expect(made.secret).toBe(true);
    }
  });

  it("shows its answer in no reply, error, picture or log, whatever fails", async () => {
    const { server, client } = await clientWith(true, CAPABILITIES);
    const requests: Request[] = [
      make,
      { op: "reset", id: 3, env: 1 },
      { op: "step", id: 4, env: 1, seq: 1, ack: 0, actions: [int32(0, 1)] },
      { op: "step", id: 5, env: 1, seq: 2, ack: 0, actions: [int32(5, 0)] },
      { op: "render", id: 6, env: 1 },
      { op: "snapshot", id: 7, env: 1 },
      { op: "reset", id: 8, env: 1, options: ["break", "break"] },
      { op: "render", id: 9, env: 1 },
      { op: "snapshot", id: 10, env: 1 },
      { op: "step", id: 11, env: 1, seq: 3, ack: 0, actions: [int32(0, 0)] },
      { op: "make", id: 12, env: "vault-v0", num: 1, options: ["break"] },
      { op: "reset", id: 13, env: 2 },
      { op: "envs", id: 14 },
    ];
    for (const request of requests) {
      client.send(request);
      expect(shown(await client.any())).not.toContain("1729");
    }
    const { body } = await rawRequest(server.port, ["GET /metrics HTTP/1.1", "Host: localhost", "Authorization: Bearer full-token-of-16-ch"]); // prettier-ignore
    expect(body + server.logs.join()).not.toContain("1729");
  });

  it("hides its seeds from a watcher with a default token even when its owner may know them", async () => {
    const server = await testServer({ plugins: [vault(true)], tokens: [makeToken("default-token-of-16"), makeToken("full-token-of-16-ch", CAPABILITIES)] }); // prettier-ignore
    const owner = await RawClient.connect(server.url, bearer("full-token-of-16-ch"));
    owner.send({ op: "hello", id: 1, versions: [1, 1], client: "owner" });
    const { session } = await owner.next("welcome");
    await owner.ask(make);
    const watchers: RawClient[] = [];
    for (const name of ["default-token-of-16", "full-token-of-16-ch"]) {
      const watcher = await RawClient.hello(server.url, bearer(name));
      await watcher.ask({ op: "subscribe", id: 2, topic: `frames:${session}`, env: 1, latest: true });
      watchers.push(watcher);
    }
    const knows = async (): Promise<[boolean, boolean][]> =>
      await Promise.all(watchers.map(async (watcher) => {
        const { seeds, errors } = await watcher.next("delivery");
        return [seeds !== undefined, errors?.some(({ capsule }) => capsule !== undefined) ?? false] as [boolean, boolean];
      })); // prettier-ignore
    expect((await owner.ask({ op: "reset", id: 3, env: 1 })).seeds).toBeDefined();
    expect(await knows()).toEqual([[false, false], [true, false]]); // prettier-ignore
    await owner.ask({ op: "step", id: 4, env: 1, seq: 1, ack: 0, actions: [int32(0, 1)] });
    expect(await knows()).toEqual([[false, false], [false, true]]); // prettier-ignore
  });
});
