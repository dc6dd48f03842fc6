/** Slow, full and missing disks: steps wait, nothing is dropped, and a failure is told once in one line. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contentDigest, createRecorder, openRecording } from "../../src/recording/index.ts";
import { BatchRunner } from "../../src/env/runner.ts";
import { openFileSink, type OpenSink } from "../../src/recording/sink.ts";
import { WriteQueue } from "../../src/recording/write-queue.ts";
import { tempDir } from "../support/temp.ts";
import { walk } from "./envs.ts";
import { built, play } from "./play.ts";

const env = built(walk());

/** A disk that writes only when told to. */
function slowDisk(): { openSink: OpenSink; release: () => void } {
  let waiting: (() => void)[] = [];
  const openSink: OpenSink = async (path) => {
    const sink = await openFileSink(path);
    let writes = 0;
    return {
      write: async (bytes) => {
        // The head is written before the recorder exists.
        if (writes++ > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        await sink.write(bytes);
      },
      close: () => sink.close(),
    };
  };
  const release = (): void => {
    for (const go of waiting) go();
    waiting = [];
  };
  return { openSink, release };
}

/** A disk that is full after `limit` bytes. */
const fullDisk =
  (limit: number): OpenSink =>
  async (path) => {
    const sink = await openFileSink(path);
    let bytes = 0;
    return {
      write: async (part) => {
        bytes += part.length;
        if (bytes > limit) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
        await sink.write(part);
      },
      close: () => sink.close(),
    };
  };

describe("a slow disk", () => {
  it("makes steps wait once 2,000 bytes are queued, and loses none of 600", async () => {
    const folder = tempDir();
    const fast = join(folder, "fast.mcap");
    await play({ path: fast, env, steps: 200, chunkBytes: 500 });
    const slow = join(folder, "slow.mcap");
    const disk = slowDisk();
    let frames = 0;
    const pump = setInterval(disk.release, 1);
    try {
      await play({ path: slow, env, steps: 200, chunkBytes: 500, queueBytes: 2_000, openSink: disk.openSink, onFrame: () => {
        frames++;
      } }); // prettier-ignore
    } finally {
      clearInterval(pump);
    }
    expect(frames).toBeGreaterThan(200);
    expect(await contentDigest(await openRecording(slow))).toBe(await contentDigest(await openRecording(fast)));
  });

  it("stops a runner that steps on while nothing is written", async () => {
    const disk = slowDisk();
    let frames = 0;
    const played = play({ path: join(tempDir(), "a.mcap"), env, steps: 1_000, chunkBytes: 500, queueBytes: 2_000, openSink: disk.openSink, onFrame: () => {
        frames++;
      } }); // prettier-ignore
    await new Promise((resolve) => setImmediate(resolve));
    let before = -1;
    while (frames !== before) {
      before = frames;
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(frames).toBeLessThan(200);
    const pump = setInterval(disk.release, 1);
    await played;
    clearInterval(pump);
    expect(frames).toBeGreaterThan(1_000);
  });
});

describe("a full disk", () => {
  it("is told in one line that names file and reason, to the next frame, and close does not repeat it", async () => {
    const path = join(tempDir(), "a.mcap");
    const error = await play({ path, env, steps: 2_000, chunkBytes: 500, openSink: fullDisk(8_000) }).then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error).toMatchObject({ code: "BAD_RECORDING" });
    expect(error?.message).toContain(`${path}: cannot write: ENOSPC`);
    expect(error?.message).not.toContain("\n");
  });

  it("is told by close when no frame came after it", async () => {
    const path = join(tempDir(), "a.mcap");
    await expect(play({ path, env, steps: 20, openSink: fullDisk(1_500) })).rejects.toThrow(/ENOSPC/);
    const recording = await openRecording(path);
    for await (const episode of recording) expect(episode.steps).toBeGreaterThan(0);
    expect(recording.report.complete).toBe(false);
  });
});

describe("createRecorder", () => {
  const options = { env, num: 1, seed: 0, autoreset: "disabled" as const, maxSteps: 0 };

  it("never overwrites a file", async () => {
    const path = join(tempDir(), "a.mcap");
    writeFileSync(path, "dear diary");
    await expect(createRecorder({ ...options, path })).rejects.toThrow(/there is a file of this name/);
  });

  it("brings what it has to the disk after 20 ms although no frame comes any more", async () => {
    const path = join(tempDir(), "a.mcap");
    const written = Promise.withResolvers<void>();
    const openSink: OpenSink = async (file) => {
      const sink = await openFileSink(file);
      let writes = 0;
      const write = async (bytes: Uint8Array): Promise<void> => {
        await sink.write(bytes);
        if (++writes === 2) written.resolve();
      };
      return { write, close: () => sink.close() };
    };
    const recorder = await createRecorder({ ...options, path, openSink, chunkMs: 20 });
    const runner = new BatchRunner(env, { ...options, observer: recorder });
    await runner.reset();
    await runner.step(Int32Array.of(1));
    await written.promise;
    const recording = await openRecording(path);
    const steps: number[] = [];
    for await (const episode of recording) steps.push(episode.steps);
    expect(steps).toEqual([1]);
    await recorder.close();
  });

  it("says at once that a folder is missing", async () => {
    await expect(createRecorder({ ...options, path: join(tempDir(), "none", "a.mcap") })).rejects.toMatchObject({ code: "BAD_RECORDING" }); // prettier-ignore
    mkdirSync(join(tempDir(), "there"));
  });

  it("refuses frames after close, and extra columns of more bytes than allowed", async () => {
    const path = join(tempDir(), "a.mcap");
    const extras = (rows: number) => ({ hidden: new Float64Array(rows * 100) });
    await expect(play({ path, env, extras, maxExtrasBytes: 799 })).rejects.toThrow(/at most 799 bytes.*got 800/);
    const recorder = await createRecorder({ ...options, path: join(tempDir(), "b.mcap") });
    await recorder.close();
    await recorder.close();
    expect(() => recorder.onFrame({ frame: { status: new Uint8Array(0) } as never })).toThrow(/closed/);
  });
});

describe("WriteQueue", () => {
  it("runs jobs in order, makes callers wait beyond its limit and rejects them when one fails", async () => {
    const queue = new WriteQueue(10);
    const order: number[] = [];
    const gate = Promise.withResolvers<void>();
    queue.push({ bytes: 6, run: () => gate.promise.then(() => void order.push(1)) });
    expect(queue.room()).toBeUndefined();
    queue.push({ bytes: 6, run: () => Promise.resolve().then(() => void order.push(2)) });
    const room = queue.room();
    expect(room).toBeInstanceOf(Promise);
    gate.resolve();
    await room;
    queue.push({ bytes: 20, run: () => Promise.reject(new Error("broken")) });
    queue.push({ bytes: 20, run: () => Promise.resolve().then(() => void order.push(3)) });
    await expect(queue.room()).rejects.toThrow("broken");
    await queue.idle();
    expect([order, queue.pending]).toEqual([[1, 2], 0]);
  });
});
