/** Batches that several threads step: frame for frame those of one thread, and never a hang when a thread is lost. */
import { afterEach, describe, expect, it } from "vitest";
import { AUTORESET, type Frame } from "../../../protocol/frames.ts";
import { local } from "../../../src/client/local/index.ts";
import type { Client, Env } from "../../../src/client/env.ts";
import { firstRunnerDifference } from "../../../src/env/check-rules/batch-play.ts";
import { firstDifference } from "../../../src/env/check-rules/first-difference.ts";
import type { StepRecord } from "../../../src/env/observer.ts";
import type { Rng } from "../../../src/env/rng.ts";
import { BatchRunner } from "../../../src/env/runner.ts";
import { execArgv } from "../../../src/registry/exec-argv.ts";
import { addPlugin } from "../../../src/registry/load.ts";
import { Registry } from "../../../src/registry/registry.ts";
import { shardedRunner } from "../../../src/registry/shards.ts";
import { run } from "../../support/child.ts";

const ENVS = new URL("../../../envs/", import.meta.url);
const PLUGINS = new URL("plugins.ts", import.meta.url);

async function registryOf(...modules: readonly URL[]): Promise<Registry> {
  const registry = new Registry();
  for (const { pathname } of modules) await addPlugin(registry, pathname);
  return registry;
}

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

async function make(id: string, options: Parameters<Client["make"]>[1], record?: StepRecord[]): Promise<Env> {
  const onFrame = (step: StepRecord): void => void record?.push(structuredClone(step));
  const client = local({
    registry: await registryOf(PLUGINS),
    stepDeadlineMs: 500,
    ...(record && { record: () => ({ onFrame, close: () => Promise.resolve() }) }),
  });
  clients.push(client);
  return await client.make(id, options);
}

const luck = (draws: Rng): never => [null, null, 50, 7, 3][draws.int(5)] as never;

describe("a batch in 3 threads", () => {
  it.each([
    ["CartPole-v1", new URL("classic-control/index.ts", ENVS), ["same-step"]],
    ["Taxi-v4", new URL("taxi/index.ts", ENVS), ["next-step"]],
    ["Blackjack-v1", new URL("blackjack/index.ts", ENVS), ["same-step"]],
    ["MinAtar/Asterix-v1", new URL("minatar/index.ts", ENVS), ["same-step"]],
    ["MountainCarContinuous-v0", new URL("classic-control/index.ts", ENVS), ["disabled"]],
    ["Moody-v0", PLUGINS, AUTORESET],
  ] as const)("of %s gives the frames, errors and snapshots of one thread", async (id, module, modes) => {
    const registry = await registryOf(module);
    const env = await registry.build(id);
    for (const [seed, autoreset] of modes.entries()) {
      const play = { seed, autoreset, num: 7, frames: 60, ...(id === "Moody-v0" && { options: luck }) };
      const { runner, close } = await shardedRunner(env, play, 3, registry.find(id).module);
      expect(await firstRunnerDifference([new BatchRunner(env, play), runner], play)).toBeUndefined();
      await close();
    }
  });

  it("tells a recorder what one thread tells it: actions, options and where restored episodes go on", async () => {
    const records = [[], []] as [StepRecord[], StepRecord[]];
    for (const [i, workers] of [1, 3].entries()) {
      const env = await make("Moody-v0", { num: 5, seed: 4, workers, autoreset: "same-step" }, records[i]);
      await env.reset({ options: [50, 60, 70, 80, 90] });
      for (let step = 0; step < 20; step++)
        await env.step(Int32Array.of(0, 1, 2, 0, 1), { extras: { value: new Float64Array(5) } });
      await env.reset({ mask: Uint8Array.of(0, 1, 0, 1, 1), seeds: [11, 12, 13] });
      await env.restore(await env.snapshot([1, 4]), [0, 4]);
      await env.fork([4, 4], [1, 2]);
    }
    const [one, three] = records.map((list) =>
      list.map(({ frame: { timing: _, ...frame }, ...others }) => ({ frame, ...others })),
    );
    expect(one?.length).toBe(24);
    expect(firstDifference(one, three)).toBeUndefined();
  });

  it("renders rows of any thread, and names an instance by its number in the whole batch", async () => {
    const env = await make("Moody-v0", { num: 5, seed: 4, workers: 3 });
    await expect(env.snapshot([4])).rejects.toThrow("Moody-v0: instance 4 has no state to show");
    await env.reset({ options: [50, 51, 52, 53, 54] });
    expect(await env.render([0, 3, 4])).toEqual(["luck 50", "luck 53", "luck 54"]);
    await expect(env.step(new Int32Array(5), { index: Uint32Array.of(3, 2, 1, 0, 4) })).rejects.toThrow(/index\[1\]/);
    const frame = await env.reset({ options: [50, 50, 50, 50, 7] });
    expect(frame.errors?.map(({ index }) => index)).toEqual([4]);
    expect(frame.errors?.[0]?.message).toContain("instance 4, episode 1");
  });

  it("gives frames whose arrays are the caller's to keep", async () => {
    const env = await make("Moody-v0", { num: 4, seed: 1, workers: 2 });
    await env.reset({ options: [50, 50, 50, 50] });
    const first: Frame = await env.step(new Int32Array(4));
    const copy = structuredClone(first);
    await env.step(new Int32Array(4));
    expect(first).toEqual(copy);
    expect(first.rewards.buffer).toBeInstanceOf(ArrayBuffer);
  });
});

