/** Every wrapper over every built-in environment: it goes on after a snapshot as without one, or says in one line why it does not fit. */
import { describe, expect, it } from "vitest";
import { Rng, wrapEnv, type AnyPlugin } from "dojang/env";
import { sampleBatch } from "../../protocol/space-values.ts";
import { cloneFrame } from "../../src/env/clone-frame.ts";
import { BatchRunner } from "../../src/env/runner.ts";
import { WRAPPERS, wrapperOf } from "../env/wrappers/every.ts";
import { built } from "../env/runner-support.ts";
import { builtRules, byId, stepsFor } from "./built-in.ts";

const NAMES = Object.keys(WRAPPERS);

/** Frames of random legal play, without their timing. The actions follow from the seed and from what the frames say. */
async function play(runner: BatchRunner, mask: ArrayLike<number> | undefined, steps: number, seed: number) {
  const { rules } = runner.env;
  const rng = new Rng(seed);
  const frames: unknown[] = [];
  let legal = mask;
  for (let step = 0; step < steps; step++) {
    const frame = cloneFrame(await runner.step(sampleBatch(rules.action, 2, rng, legal)), rules.observation, rules.infoSpace); // prettier-ignore
    expect(frame.errors).toBeUndefined();
    frames.push({ ...frame, timing: 0, seq: 0 });
    legal = frame.mask;
  }
  return { frames, legal };
}

/** Plays on from a snapshot in a runner of its own, and compares with the runner that never stopped. */
async function goesOn(plugin: AnyPlugin): Promise<void> {
  const rules = await builtRules(plugin);
  const options = { num: 2, seed: 3, autoreset: "next-step", maxSteps: rules.maxSteps ?? 40 } as const;
  const runner = new BatchRunner(built(rules), options);
  const { mask } = await runner.reset();
  const [before, after] = [stepsFor(rules, 5), stepsFor(rules, 12)];
  const { legal } = await play(runner, mask && Uint8Array.from(mask), before, 1);
  const snapshots = runner.snapshot();
  const { frames } = await play(runner, legal, after, 2);
  const fresh = new BatchRunner(built(rules), options);
  const restored = await fresh.restore(snapshots);
  expect(restored.mask && Uint8Array.from(restored.mask)).toEqual(legal && Uint8Array.from(legal));
  expect((await play(fresh, legal, after, 2)).frames).toEqual(frames);
}

const refused: string[] = [];
const kept: string[] = [];

describe.each(byId)("%s", (id, plugin) => {
  it.each(NAMES)("under %s", async (name) => {
    const { fits, wrap } = WRAPPERS[name]!;
    const wrapped = wrapEnv(plugin, "Wrapped-v0", wrapperOf(wrap));
    const rules = await builtRules(plugin);
    if (fits(rules)) {
      kept.push(name);
      await goesOn(wrapped);
      return;
    }
    refused.push(`${name} over ${id}`);
    const error = await builtRules(wrapped).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    // A wrong wrapper is a mistake of the program: which wrapper, what it needs, what it got, on one line.
    expect(error).toSatisfy((thrown) => thrown instanceof TypeError || thrown instanceof RangeError);
    const called = name === "zeroPadded" ? "frameStack" : name;
    expect((error as Error).message).toMatch(new RegExp(`^${called}: [^\\n]*expected [^\\n]+, got [^\\n]+$`));
  });
});

it("every wrapper fits some of them, and most do not fit all", () => {
  expect(new Set(kept)).toEqual(new Set(NAMES));
  expect(refused.length).toBeGreaterThan(100);
});
