/** Envs in this process, as an agent meets them. */
import { describe, expect, it } from "vitest";
import type { Frame } from "../../../protocol/frames.ts";
import { local } from "../../../src/client/local/index.ts";
import { box, defineEnv, discrete, rules, string, type AnyPlugin } from "../../../src/env/index.ts";
import type { FrameObserver } from "../../../src/env/observer.ts";
import { Registry } from "../../../src/registry/registry.ts";

/** Counts in a box and in text; action 1 ends the episode. */
const plugin = (more: object = {}): AnyPlugin =>
  defineEnv({
    id: "Count-v0",
    params: { file: string("here", { operator: true }) },
    build: () => ({
      ...rules({
        action: discrete(2),
        observation: box([2], 0, 100, "float32"),
        infoSpace: discrete(100),
        reset: () => ({ n: 0 }),
        step: ({ n }, action) => ({ state: { n: n + 1 }, reward: n, terminated: action === 1, rewards: { n } }),
        observe: ({ n }, out) => out.fill(n),
        legal: ({ n }) => [n % 2, 1],
        info: ({ n }) => n,
        render: ({ n }) => `at ${n}`,
      }),
      ...more,
    }),
  });
const client = (of: AnyPlugin = plugin()) => local({ registry: new Registry(), plugins: [of] });
const ints = (...values: number[]): Int32Array => Int32Array.from(values);

describe("frames", () => {
  it.each(["next-step", "same-step"] as const)(
    "belong to the caller: later steps, resets and restores do not change them (%s)",
    async (autoreset) => {
      const env = await client().make("Count-v0", { num: 2, seed: 1, autoreset });
      const kept: { frame: Frame; before: Frame }[] = [];
      const keep = (frame: Frame): void => void kept.push({ frame, before: structuredClone(frame) });
      keep(await env.reset());
      for (const action of [0, 1, 0, 1, 1]) keep(await env.step(ints(0, action)));
      const snapshots = await env.snapshot();
      keep(await env.step(ints(0), { index: Uint32Array.of(1) }));
      keep(await env.restore(snapshots));
      for (let k = 0; k < 5; k++) await env.step(ints(1, 0));
      await env.reset();
      for (const { frame, before } of kept) expect(frame).toEqual(before);
    },
  );

  it("count from seq 1, and a refused batch takes no number", async () => {
    const env = await client().make("Count-v0", { num: 1 });
    expect((await env.reset()).seq).toBe(0);
    expect((await env.step(ints(0))).seq).toBe(1);
    await expect(env.step(ints(0, 0))).rejects.toThrow("Count-v0: actions: expected Int32Array of length 1, got Int32Array(2)"); // prettier-ignore
    expect((await env.step(ints(0))).seq).toBe(2);
  });

  it("of calls that do not wait for each other come in order", async () => {
    const env = await client().make("Count-v0", { num: 1 });
    const frames = await Promise.all([env.reset(), env.step(ints(0)), env.step(ints(0)), env.render(), env.step(ints(0))]); // prettier-ignore
    expect([frames[1].rewards[0], frames[2].rewards[0], frames[3], frames[4].rewards[0]]).toEqual([0, 1, ["at 2"], 2]);
  });
});

