/** Prioritised replay against exact probabilities, and what replay keeps of a transition. */
import { random, ReplayMemory, rollout } from "dojang/agents";
import { Rng } from "dojang/env";
import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { Priorities } from "../../agents/streams/replay-priorities.ts";
import { batchOf } from "./batches.ts";
import { worlds } from "./worlds.ts";

const places = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

/** Sum over the places of (counted - expected)^2 / expected. */
function chiSquare(priorities: Priorities, n: number, draws: number, perDraw: number): number {
  const counts = new Float64Array(n);
  const rng = new Rng(5);
  for (let k = 0; k < draws / perDraw; k++)
    for (const place of priorities.draw(perDraw, rng)) (counts[place] as number) += 1;
  return counts.reduce((sum, count, i) => {
    const expected = draws * priorities.chance(i);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

describe("prioritised replay", () => {
  const errors = [0.5, -2, 0, 1, 4, 0.1, 3];
  const seven = (alpha: number): Priorities => {
    const priorities = new Priorities(7, alpha);
    priorities.add(places(7));
    priorities.update(places(7), errors);
    return priorities;
  };

  it("gives 7 places the probabilities p^alpha / sum p^alpha of the paper", () => {
    const powers = errors.map((error) => (Math.abs(error) + 1e-6) ** 0.6);
    const total = powers.reduce((sum, power) => sum + power, 0);
    powers.forEach((power, i) => expect(seven(0.6).chance(i)).toBeCloseTo(power / total, 12));
  });

  it("draws 70,000 places one by one as often as their probabilities say: chi-square below the 99.9% point of 6 degrees", () => {
    // Place 2 has a probability of 6e-5 and is expected 4 times.
    expect(chiSquare(seven(0.6), 7, 70_000, 1)).toBeLessThan(22.46);
  });

  it("draws 70,000 places in batches of 35 at least as evenly, and all of 300 places", () => {
    expect(chiSquare(seven(0.6), 7, 70_000, 35)).toBeLessThan(22.46);
    const many = new Priorities(300, 1);
    many.add(places(300));
    many.update(
      places(300),
      Array.from({ length: 300 }, (_, i) => 1 + (i % 7)),
    );
    expect(chiSquare(many, 300, 90_000, 30)).toBeLessThan(377); // 99.9% point of 299 degrees
  });

  it("weighs what was drawn by (N P)^-beta over the greatest weight in the batch", () => {
    const priorities = seven(1);
    const drawn = Uint32Array.of(4, 0, 6);
    const total = 10.6 + 7e-6;
    const raw = [4, 0.5, 3].map((error) => ((7 * (error + 1e-6)) / total) ** -0.4);
    const weights = priorities.weights(drawn, 0.4);
    raw.forEach((weight, k) => expect(weights[k]).toBeCloseTo(weight / (raw[1] as number), 6));
    expect(Array.from(priorities.weights(drawn, 0))).toEqual([1, 1, 1]);
  });

  it("makes new transitions as likely as the likeliest so far", () => {
    const priorities = seven(0.6);
    priorities.add(Uint32Array.of(2));
    expect(priorities.chance(2)).toBe(priorities.chance(4));
  });

  it("never draws a place that nothing was put in", () => {
    const priorities = new Priorities(1_000, 0.5);
    priorities.add(places(5));
    expect(Math.max(...priorities.draw(2_000, new Rng(1)))).toBeLessThan(5);
  });

  it("goes on from a checkpoint with the same draws", () => {
    const [whole, part] = [seven(0.6), new Priorities(7, 0.6)];
    part.load(whole.save());
    for (const each of [whole, part]) each.update(Uint32Array.of(1, 3), [0.7, 0.3]);
    expect(part.draw(50, new Rng(3))).toEqual(whole.draw(50, new Rng(3)));
    expect(part.save()).toEqual(whole.save());
  });
});

describe("a replay memory", () => {
  it("keeps the masks of both states, the action and the end of each transition together", async () => {
    const env = await worlds().make("test/Masked-v0", { num: 3, seed: 1 });
    const player = random(env.spaces, {}, { seed: 2 });
    const batches = await lastValueFrom(rollout(env, player.act, { steps: 150 }).pipe(toArray()));
    const memory = new ReplayMemory(90);
    for (const batch of batches) memory.add(batch);
    const rows = memory.take(memory.draw(400, new Rng(1)));
    for (let row = 0; row < rows.length; row++) {
      const at = (column: typeof rows.obs): number => Number((column as Int32Array)[row]);
      const evenOrOdd = (step: number): number[] => (step % 2 === 0 ? [1, 0, 1, 0] : [0, 1, 0, 1]);
      expect(Array.from(rows.mask?.subarray(row * 4, row * 4 + 4) ?? [])).toEqual(evenOrOdd(at(rows.obs)));
      expect(Array.from(rows.nextMask?.subarray(row * 4, row * 4 + 4) ?? [])).toEqual(evenOrOdd(at(rows.next)));
      expect([at(rows.next), rows.reward[row]]).toEqual([at(rows.obs) + 1, at(rows.action)]);
    }
    expect(rows.terminated.some((flag) => flag === 1)).toBe(true);
  });

  it("takes batches that are larger than what is left of the ring, and than the ring", () => {
    const memory = new ReplayMemory(4);
    const rows = (from: number, n: number) =>
      batchOf(Array.from({ length: n }, (_, i) => ({ t: from + i, r: from + i, first: false })));
    expect(Array.from(memory.add(rows(0, 3)))).toEqual([0, 1, 2]);
    expect(Array.from(memory.add(rows(3, 2)))).toEqual([3, 0]);
    expect(Array.from(memory.take(places(4)).reward)).toEqual([4, 1, 2, 3]);
    memory.add(rows(10, 6));
    expect(Array.from(memory.take(places(4)).reward).toSorted()).toEqual([12, 13, 14, 15]);
  });

  it("refuses to be sampled while it is empty", () => {
    expect(() => new ReplayMemory(4).draw(1, new Rng(1))).toThrow(/replay: expected transitions to sample from/);
  });
});
