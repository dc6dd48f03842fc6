/** Whole episodes out of a stream of time steps. */
import type { Transitions } from "dojang/agents";
import { from, lastValueFrom, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { WholeEpisodes, wholeEpisodes } from "../../../agents/streams/whole-episodes.ts";
import { batchOf, type RowSpec } from "../batches.ts";

/** Two instances: episodes of 2 and 3 steps in the first, of 4 and more in the second. Rewards tell rows apart. */
const STEPS: readonly (readonly RowSpec[])[] = [
  [{ env: 0, t: 0, r: 1 }, { env: 1, t: 0, r: 10 }], // prettier-ignore
  [{ env: 0, t: 1, r: 2, end: "terminated" }, { env: 1, t: 1, r: 20 }], // prettier-ignore
  [{ env: 0, t: 0, r: 3 }, { env: 1, t: 2, r: 30 }], // prettier-ignore
  [{ env: 0, t: 1, r: 4 }, { env: 1, t: 3, r: 40, end: "truncated" }], // prettier-ignore
  [{ env: 0, t: 2, r: 5, end: "terminated" }, { env: 1, t: 0, r: 50 }], // prettier-ignore
];
const batches = (): Transitions[] => STEPS.map((rows) => batchOf(rows));
const rewards = (found: readonly Transitions[]): number[][] => found.map(({ reward }) => [...reward]);
const through = (store: WholeEpisodes, given: readonly Transitions[]): Promise<Transitions[]> =>
  lastValueFrom(from(given).pipe(wholeEpisodes(store), toArray()));

describe("whole episodes", () => {
  it("come in the order in which they end, as soon as they are 2, and at the end those that are over", async () => {
    const found = await through(new WholeEpisodes(2, 100), batches());
    expect(rewards(found)).toEqual([[1, 2, 10, 20, 30, 40], [3, 4, 5]]); // prettier-ignore
  });

  it("are cut where they are longer than the limit", async () => {
    const found = await through(new WholeEpisodes(1, 3), batches());
    expect(rewards(found)).toEqual([[1, 2], [10, 20, 30], [40], [3, 4, 5]]); // prettier-ignore
  });

  it("end where a fault took the rest", () => {
    const store = new WholeEpisodes(1, 100);
    expect(store.add(batchOf([{ t: 0, r: 1 }]))).toBeUndefined();
    expect([...(store.add(batchOf([{ t: 0, r: 2 }]))?.reward ?? [])]).toEqual([1]);
  });

  it("come out the same when the store is saved and taken back after any of the steps", async () => {
    const whole = rewards(await through(new WholeEpisodes(2, 100), batches()));
    for (let cut = 0; cut < STEPS.length; cut++) {
      const [one, other] = [new WholeEpisodes(2, 100), new WholeEpisodes(2, 100)];
      const before = batches().slice(0, cut).flatMap((batch) => one.add(batch) ?? []); // prettier-ignore
      other.load(one.save());
      expect(other.save()).toEqual(one.save());
      expect(rewards([...before, ...(await through(other, batches().slice(cut)))])).toEqual(whole);
    }
  });
});
