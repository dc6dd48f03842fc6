/** An option under a name that nobody reads is refused, by both clients in the same words, never dropped. */
import { expect, it, onTestFinished } from "vitest";

import { GymError } from "../../protocol/errors.ts";
import type { Client } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { local } from "../../src/client/local/index.ts";
import { gated } from "../support/gated-env.ts";
import { testServer } from "../support/test-server.ts";

/** What plain JavaScript, or TypeScript whose types were stripped, can write. */
type Wild = (options: unknown) => Promise<unknown>;

async function both(): Promise<Client[]> {
  const clients = [connect((await testServer()).url), local()];
  onTestFinished(() => Promise.all(clients.map((client) => client.close())).then(() => undefined));
  return clients;
}

async function refusal(call: () => unknown): Promise<string> {
  const error = await Promise.resolve().then(call).then(() => "taken", (thrown: unknown) => thrown); // prettier-ignore
  return error instanceof GymError ? `${error.code} ${error.message}` : String(error);
}

const TAKES = "num, seed, autoreset, params, maxSteps, mode, workers, window, recordObservations";
const MAKE: readonly (readonly [given: unknown, shown: string, hint: string])[] = [
  [{ num_envs: 8 }, "{num_envs: 8}", "Did you mean num: 8?"],
  [{ n_envs: 8 }, "{n_envs: 8}", "Did you mean num: 8?"],
  [{ autoReset: "same-step" }, '{autoReset: "same-step"}', 'Did you mean autoreset: "same-step"?'],
  [{ max_episode_steps: 5 }, "{max_episode_steps: 5}", "Did you mean maxSteps: 5?"],
  [{ num: 2, is_slippery: false }, "{is_slippery: false}", "A parameter of the env goes into params: {isSlippery: false}."],
  [{ renderMode: "rgb" }, '{renderMode: "rgb"}', 'A parameter of the env goes into params: {renderMode: "rgb"}.'],
  [{ seeds: [4] }, "{seeds: [4]}", "Hand seeds to reset."],
]; // prettier-ignore

it.each(MAKE)("make refuses %o and says what to write", async (given, shown, hint) => {
  for (const client of await both()) {
    const make: Wild = (options) => client.make("FrozenLake-v1", options as object);
    expect(await refusal(() => make(given))).toBe(`BAD_PARAM FrozenLake-v1: make: expected only ${TAKES}, got ${shown}. ${hint}`); // prettier-ignore
  }
});

it.each([[8, "8"], [null, "null"], [[8], "[8]"]])("make refuses %o for its options", async (given, shown) => {
  for (const client of await both()) {
    const make: Wild = (options) => client.make("FrozenLake-v1", options as object);
    expect(await refusal(() => make(given))).toBe(`BAD_PARAM FrozenLake-v1: make: expected an object of ${TAKES}, got ${shown}`); // prettier-ignore
  }
}); // prettier-ignore

it.each(["ready", 1, null])("make refuses %o for its mode, which would leave the env in lockstep", async (mode) => {
  for (const client of await both()) {
    const make: Wild = (options) => client.make("FrozenLake-v1", options as object);
    const shown = JSON.stringify(mode);
    expect(await refusal(() => make({ mode }))).toBe(`BAD_PARAM FrozenLake-v1: make: mode: expected lockstep, first-ready, got ${shown}`); // prettier-ignore
  }
});

const RESET: readonly (readonly [given: unknown, message: string])[] = [
  [{ seed: 42 }, "reset: expected only seeds, options, mask, queue, got {seed: 42}. Did you mean seeds: [42, 43, ...], one for each of 3 rows? They seed these episodes; for all later ones too, make the env with seed: 42."],
  [{ reset_mask: true }, "reset: expected only seeds, options, mask, queue, got {reset_mask: true}. Did you mean mask: true?"],
  [{ queue: { seed: [] } }, "reset: queue: expected only seeds, options, got {seed: []}. Did you mean seeds?"],
  [42, "reset: expected an object of seeds, options, mask, queue, got 42"],
]; // prettier-ignore

it.each(RESET)("reset refuses %o, and nothing is reset", async (given, message) => {
  for (const client of await both()) {
    const env = await client.make("FrozenLake-v1", { num: 3 });
    const reset: Wild = (options) => env.reset(options as object);
    expect(await refusal(() => reset(given))).toBe(`BAD_OPTIONS FrozenLake-v1: ${message}`);
    expect(await refusal(() => env.snapshot())).toContain("RESET_NEEDED");
  }
});

const STEP: readonly (readonly [given: unknown, message: string])[] = [
  [{ rows: [1] }, "expected only index, extras, got {rows: [1]}. Did you mean index?"],
  [{ mask: 1 }, "expected only index, extras, got {mask: 1}"],
  [Uint32Array.of(1), "expected an object of index, extras, got Uint32Array(1)"],
]; // prettier-ignore

it.each(STEP)("step refuses %o, and no row is stepped", async (given, message) => {
  for (const client of await both()) {
    const env = await client.make("FrozenLake-v1", { num: 1 });
    await env.reset();
    const step: Wild = (options) => env.step(Int32Array.of(0), options as object);
    expect(await refusal(() => step(given))).toBe(`BAD_OPTIONS FrozenLake-v1: step: ${message}`);
    expect((await env.step(Int32Array.of(0))).seq).toBe(1);
  }
});

it("send refuses what step refuses", async () => {
  const { plugin } = gated();
  const server = await testServer({ plugins: [plugin] });
  for (const client of [connect(server.url), local({ plugins: [gated().plugin] })]) {
    const env = await client.make(plugin.id, { mode: "first-ready" });
    await env.reset();
    const send: Wild = (options) => env.send(Int32Array.of(0), options as object);
    expect(await refusal(() => send({ idx: 0 }))).toBe(`BAD_OPTIONS ${plugin.id}: send: expected only index, extras, got {idx: 0}`); // prettier-ignore
    await client.close();
  }
});

it("local and connect refuse at once, and connect shows no value: it may be a token", async () => {
  const wild = { plugin: ["./env.ts"] } as object;
  expect(await refusal(() => local(wild))).toBe("BAD_PARAM local: expected only plugins, registry, record, maxNum, stepDeadlineMs, maxConcurrent, got {plugin: [\"./env.ts\"]}. Did you mean plugins?"); // prettier-ignore
  const secret = { tokn: "s3cret" } as object;
  expect(await refusal(() => connect("ws://127.0.0.1:1", secret))).toBe('BAD_PARAM connect: expected only token, maxPayload, timeoutMs, reconnectMs, heartbeatMs, got "tokn". Did you mean token?'); // prettier-ignore
});
