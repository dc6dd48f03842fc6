/** Snapshots: restoring one equals going on, for every env that comes with dojang. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GymError } from "../../protocol/errors.ts";
import type { Frame } from "../../protocol/frames.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import type { BuiltEnv } from "../../src/env/built-env.ts";
import { cloneFrame } from "../../src/env/clone-frame.ts";
import { Rng } from "../../src/env/index.ts";
import { BatchRunner, type RunnerOptions } from "../../src/env/runner.ts";
import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";
import { counter, ends, ints, lines, runnerOf, starts } from "./runner-support.ts";

const NUM = 3;
const registry = new Registry();
const envs: BuiltEnv[] = [];
beforeAll(async () => {
  await addBuiltIns(registry);
  for (const id of registry.ids()) envs.push(await registry.build(id));
});
afterAll(() => registry.close());

/** Steps with random actions drawn from `seed`; frames without their timing. */
async function play(runner: BatchRunner, steps: number, seed: number): Promise<unknown[]> {
  const frames: unknown[] = [];
  for (let k = 0; k < steps; k++) {
    const actions = sampleBatch(runner.env.rules.action, NUM, new Rng(seed + k));
    frames.push(keep(await runner.step(actions), runner.env));
  }
  return frames;
}

function keep(frame: Frame, { rules }: BuiltEnv): unknown {
  const { timing, ...rest } = cloneFrame(frame, rules.observation, rules.infoSpace);
  void timing;
  return rest;
}

describe("a snapshot", () => {
  it("of any built-in env, after any random play, restored in the same runner or a fresh one, goes on as if nothing had been", async () => {
    expect(envs.length).toBeGreaterThan(5);
    for (const env of envs) {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(1e6),
          fc.integer({ min: 0, max: 30 }),
          fc.constantFrom("next-step" as const, "same-step" as const),
          async (seed, steps, autoreset) => {
            const options: RunnerOptions = { num: NUM, seed, autoreset, maxSteps: 12 };
            const runner = new BatchRunner(env, options);
            await runner.reset();
            await play(runner, steps, seed);
            const snapshots = runner.snapshot();
            const going = await play(runner, 15, seed + 500);
            const frame = await runner.restore(snapshots);
            expect(frame.status).toEqual(new Uint8Array(NUM).fill(1));
            expect([env.id, await play(runner, 15, seed + 500)]).toEqual([env.id, going]);
            const fresh = new BatchRunner(env, options);
            await fresh.restore(snapshots);
            expect(await play(fresh, 15, seed + 500)).toEqual(going);
          },
        ),
        { numRuns: 4 },
      );
    }
  });

  it("shows its observation as a reset row without a receipt", () => {
    const runner = runnerOf(counter(), { num: 2 });
    runner.reset();
    runner.step(ints(0, 0));
    const snapshots = runner.snapshot([1]);
    runner.step(ints(0, 0));
    const frame = runner.restore(snapshots, [1]);
    expect([frame.index, lines(frame), starts(frame)]).toEqual([Uint32Array.of(1), ["1: obs 1 reward 0"], []]);
    expect(lines(runner.step(ints(0, 0)))).toEqual(["0: obs 3 reward 3", "0: obs 2 reward 2"]);
  });

  it("may go into another row: a fork of the episode, with its return and length", () => {
    const runner = runnerOf(counter(), { num: 3 });
    runner.reset();
    runner.step(ints(0, 0, 0));
    const [snapshot] = runner.snapshot([0]) as [Uint8Array];
    runner.restore([snapshot, snapshot], [1, 2]);
    runner.step(ints(0, 0, 0));
    expect(ends(runner.step(ints(1, 1, 1)))).toEqual([0, 1, 2].map((row) => [row, 6, 3]));
  });

  it("of an episode that is over begins the next one with the next step", () => {
    const runner = runnerOf(counter());
    runner.reset();
    runner.step(ints(1));
    const snapshots = runner.snapshot();
    const next = starts(runner.step(ints(0)));
    runner.step(ints(0));
    runner.restore(snapshots);
    expect(starts(runner.step(ints(0)))).toEqual(next);
  });

  it("holds the queue of later seeds", () => {
    const runner = runnerOf(counter());
    runner.reset({ queue: { seeds: [[70, 71]] } });
    const snapshots = runner.snapshot();
    const fresh = runnerOf(counter());
    fresh.restore(snapshots);
    fresh.step(ints(1));
    expect(starts(fresh.step(ints(0)))).toEqual([[0, 1, 70]]);
  });

  it("shares nothing with the env: what is stepped later does not change it", () => {
    const runner = runnerOf(counter());
    runner.reset();
    const snapshots = runner.snapshot();
    for (let k = 0; k < 2; k++) {
      runner.step(ints(0));
      expect(lines(runner.restore(snapshots))).toEqual(["1: obs 0 reward 0"]);
    }
  });

  it("far into an episode says in later capsules that earlier actions are missing", () => {
    const runner = runnerOf(counter());
    runner.reset();
    for (let k = 0; k < 70; k++) runner.step(ints(0));
    const fresh = runnerOf(counter());
    fresh.restore(runner.snapshot());
    fresh.step(ints(0));
    const capsule = fresh.step(ints(2)).errors?.[0]?.capsule;
    expect(capsule).toMatchObject({ step: 71, count: 2, cut: true });
    expect(capsule?.actions).toEqual([new Uint8Array(ints(0, 2).buffer)]);
  });
});

