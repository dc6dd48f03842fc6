/** Recording on a thread of its own: the same recording as in place, whatever is stepped, and every failure of the thread is told. */
import { statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { text } from "../../protocol/make-space.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import type { Autoreset } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { FrameObserver, StepRecord } from "../../src/env/observer.ts";
import { Rng } from "../../src/env/rng.ts";
import { BatchRunner, type RunnerOptions } from "../../src/env/runner.ts";
import {
  contentDigest,
  createRecorder,
  openRecording,
  recoverRecording,
  verifyRecording,
  type Recorder,
  type RecorderOptions,
} from "../../src/recording/index.ts";
import { leavesOf } from "../../src/recording/leaves.ts";
import { recordingThread } from "../../src/recording/recording-thread.ts";
import { makeFolder, removeFolder, tempDir } from "../support/temp.ts";
import { anyEnv, anySpace, faulty, walk } from "./envs.ts";
import { built } from "./play.ts";

/** The walk without named parts of its reward. */
const plain = () => {
  const { step, ...rules } = walk();
  return {
    ...rules,
    step(...given: Parameters<typeof step>) {
      const { state, reward, terminated } = step(...given) as Exclude<ReturnType<typeof step>, Promise<unknown>>; // the walk is synchronous
      return { state, reward, terminated };
    },
  };
};

/** What is done to a batch, each with the sampler's seed for its actions. */
type Call = "step" | "step some" | "reset some" | "restore" | "extras";

async function make(observer: FrameObserver, options: RunnerOptions & { env: RecorderOptions["env"] }) {
  const runner = new BatchRunner(options.env, { ...options, observer });
  await runner.reset({ options: Array.from({ length: options.num }, (_, i) => ({ i })) });
  return runner;
}

async function call(runner: BatchRunner, what: Call, seed: number): Promise<void> {
  const { num, env } = runner;
  const half = Uint32Array.from({ length: Math.ceil(num / 2) }, (_, i) => 2 * i);
  const draw = (rows: number): unknown => sampleBatch(env.rules.action, rows, new Rng(seed));
  const value = Float32Array.from({ length: 2 * num }, (_, i) => seed + i);
  if (what === "step") await runner.step(draw(num));
  else if (what === "step some") await runner.step(draw(half.length), { index: half });
  else if (what === "extras") await runner.step(draw(num), { extras: { value, odd: new Uint8Array(num).fill(seed) } });
  else if (what === "restore") await runner.restore(runner.snapshot());
  else await runner.reset({ mask: Uint8Array.from({ length: num }, (_, i) => i % 2) });
}

/** Gives every frame to each of the recorders. */
const toAll = (recorders: readonly Recorder[]): FrameObserver => ({
  onFrame: async (record) => {
    const waits = recorders.map((recorder) => recorder.onFrame(record));
    for (const wait of waits) await wait;
  },
  close: async () => void (await Promise.all(recorders.map((recorder) => recorder.close()))),
});

/** What a recording holds, apart from what tells two recordings of the same apart. */
async function contentsOf(path: string): Promise<object[]> {
  const recording = await openRecording(path);
  const episodes: object[] = [];
  for await (const { info: _, wall: __, ...episode } of recording) episodes.push(episode);
  expect(recording.report.complete).toBe(true);
  return episodes;
}

const isFixed = (space: Space): boolean => leavesOf(space).every((leaf) => leaf.array !== undefined);

describe("a recording made on the thread", () => {
  it("holds what one made in place holds, for every fixed-size space, mode and order of calls", async () => {
    const space = anySpace.filter(isFixed);
    const calls = fc.array(fc.constantFrom<Call>("step", "step", "step", "step some", "reset some", "restore", "extras"), { minLength: 30, maxLength: 40 }); // prettier-ignore
    const settings = fc.record({
      autoreset: fc.constantFrom<Autoreset>("next-step", "same-step", "disabled"),
      num: fc.integer({ min: 1, max: 5 }),
      chunkBytes: fc.integer({ min: 1, max: 3_000 }),
      observations: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(space, space, calls, settings, async (action, observation, script, given) => {
        const folder = makeFolder();
        const options = { env: built(anyEnv(action, observation)), seed: 1, maxSteps: 7, ...given };
        const paths = ["here.mcap", "there.mcap"].map((name) => join(folder, name)) as [string, string];
        const observer = toAll(await Promise.all(paths.map((path, i) => createRecorder({ ...options, path, thread: i === 1 })))); // prettier-ignore
        const runner = await make(observer, options);
        for (const [i, what] of script.entries()) await call(runner, what, i);
        await observer.close();
        const [here, there] = await Promise.all(paths.map(contentsOf));
        expect(there).toEqual(here);
        expect(await verifyRecording(await openRecording(paths[1]), () => options.env)).toMatchObject({ ok: true });
        removeFolder(folder);
      }),
      { numRuns: 30 },
    );
  });

  it("holds faults, masks and named parts like one made in place", async () => {
    const legal = ({ at }: { at: number }) => [at > 1, true];
    for (const rules of [faulty(5), walk(), { ...walk(), legal }]) {
      const folder = tempDir();
      const options = { env: built(rules), num: 4, seed: 1, maxSteps: 9, autoreset: "same-step" as const, observations: true }; // prettier-ignore
      const paths = ["here.mcap", "there.mcap"].map((name) => join(folder, name));
      const observer = toAll(await Promise.all(paths.map((path, i) => createRecorder({ ...options, path, thread: i === 1 })))); // prettier-ignore
      const runner = await make(observer, options);
      for (let t = 0; t < 60; t++) await call(runner, "step", t);
      await observer.close();
      const [here, there] = await Promise.all(paths.map(contentsOf));
      expect(there).toEqual(here);
      expect(here?.length).toBeGreaterThan(20);
    }
  });

  it.each<Autoreset>(["same-step", "next-step", "disabled"])(
    "of whole frames has the content of one of frames that name their rows (%s)",
    async (autoreset) => {
      const folder = tempDir();
      const options = { env: built(plain()), num: 8, seed: 1, maxSteps: 12, autoreset, chunkBytes: 4_000 };
      const digests: string[] = [];
      for (const thread of [false, true]) {
        for (const index of [undefined, Uint32Array.from({ length: 8 }, (_, i) => i)]) {
          const path = join(folder, `${thread}-${index !== undefined}.mcap`);
          const recorder = await createRecorder({ ...options, path, thread });
          const runner = await make(recorder, options);
          for (let t = 0; t < 300; t++) {
            const frame = await runner.step(sampleBatch(options.env.rules.action, 8, new Rng(t)), index && { index });
            const over = frame.terminated.map((ended, i) => ended | (frame.truncated[i] as number));
            if (autoreset === "disabled" && over.includes(1)) await runner.reset({ mask: over });
          }
          await recorder.close();
          const report = await verifyRecording(await openRecording(path), () => options.env);
          expect([report.ok, report.steps > 2_000]).toEqual([true, true]);
          digests.push(await contentDigest(await openRecording(path)));
        }
      }
      expect(new Set(digests).size).toBe(1);
    },
  );
});

/** Frames of 8 instances of the walk, kept: what a runner gave an observer. */
async function keptFrames(count: number): Promise<StepRecord[]> {
  const kept: StepRecord[] = [];
  const observer: FrameObserver = {
    onFrame: (record) => void kept.push(structuredClone(record)),
    close: async () => undefined,
  };
  const runner = await make(observer, batch);
  for (let t = 0; t < count; t++) await call(runner, "step", t);
  return kept;
}

const batch = { env: built(plain()), num: 8, seed: 1, autoreset: "same-step" as const, maxSteps: 12 };

describe("the recording thread", () => {
  it("makes steps wait when more than 64 KiB are with it, and loses none of 8 x 3,000 that came without a pause", async () => {
    const path = join(tempDir(), "a.mcap");
    const recorder = await createRecorder({ ...batch, path, thread: true, queueBytes: 2 ** 18 });
    const waits: Promise<void>[] = [];
    for (const record of await keptFrames(3_000)) {
      const wait = recorder.onFrame(record);
      if (wait) waits.push(wait);
    }
    expect(waits.length).toBeGreaterThan(100);
    await Promise.all(waits);
    await recorder.close();
    expect(await verifyRecording(await openRecording(path), () => batch.env)).toMatchObject({
      ok: true,
      steps: 24_000,
    });
  });

  it("has recorded all 8 x 100 steps when close settles that was called right after them", async () => {
    const path = join(tempDir(), "a.mcap");
    const recorder = await createRecorder({ ...batch, path, thread: true });
    for (const record of await keptFrames(100)) void recorder.onFrame(record);
    await Promise.all([recorder.close(), recorder.close()]);
    expect(await verifyRecording(await openRecording(path), () => batch.env)).toMatchObject({ ok: true, steps: 800 });
  });

  it("brings what it has to the disk after 20 ms although no frame comes any more", async () => {
    const path = join(tempDir(), "a.mcap");
    const recorder = await createRecorder({ ...batch, path, thread: true, chunkMs: 20 });
    const [reset, step] = (await keptFrames(1)) as [StepRecord, StepRecord];
    void recorder.onFrame(reset);
    void recorder.onFrame(step);
    const stepsOnDisk = async (): Promise<number> => {
      let steps = 0;
      for await (const episode of await openRecording(path)) steps += episode.steps;
      return steps;
    };
    await expect.poll(stepsOnDisk).toBe(8);
    await recorder.close();
  });

  it("is told of when it dies: to the next frame of every recorder, once, and what was written recovers", async () => {
    const folder = tempDir();
    const paths = ["a.mcap", "b.mcap"].map((name) => join(folder, name)) as [string, string];
    const recorders = await Promise.all(paths.map((path) => createRecorder({ ...batch, path, thread: true, chunkBytes: 2_000 }))); // prettier-ignore
    const frames = await keptFrames(4_000);
    for (const record of frames.slice(0, 2_000)) for (const recorder of recorders) await recorder.onFrame(record);
    // All but the chunk that is open.
    await expect.poll(() => statSync(paths[0]).size).toBeGreaterThan(100_000);
    await recordingThread().end();
    const [first, second] = recorders as [Recorder, Recorder];
    const told = () => first.onFrame(frames[2_000] as StepRecord);
    expect(told).toThrow(`${paths[0]}: cannot write: the recording thread ended: exit code 1. What was written before can be read and recovered.`); // prettier-ignore
    expect(told).toThrow(expect.objectContaining({ code: "BAD_RECORDING" }));
    await first.close();
    await expect(second.close()).rejects.toThrow(/b\.mcap: cannot write: the recording thread ended/);
    const report = await recoverRecording(paths[0]);
    expect(report.steps).toBeGreaterThan(1_000);
    expect(await verifyRecording(await openRecording(paths[0]), () => batch.env)).toMatchObject({ ok: true });
  });

  it("is another one for the next recorder when one has died, and frees who waits for it", async () => {
    const folder = tempDir();
    const recorder = await createRecorder({ ...batch, path: join(folder, "a.mcap"), thread: true, queueBytes: 1 });
    const waits = (await keptFrames(2_000)).flatMap((record) => recorder.onFrame(record) ?? []);
    expect(waits.length).toBeGreaterThan(0);
    const freed = Promise.allSettled(waits);
    await recordingThread().end();
    expect((await freed).at(-1)).toMatchObject({ status: "rejected", reason: { code: "BAD_RECORDING" } });
    await recorder.close();
    const path = join(folder, "b.mcap");
    const next = await createRecorder({ ...batch, path, thread: true });
    for (const record of await keptFrames(10)) void next.onFrame(record);
    await next.close();
    expect(await verifyRecording(await openRecording(path), () => batch.env)).toMatchObject({ ok: true, steps: 80 });
  });

  it("tells a frame that makes no sense as a failed recording", async () => {
    const recorder = await createRecorder({ ...batch, path: join(tempDir(), "a.mcap"), thread: true });
    const [, step] = await keptFrames(1);
    void recorder.onFrame(step as StepRecord); // without the reset before it
    await expect(recorder.close()).rejects.toThrow(
      /cannot write: recording: Test-v0: instance 0: a step outside an episode/,
    );
  });

  it("is not begun for frames of less than 4 KiB nor for texts", async () => {
    await recordingThread().end();
    const begun: unknown[] = [];
    const note = (worker: unknown): void => void begun.push(worker);
    process.on("worker", note);
    const texts = built(anyEnv(batch.env.rules.action, text({ minLength: 0, maxLength: 9 })));
    for (const [i, options] of [batch, { ...batch, env: texts, thread: true }, { ...batch, num: 1_000 }].entries()) {
      const recorder = await createRecorder({ ...options, path: join(tempDir(), `${i}.mcap`) });
      await recorder.close();
      expect(begun).toHaveLength(i === 2 ? 1 : 0);
    }
    process.off("worker", note);
  });
});
