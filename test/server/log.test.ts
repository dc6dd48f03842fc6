/** The log: JSON lines that say what happened in which session, and nothing that must stay secret. */
import { describe, expect, it } from "vitest";

import { defineEnv, discrete, rules } from "../../src/env/index.ts";
import { jsonLogger, thrown, thrownWhere, type Logger } from "../../src/server/log.ts";
import { makeToken } from "../../src/server/tokens.ts";
import { int32 } from "../support/gated-env.ts";
import { RawClient } from "../support/raw-client.ts";
import { testServer } from "../support/test-server.ts";

const GOLD = "gold-is-1729";

/** Throws its answer. */
const leaky = (secret: boolean) =>
  defineEnv({
    id: "leaky-v0",
    secret,
    params: {},
    build: () =>
      rules({
        action: discrete(2),
        observation: discrete(2),
        reset: () => GOLD,
        step: (gold: string) => {
          throw new RangeError(`the answer is ${gold}`);
        },
        observe: () => 0,
      }),
  });

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly session?: string;
}

function collected(level: "debug" | "info" | "warn" | "error" | "silent" = "debug"): {
  log: Logger;
  lines: () => Line[];
  text: () => string;
} {
  let written = "";
  const log = jsonLogger({ level, stream: { write: (line) => void (written += line) } });
  const lines = (): Line[] => written.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Line); // prettier-ignore
  return { log, lines, text: () => written };
}

describe("jsonLogger", () => {
  it("writes a JSON object a line with level, time, message and fields", () => {
    const { log, lines } = collected();
    log.warn({ env: "Taxi-v4" }, "slow");
    log.child({ session: "abc" }).info({}, "opened");
    expect(lines()).toMatchObject([{ level: "warn", env: "Taxi-v4", msg: "slow" }, { level: "info", session: "abc", msg: "opened" }]); // prettier-ignore
    expect(lines()[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it("leaves out what lies below its level", () => {
    for (const [level, count] of [
      ["debug", 4],
      ["info", 3],
      ["warn", 2],
      ["error", 1],
      ["silent", 0],
    ] as const) {
      // prettier-ignore
      const { log, lines } = collected(level);
      for (const write of ["debug", "info", "warn", "error"] as const) log[write]({}, "x");
      expect(lines()).toHaveLength(count);
    }
  });

  it("hides fields that hold a secret, wherever a caller puts them", () => {
    const { log, text } = collected();
    for (const name of [
      "token",
      "authorization",
      "seed",
      "seeds",
      "gold",
      "answer",
      "state",
      "snapshot",
      "resume",
      "secret",
    ]) {
      log.info({ [name]: "hush", request: { [name]: "hush" } }, "x");
      log.child({ [name]: "hush" }).info({}, "x");
    }
    expect(text()).not.toContain("hush");
    expect(text()).toContain('"seed":"(hidden)"');
  });

  it("writes on one line what holds line breaks", () => {
    const { log, text } = collected();
    log.info({ env: "a\nb" }, "one\ntwo");
    expect(text().match(/\n/g)).toHaveLength(1);
  });
});

describe("a thrown value", () => {
  it("keeps its kind, at most 300 characters of its message, and at most 8 frames", () => {
    const deep = (n: number): Error => (n === 0 ? new RangeError("x".repeat(1000)) : deep(n - 1));
    const { error } = thrown(deep(20)) as { error: { kind: string; message: string; at: string[] } };
    expect(error.kind).toBe("RangeError");
    expect(error.message).toBe(`${"x".repeat(300)}...`);
    expect(error.at).toHaveLength(8);
    expect(error.at[0]).toMatch(/^at deep /);
  });

  it("shows nothing of a value that is no Error, and of an Error without its message only where", () => {
    expect(thrown("gold")).toEqual({ error: { kind: "string" } });
    expect(JSON.stringify(thrownWhere(new Error(`the answer\n    at ${GOLD}`)))).not.toContain(GOLD);
  });
});

describe("the server's log", () => {
  async function play(secret: boolean, level: "debug" | "info" = "debug") {
    const { log, lines, text } = collected(level);
    const bearer = "a-token-of-16-chars";
    const server = await testServer({
      plugins: [leaky(secret)],
      log,
      tokens: [makeToken(bearer)],
      limits: { graceMs: 5 },
    });
    const client = await RawClient.connect(server.url, { headers: { authorization: `Bearer ${bearer}` } });
    client.send({ op: "hello", id: 1, versions: [1, 1], client: "raw" });
    const { session, token } = await client.next("welcome");
    const seed = 987_654_321;
    await client.ask({ op: "make", id: 2, env: "leaky-v0", num: 2, ...(!secret && { seed }) });
    await client.ask({ op: "reset", id: 3, env: 1, ...(!secret && { seeds: [seed, seed] }) });
    const reply = await client.ask({ op: "step", id: 4, env: 1, seq: 1, ack: 0, actions: [int32(0, 0)] });
    expect([...reply.status]).toEqual([2, 2]);
    client.socket.terminate();
    await expect.poll(() => server.sessions).toBe(0);
    return { lines, text, session, hidden: [bearer, token, String(seed)] };
  }

  it("tells when a session opens, when its env fails and when it closes, with the session's id", async () => {
    const { lines, session } = await play(false);
    expect(lines()).toMatchObject([
      { level: "info", session, msg: "session opened" },
      { level: "warn", session, env: "leaky-v0", msg: "an env failed", code: "ENV_FAULT", faults: 1, error: { kind: "RangeError", message: `the answer is ${GOLD}` } }, // prettier-ignore
      { level: "info", session, msg: "session closed" },
    ]);
  });

  it("has neither tokens, resume tokens nor seeds", async () => {
    const { text, hidden } = await play(false);
    for (const word of hidden) expect(text()).not.toContain(word);
  });

  it("of a secret env says where it failed and not with which words", async () => {
    const { lines, text } = await play(true);
    expect(text()).not.toContain("1729");
    expect(lines()).toMatchObject([{}, { msg: "an env failed", error: { kind: "RangeError", at: [expect.stringMatching(/^at .*log.test.ts/), ...Array<unknown>(7).fill(expect.anything())] } }, {}]); // prettier-ignore
  });
});