describe("restoring", () => {
  const taken = (): Uint8Array => {
    const runner = runnerOf(counter());
    runner.reset();
    return runner.snapshot()[0] as Uint8Array;
  };
  const refused = (message: RegExp): Error => expect.toSatisfy((error: GymError) => error.code === "BAD_SNAPSHOT" && message.test(error.message)) as Error; // prettier-ignore

  it.each([
    ["another id", { id: "Other-v0" }, /^Other-v0: expected a snapshot of Other-v0, version 1, .* got \{id: "Test-v0"/],
    ["another version", { version: "2" }, /expected a snapshot of Test-v0, version 2/],
    ["other params", { params: { path: "/secret/place" } }, /with the same params/],
  ])("into %s is BAD_SNAPSHOT and names no param", (_, other, message) => {
    const runner = runnerOf(counter(), {}, other);
    expect(() => runner.restore([taken()])).toThrow(refused(message));
    expect(() => runner.restore([taken()])).toThrow(refused(/^((?!secret).)*$/));
  });

  it("takes all or none: a damaged second snapshot leaves the first row alone", () => {
    const runner = runnerOf(counter(), { num: 2 });
    runner.reset();
    runner.step(ints(0, 0));
    for (const damaged of [new Uint8Array(3), taken().slice(0, 40), taken().subarray(1), Uint8Array.of(255, 15, 73, 2)])
      expect(() => runner.restore([taken(), damaged])).toThrow(refused(/expected the bytes of a snapshot/));
    expect(lines(runner.step(ints(0, 0)))).toEqual(["0: obs 2 reward 2", "0: obs 2 reward 2"]);
  });

  it("refuses 1 snapshot for 2 rows", () => {
    expect(() => runnerOf(counter(), { num: 2 }).restore([taken()])).toThrow(refused(/expected 2 snapshots, got 1/));
  });
});

describe("taking a snapshot", () => {
  it("before the first reset, or after a fault, is RESET_NEEDED", () => {
    const runner = runnerOf(counter(), { num: 2 });
    expect(() => runner.snapshot()).toThrow(/instance 0 has no state to show. Call reset first/);
    runner.reset();
    runner.step(ints(0, 2));
    expect(runner.snapshot([0]).length).toBe(1);
    expect(() => runner.snapshot()).toThrow(expect.objectContaining({ code: "RESET_NEEDED" }) as Error);
  });

  it("of a state that is no plain data is an ENV_FAULT; a secret env's state stays out of the message", () => {
    const env = counter({ reset: () => ({ n: 42, act: () => 42 }) });
    for (const secret of [false, true]) {
      const runner = runnerOf(env, {}, { secret });
      runner.reset();
      expect(() => runner.snapshot()).toThrow(
        secret ? /^((?!42).)*$/ : /Test-v0: state: expected plain data, got \{n: 42/,
      );
    }
  });
});
