/** A server that stops and starts again, and one that is killed: what becomes of its sessions. */
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

import type { GymError } from "../../protocol/errors.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import type { Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { Rng } from "../../src/env/index.ts";
import { addBuiltIns, Registry } from "../../src/registry/index.ts";
import { lineLogger, serve, type DojangServer } from "../../src/server/index.ts";
import { startChild } from "../support/child.ts";
import { execArgv } from "../../src/registry/exec-argv.ts";
import { gated } from "../support/gated-env.ts";
import { tempDir } from "../support/temp.ts";

const key = new Uint8Array(32).fill(7);

async function start(folder: string, port: number, registry?: Registry): Promise<DojangServer> {
  const used = registry ?? new Registry();
  if (registry === undefined) await addBuiltIns(used);
  const server = await serve({ registry: used, port, snapshotKey: key, sessionFolder: join(folder, "sessions") });
  onTestFinished(() => server.close());
  return server;
}

async function play(env: Env, steps: number, draws: Rng): Promise<unknown[]> {
  const seen = [];
  for (let i = 0; i < steps; i++) {
    const { timing, ...frame } = await env.step(sampleBatch(env.spaces.action, env.num, draws));
    seen.push({ ...frame, timed: timing.env >= 0 });
  }
  return seen;
}

describe("a server that is stopped and started again", () => {
  it("goes on with the sessions: the agent sees the same 200 steps as without the stop", async () => {
    const folder = tempDir();
    const first = await start(folder, 0);
    const client = connect(first.url, { reconnectMs: 20_000 });
    onTestFinished(() => client.close());
    const [stopped, undisturbed] = [await client.make("Taxi-v4", { num: 5, seed: 2 }), await client.make("Taxi-v4", { num: 5, seed: 2 })]; // prettier-ignore
    await stopped.reset();
    await undisturbed.reset();
    const expected = await play(undisturbed, 200, new Rng(1));
    const draws = new Rng(1);
    const seen = await play(stopped, 100, draws);
    const { port } = first;
    await first.close();
    const second = await start(folder, port);
    seen.push(...(await play(stopped, 100, draws)));
    expect(seen).toEqual(expected);
    expect(second.sessions).toBe(1);
  });

  it("tells an async step that was under way to try again: its row is as before", async () => {
    const folder = tempDir();
    const gate = gated();
    const registry = new Registry();
    registry.add(gate.plugin, "test");
    const first = await start(folder, 0, registry);
    const client = connect(first.url, { reconnectMs: 20_000 });
    onTestFinished(() => client.close());
    const env = await client.make("gated-v0", { num: 1, seed: 2 });
    await env.reset();
    await env.step(Int32Array.of(0));
    const underWay = env.step(Int32Array.of(1)); // waits for the gate
    await client.envs(); // the step has reached the server
    const { port } = first;
    await first.close();
    await start(folder, port, registry);
    const frame = await underWay;
    expect([...frame.status]).toEqual([3]);
    expect(frame.errors).toMatchObject([{ code: "CANCELLED", retryable: true }]);
    gate.open();
    expect((await env.step(Int32Array.of(1))).observations).toEqual(Int32Array.of(2));
  });

  it("does not take up sessions sealed with another key", async () => {
    const folder = tempDir();
    const first = await start(folder, 0);
    const client = connect(first.url, { reconnectMs: 20_000 });
    onTestFinished(() => client.close());
    await (await client.make("Taxi-v4")).reset();
    const { port } = first;
    await first.close();
    const registry = new Registry();
    await addBuiltIns(registry);
    const logs: string[] = [];
    const second = await serve({ registry, port, snapshotKey: new Uint8Array(32), sessionFolder: join(folder, "sessions"), log: lineLogger((line) => logs.push(line)) }); // prettier-ignore
    onTestFinished(() => second.close());
    await expect(client.envs()).rejects.toMatchObject({ code: "SESSION_LOST" });
    expect(logs.join("\n")).toContain("is left");
  });
});

/** Serves Taxi with a saving every 20 ms and prints its port. */
const SERVER = `
import { addBuiltIns, Registry } from "${new URL("../../src/registry/index.ts", import.meta.url).href}";
import { serve } from "${new URL("../../src/server/index.ts", import.meta.url).href}";
const registry = new Registry();
await addBuiltIns(registry);
const server = await serve({ registry, port: 0, snapshotKey: new Uint8Array(32).fill(7), sessionFolder: process.argv[1], limits: { saveEveryMs: 20 } });
console.log(server.port);
`;

describe("a server that is killed with SIGKILL", () => {
  it("answers SESSION_LOST at the next start, with the last saved state, which can be restored", async () => {
    const folder = tempDir();
    const sessions = mkdtempSync(join(folder, "sessions-"));
    const child = startChild(process.execPath, [...execArgv(), "--input-type=module", "-e", SERVER, sessions]);
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    const port = Number(line.toString());
    const client = connect(`ws://127.0.0.1:${port}`, { reconnectMs: 20_000 });
    onTestFinished(() => client.close());
    const env = await client.make("Taxi-v4", { num: 3, seed: 2 });
    await env.reset();
    const seen = await play(env, 50, new Rng(1));
    const { readdirSync, statSync } = await import("node:fs");
    const saved = (): number => Math.max(0, ...readdirSync(sessions).filter((name) => name.endsWith(".session")).map((name) => statSync(join(sessions, name)).mtimeMs)); // prettier-ignore
    const before = Date.now();
    await expect.poll(saved).toBeGreaterThan(before); // a saving after the last step
    child.kill("SIGKILL");
    await once(child, "close");

    const registry = new Registry();
    await addBuiltIns(registry);
    const second = await serve({ registry, port, snapshotKey: key, sessionFolder: sessions });
    onTestFinished(() => second.close());
    const error = await env.step(Int32Array.of(0, 0, 0) as never).then(
      () => undefined,
      (thrown: unknown) => thrown as GymError,
    );
    expect(error?.code).toBe("SESSION_LOST");
    const [lost] = error?.lost?.envs ?? [];
    expect(lost).toMatchObject({ name: "Taxi-v4", num: 3, seed: 2, seq: 50 });

    const again = connect(second.url);
    onTestFinished(() => again.close());
    const restored = await again.make("Taxi-v4", { num: 3, seed: 2 });
    const frame = await restored.restore(lost?.snapshots ?? []);
    expect(frame.observations).toEqual((seen.at(-1) as { observations: unknown }).observations);
  });
});