describe("a thread of a batch", () => {
  it("that ends fails the step and every later call with ENV_FAULT, and the env still closes", async () => {
    const env = await make("Fatal-v0", { num: 4, seed: 1, workers: 2 });
    await env.reset();
    await expect(env.step(Int32Array.of(0, 0, 0, 1))).rejects.toMatchObject({ code: "ENV_FAULT" });
    await expect(env.step(new Int32Array(4))).rejects.toThrow(
      /^Fatal-v0: a thread that steps a part of the batch ended/,
    );
    await env.close();
  });

  it("that never answers is ended after the step deadline of 500 ms", async () => {
    const env = await make("Fatal-v0", { num: 4, seed: 1, workers: 2, params: { loops: true } });
    await env.reset();
    await expect(env.step(Int32Array.of(0, 0, 0, 1))).rejects.toMatchObject({ code: "STEP_DEADLINE" });
    await expect(env.reset()).rejects.toMatchObject({ code: "STEP_DEADLINE" });
    await env.close();
  });

  it("takes next to no processor time while nothing is asked of it", async () => {
    const env = await make("Moody-v0", { num: 4, seed: 1, workers: 2 });
    await env.reset();
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(200);
    await env.close();
  });

  it("does not keep a process alive that left it open", async () => {
    const script = new URL("idle-child.ts", import.meta.url).pathname;
    const { code, stdout, stderr } = await run(process.execPath, [...execArgv(), script], { timeoutMs: 30_000 });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "stepped 4\n", stderr: "" });
  });
});

describe("workers", () => {
  it.each([
    [
      "Wordy-v0",
      /^Wordy-v0: workers: expected spaces whose values all have one size, got "the observation space, a text"/,
    ],
    ["Patient-v0", /^Patient-v0: workers: expected synchronous rules/],
  ])("are refused for %s in one line", async (id, message) => {
    await expect(make(id, { num: 4, workers: 2 })).rejects.toThrow(message);
  });

  it("are refused for a plugin given in code, and beyond the number of instances", async () => {
    const { default: plugins } = (await import(PLUGINS.href)) as { default: readonly [never] };
    const client = local({ plugins, registry: new Registry() });
    clients.push(client);
    await expect(client.make("Moody-v0", { num: 4, workers: 2 })).rejects.toThrow(/loaded from a module/);
    await expect(client.make("Moody-v0", { num: 4, workers: 5 })).rejects.toMatchObject({ code: "BAD_PARAM" });
  });
});