describe("an env", () => {
  it("says what it is", async () => {
    const env = await client().make("Count-v0", { num: 3, seed: 9, autoreset: "disabled", maxSteps: 4 });
    expect([env.id, env.version, env.num, env.seed, env.autoreset, env.maxSteps, env.maskWidth]).toEqual(["Count-v0", "0", 3, 9, "disabled", 4, 2]); // prettier-ignore
    expect(env.spaces).toMatchObject({ action: { kind: "discrete" }, observation: { kind: "box" }, info: { n: 100 } });
  });
  it("takes operator params: who calls this is the operator", async () => {
    const env = await client().make("Count-v0", { params: { file: "/my/data" } });
    expect(env.params).toEqual({ file: "/my/data" });
  });
  it("that is closed refuses every call, and is closed only once", async () => {
    let closed = 0;
    const record = () => ({ onFrame: () => undefined, close: () => Promise.resolve(void closed++) });
    const env = await local({ registry: new Registry(), plugins: [plugin()], record }).make("Count-v0");
    await Promise.all([env.close(), env.close()]);
    expect(closed).toBe(1);
    for (const call of [() => env.reset(), () => env.step(ints(0)), () => env.render(), () => env.snapshot()])
      await expect(call()).rejects.toThrow("Count-v0: expected an open env. It was closed; make it again.");
  });
  it("that is closed cancels its async steps and waits for their frames before the recording is closed", async () => {
    const told: string[] = [];
    const observer: FrameObserver = {
      onFrame: ({ frame }) => void told.push(frame.errors?.[0]?.code ?? "frame"),
      close: () => Promise.resolve(void told.push("closed")),
    };
    const stuck = plugin({ async: true, step: () => new Promise(() => undefined) });
    const env = await local({ registry: new Registry(), plugins: [stuck], record: () => observer }).make("Count-v0");
    await env.reset();
    const step = env.step(ints(0));
    await env.close();
    expect((await step).errors?.[0]?.code).toBe("CANCELLED");
    expect(told).toEqual(["frame", "CANCELLED", "closed"]);
  });
});

describe("an async reset that never settles", () => {
  it("is cancelled when its env is closed", async () => {
    const stuck = plugin({ async: true, reset: () => new Promise(() => undefined) });
    const env = await client(stuck).make("Count-v0");
    const reset = env.reset();
    await env.close();
    expect((await reset).errors).toMatchObject([{ code: "CANCELLED", retryable: true }]);
  });
});

describe("a slow recorder", () => {
  it("holds later calls back, and no frame changes while it reads", async () => {
    const seen: { n: number; settle: () => void }[] = [];
    const onFrame: FrameObserver["onFrame"] = ({ frame }) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const first = Array.from(frame.observations as unknown as Float32Array);
      const settle = (): void => {
        expect(Array.from(frame.observations as unknown as Float32Array)).toEqual(first);
        resolve(undefined);
      };
      seen.push({ n: first[0] as number, settle });
      return promise;
    };
    const record = (): FrameObserver => ({ onFrame, close: () => Promise.resolve() });
    const env = await local({ registry: new Registry(), plugins: [plugin()], record }).make("Count-v0");
    const calls = [env.reset(), env.step(ints(0)), env.step(ints(0))];
    for (let k = 0; k < 3; k++) {
      expect(seen.length).toBe(k + 1);
      seen[k]?.settle();
      await calls[k];
      // The next call begins when the last frame is through; its observer is called in a later microtask.
      await new Promise(setImmediate);
    }
    expect(seen.map(({ n }) => n)).toEqual([0, 1, 2]);
    await env.close();
  });
});

describe("a local client", () => {
  it("names the nearest env", async () => {
    await expect(local().make("FrozenLak-v1")).rejects.toThrow(/Did you mean FrozenLake-v1\?/);
  });
  it("loads nothing until it is asked, and tells who asks that a plugin does not load", async () => {
    const broken = local({ registry: new Registry(), plugins: ["./no-such-plugin.ts"] });
    await new Promise(setImmediate);
    for (const ask of [() => broken.make("x"), () => broken.envs()])
      await expect(ask()).rejects.toThrow("./no-such-plugin.ts: expected a file or folder that exists");
    await broken.close();
  });
  it("closes its envs, and plugins of its own", async () => {
    let closed = 0;
    const own = local({ plugins: [plugin({ close: () => void closed++ })] });
    const env = await own.make("Count-v0");
    await own.close();
    expect(closed).toBe(1);
    await expect(env.reset()).rejects.toThrow(/It was closed/);
    await expect(own.make("Count-v0")).rejects.toThrow(/call local\(\) again/);
  });
  it("leaves a registry it was given open", async () => {
    let closed = 0;
    const registry = new Registry();
    const own = local({ registry, plugins: [plugin({ close: () => void closed++ })] });
    await own.make("Count-v0");
    await own.close();
    expect(closed).toBe(0);
    await registry.close();
    expect(closed).toBe(1);
  });
  it("refuses more instances than maxNum", async () => {
    const few = local({ registry: new Registry(), plugins: [plugin()], maxNum: 2 });
    await expect(few.make("Count-v0", { num: 3 })).rejects.toThrow("Count-v0: num: expected an integer in 1..2, got 3");
  });
});
