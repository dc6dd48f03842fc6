/** What an observer is told, and that the runner waits for it. */
import { describe, expect, it } from "vitest";
import type { FrameObserver, StepRecord } from "../../src/env/observer.ts";
import { counter, ints, lateRunnerOf } from "./runner-support.ts";

/** Keeps what it is told; answers with the promise that a test gives. */
function observed(answers: (Promise<void> | undefined)[] = []) {
  const told: StepRecord[] = [];
  const observer: FrameObserver = {
    onFrame(record) {
      told.push(structuredClone(record));
      return answers.shift();
    },
    close: () => Promise.resolve(),
  };
  return { told, observer };
}

describe("an observer", () => {
  it("is told actions and extras of a step, options of resets in receipt order, and where restored rows go on", () => {
    const { told, observer } = observed();
    const runner = lateRunnerOf(counter(), { num: 3, observer });
    void runner.reset({ mask: Uint8Array.of(0, 1, 1), options: ["b", "c"], seeds: [5, 6] });
    void runner.step(ints(0), { index: Uint32Array.of(2), extras: { logProb: Float32Array.of(-1) } });
    const snapshots = runner.snapshot([2]);
    void runner.restore(snapshots, [2]);
    expect(told.map(({ frame, ...rest }) => [frame.index, rest])).toEqual([
      [Uint32Array.of(1, 2), { options: ["b", "c"] }],
      [Uint32Array.of(2), { actions: ints(0), extras: { logProb: Float32Array.of(-1) } }],
      [
        Uint32Array.of(2),
        {
          restored: {
            index: Uint32Array.of(2),
            episode: Float64Array.of(0),
            firstStep: Float64Array.of(1),
            seed: Float64Array.of(6),
          },
        },
      ],
    ]);
  });

  it("that needs time makes the next call BUSY until it is done, for the buffers are still read", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const { observer } = observed([undefined, promise]);
    const runner = lateRunnerOf(counter(), { observer });
    const snapshotsAreFree = (): unknown => runner.snapshot();
    void runner.reset();
    const step = runner.step(ints(0));
    const busy = expect.objectContaining({ code: "BUSY", retryable: true }) as Error;
    expect(() => runner.step(ints(0))).toThrow(busy);
    expect(() => runner.reset()).toThrow(/Test-v0: the last frame is still being recorded/);
    resolve(undefined);
    expect((await step).rewards).toEqual(Float64Array.of(1));
    expect(snapshotsAreFree).not.toThrow();
    expect((await runner.step(ints(0))).rewards).toEqual(Float64Array.of(2));
  });

  it("that fails fails the call, and the runner goes on", async () => {
    const { observer } = observed([undefined, Promise.reject(new Error("disk full"))]);
    const runner = lateRunnerOf(counter(), { observer });
    void runner.reset();
    await expect(runner.step(ints(0))).rejects.toThrow("disk full");
    expect((await runner.step(ints(0))).rewards).toEqual(Float64Array.of(2));
  });
});
