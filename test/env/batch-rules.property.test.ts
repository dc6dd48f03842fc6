/** Batch rules against scalar rules: every built-in env that has them plays bit for bit the same, in all modes, with subsets, wrong actions, resets, snapshots and restores. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AUTORESET } from "../../protocol/frames.ts";
import { sampleBatch } from "../../protocol/space-values.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { Rng } from "../../src/env/index.ts";
import { firstBatchDifference } from "../../src/env/check-rules/batch-play.ts";
import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";

const registry = new Registry();
await addBuiltIns(registry);
const built = await Promise.all(registry.ids().map((id) => registry.build(id)));
const withBatch = built.filter(({ rules }) => rules.batch !== undefined);

/** One in eight actions lies outside its space. */
function someWrong(space: Space, rows: number, draws: Rng): unknown {
  const batch = sampleBatch(space, rows, draws);
  if (space.kind !== "discrete") return batch;
  const actions = batch as unknown as Int32Array;
  return actions.map((action) => (draws.int(8) === 0 ? space.start + space.n + draws.int(3) : action));
}

const plays = fc.record({
  seed: fc.nat(),
  autoreset: fc.constantFrom(...AUTORESET),
  num: fc.integer({ min: 1, max: 9 }),
  maxSteps: fc.constantFrom(undefined, 3, 10),
  wrong: fc.boolean(),
});

describe("batch rules", () => {
  it("are there for the envs that are stepped by the million", () => {
    expect(withBatch.map(({ id }) => id)).toEqual(expect.arrayContaining(["CartPole-v1"]));
  });

  it.each(withBatch)("of $id give what its scalar rules give, bit for bit", async (env) => {
    const space = env.rules.action;
    await fc.assert(
      fc.asyncProperty(plays, async ({ maxSteps, wrong, ...play }) => {
        const difference = await firstBatchDifference(env, {
          ...play,
          frames: 60,
          ...(maxSteps !== undefined && { maxSteps }),
          ...(wrong && { actions: (rows: number, draws: Rng) => someWrong(space, rows, draws) }),
        });
        expect(difference).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});
