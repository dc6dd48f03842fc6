/** The stream operators, against values computed by hand. */
import {
  advantages,
  episodeReturns,
  fromEpisodes,
  gae,
  metricsTo,
  minibatches,
  nStep,
  qLearning,
  ReplayMemory,
  replayBuffer,
  type RecordedEpisode,
  type Transitions,
} from "dojang/agents";
import { Rng } from "dojang/env";
import { discrete } from "dojang/protocol";
import fc from "fast-check";
import { from, lastValueFrom, of, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { batchOf, type RowSpec } from "./batches.ts";

const all = <T>(stream: Parameters<typeof lastValueFrom<T[]>>[0]): Promise<T[]> => lastValueFrom(stream);
const numbers = (column: unknown): number[] => Array.from(column as ArrayLike<number>);

/** One batch a row, as a live env of one instance gives them. */
const oneByOne = (rows: readonly RowSpec[]): Transitions[] => rows.map((row) => batchOf([row]));

interface Flat {
  readonly s: number;
  readonly reward: number;
  readonly next: number;
  readonly discount: number;
  readonly terminated: number;
  readonly truncated: number;
}

const flatten = (batches: readonly Transitions[]): Flat[] =>
  batches.flatMap((batch) =>
    numbers(batch.obs).map((s, i) => ({
      s,
      reward: batch.reward[i] as number,
      next: numbers(batch.next)[i] as number,
      discount: batch.extras["discount"]?.[i] as number,
      terminated: batch.terminated[i] as number,
      truncated: batch.truncated[i] as number,
    })),
  );

describe("nStep", () => {
  const nSteps = async (rows: readonly RowSpec[], n = 2): Promise<Flat[]> =>
    flatten(await all(from(oneByOne(rows)).pipe(nStep({ n, gamma: 0.5 }), toArray())));

  it("sums 2 rewards and reaches over 2 steps", async () => {
    const rows = await nSteps([{ t: 0, r: 1 }, { t: 1, r: 2 }, { t: 2, r: 4, end: "terminated" }]); // prettier-ignore
    expect(rows).toEqual([
      { s: 0, reward: 2, next: 2, discount: 0.25, terminated: 0, truncated: 0 },
      { s: 1, reward: 4, next: 3, discount: 0.25, terminated: 1, truncated: 0 },
      { s: 2, reward: 4, next: 3, discount: 0.5, terminated: 1, truncated: 0 },
    ]);
  });

  it("cuts windows at a truncation, which is no termination", async () => {
    const rows = await nSteps([{ t: 0, r: 1, end: "truncated" }, { t: 0, episode: 1, r: 8 }]); // prettier-ignore
    expect(rows.map(({ reward, truncated, terminated }) => [reward, truncated, terminated])).toEqual([[1, 1, 0], [8, 0, 0]]); // prettier-ignore
  });

  it("cuts windows where steps were lost to a fault, and bootstraps from the last known successor", async () => {
    const rows = await nSteps([{ t: 0, r: 1 }, { t: 0, episode: 1, r: 8 }, { t: 1, episode: 1, r: 4 }]); // prettier-ignore
    expect(rows[0]).toEqual({ s: 0, reward: 1, next: 1, discount: 0.5, terminated: 0, truncated: 0 });
    expect(rows[1]?.reward).toBe(10);
  });

  it("keeps instances apart", async () => {
    const two = [0, 1].map((t) => batchOf([{ env: 0, t, r: 1 }, { env: 1, t, r: 10 }])); // prettier-ignore
    const [batch] = await all(from(two).pipe(nStep({ n: 2, gamma: 0.5 }), toArray()));
    expect(numbers(batch?.reward)).toEqual([1.5, 15]);
    expect(numbers(batch?.env)).toEqual([0, 1]);
  });

  it("gives each step once, whatever n and however episodes end", async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 1, max: 5 }), async (episodes, n) => {
        const rows = episodes.flatMap((length, episode) =>
          Array.from({ length }, (_, t): RowSpec => ({
            episode,
            t,
            r: 1,
            s: t,
            ...(t === length - 1 && { end: "truncated" }),
          })),
        );
        const got = await nSteps(rows, n);
        expect(got.length).toBe(rows.length);
        expect(got.every(({ s, next, discount }) => discount === 0.5 ** (next - s) && next - s <= n)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("refuses n = 0", () => {
    expect(() => nStep({ n: 0, gamma: 1 })).toThrow(/nStep: n: expected an integer >= 1, got 0/);
  });
});

describe("gae", () => {
  const value = (values: readonly number[]) => ({ value: Float64Array.from(values) });
  /** V(next) of a row = 100, so that it shows where it was used. */
  const hundred = (rows: Transitions): number[] => new Array<number>(rows.length).fill(100);

  it("sums discounted errors back from a terminated step: gamma 0.5, lambda 0.5 by hand", () => {
    const batch = batchOf([{ t: 0, r: 1 }, { t: 1, r: 1 }, { t: 2, r: 1, end: "terminated" }], value([2, 4, 8])); // prettier-ignore
    // delta = [1+2-2, 1+4-4, 1+0-8] = [1, 1, -7]; A2 = -7, A1 = 1 - 7/4, A0 = 1 + A1/4
    const { advantage, return: returns } = advantages(batch, 0.5, 0.5, hundred).extras;
    expect(numbers(advantage)).toEqual([0.8125, -0.75, -7]);
    expect(numbers(returns)).toEqual([2.8125, 3.25, 1]);
  });

  it("bootstraps from V(next) at a truncation, a fault and the segment's end, and cuts the trace there", () => {
    const rows: RowSpec[] = [{ t: 0, r: 1, end: "truncated" }, { t: 0, episode: 1, r: 2 }, { t: 0, episode: 2, r: 3 }]; // prettier-ignore
    const { advantage } = advantages(batchOf(rows, value([0, 0, 0])), 0.5, 0.9, hundred).extras;
    expect(numbers(advantage)).toEqual([51, 52, 53]);
  });

  it("joins 2 time steps of 2 instances into one batch", async () => {
    const steps = [0, 1].map((t) => batchOf([{ env: 0, t, r: 1 }, { env: 1, t, r: 2 }], value([0, 0]))); // prettier-ignore
    const [segment] = await all(
      from(steps).pipe(gae({ steps: 2, gamma: 1, lambda: 1, valueOfNext: hundred }), toArray()),
    );
    expect(numbers(segment?.extras["advantage"])).toEqual([102, 104, 101, 102]);
  });

  it("refuses batches without values", () => {
    expect(() => advantages(batchOf([{ t: 0, r: 1 }]), 1, 1, hundred)).toThrow(/expected a column "value"/);
  });
});

describe("minibatches", () => {
  it("gives every row once an epoch, in minibatches of 3, 3 and 1", async () => {
    const batch = batchOf(Array.from({ length: 7 }, (_, t) => ({ t, r: t })));
    const parts = await all(of(batch).pipe(minibatches({ size: 3, epochs: 2, rng: new Rng(1) }), toArray()));
    expect(parts.map((part) => part.length)).toEqual([3, 3, 1, 3, 3, 1]);
    const rewards = parts.slice(0, 3).flatMap((part) => numbers(part.reward));
    expect(rewards).not.toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(rewards.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(parts.every((part) => numbers(part.obs).every((s, i) => s === part.reward[i]))).toBe(true);
  });
});

describe("replay", () => {
  const step = (t: number): Transitions => batchOf([{ t, r: t, first: false }], { logProb: Float32Array.of(-t) });

  it("keeps the last 4 of 6 transitions and samples only those", () => {
    const memory = new ReplayMemory(4);
    for (let t = 0; t < 6; t++) memory.add(step(t));
    const sample = memory.sample(200, new Rng(1));
    expect(new Set(sample.reward)).toEqual(new Set([2, 3, 4, 5]));
    expect(numbers(sample.obs)).toEqual(numbers(sample.reward));
    expect(numbers(sample.extras["logProb"])).toEqual(numbers(sample.reward).map((r) => -r));
  });

  it("goes on from a checkpoint with the same samples", () => {
    const [whole, part] = [new ReplayMemory(4), new ReplayMemory(4)];
    for (let t = 0; t < 5; t++) whole.add(step(t));
    part.load(whole.save());
    expect(part.save()).toEqual(whole.save());
    for (const memory of [whole, part]) memory.add(step(5));
    const [a, b] = [whole, part].map((memory) => memory.sample(20, new Rng(9)));
    expect(numbers(b?.reward)).toEqual(numbers(a?.reward));
  });

  it("emits a sample of 2 for every 3 transitions from the 4th on", async () => {
    const memory = new ReplayMemory(100);
    const source = from(Array.from({ length: 13 }, (_, t) => step(t)));
    const samples = await all(
      source.pipe(replayBuffer({ memory, rng: new Rng(1), batch: 2, every: 3, start: 4 }), toArray()),
    );
    expect(samples.map((sample) => sample.length)).toEqual([2, 2, 2]);
  });

  it("refuses a capacity of 0", () => {
    expect(() => new ReplayMemory(0)).toThrow(/replay: capacity: expected an integer >= 1, got 0/);
  });
});

describe("episodeReturns", () => {
  it("adds up each instance's rewards and says how the episode ended", async () => {
    const source = [
      batchOf([{ env: 0, t: 0, r: 1 }, { env: 1, t: 0, r: 5, end: "truncated" }]), // prettier-ignore
      batchOf([{ env: 0, t: 1, r: 2, end: "terminated" }, { env: 1, t: 0, episode: 1, r: 7 }]), // prettier-ignore
    ];
    expect(await all(from(source).pipe(episodeReturns(), toArray()))).toEqual([
      { env: 1, episode: 0, return: 5, length: 1, terminated: false },
      { env: 0, episode: 0, return: 3, length: 2, terminated: true },
    ]);
  });

  it("reports no episode whose first step it has not seen", async () => {
    const source = [batchOf([{ t: 3, r: 1, end: "terminated" }])];
    expect(await all(from(source).pipe(episodeReturns(), toArray()))).toEqual([]);
  });
});

describe("metricsTo", () => {
  it("writes means over 2 metrics, what is left at the end, and passes all on", async () => {
    const lines: unknown[] = [];
    const source = of({ a: 1 }, { a: 3, b: 5 }, { a: 7 });
    const passed = await all(source.pipe(metricsTo({ write: (line) => lines.push(line) }, { every: 2 }), toArray()));
    expect(lines).toEqual([{ a: 2, b: 5 }, { a: 7 }]);
    expect(passed.length).toBe(3);
  });
});

describe("fromEpisodes", () => {
  const spaces = { observation: discrete(100), action: discrete(4) };
  const walk: RecordedEpisode = {
    spaces,
    env: 2,
    episode: 4,
    observations: Int32Array.of(0, 1, 2, 3),
    actions: Int32Array.of(1, 1, 1),
    rewards: Float64Array.of(-1, -1, -1),
    terminated: true,
    truncated: false,
  };

  async function* files(...episodes: readonly RecordedEpisode[]): AsyncGenerator<RecordedEpisode> {
    yield* episodes;
  }

  it("gives the transitions of an episode in batches of at most 2 rows", async () => {
    const [a, b] = await all(fromEpisodes(files(walk), { rows: 2 }).pipe(toArray()));
    expect([numbers(a?.obs), numbers(a?.next), numbers(b?.next)]).toEqual([[0, 1], [1, 2], [3]]);
    expect([numbers(a?.first), numbers(b?.terminated), numbers(b?.t)]).toEqual([[1, 0], [1], [2]]);
    expect(a?.source).toBe("recording");
  });

  it("teaches Q-learning -1, -1 and -1 in the first pass, for the other actions are still worth 0", async () => {
    const learner = qLearning(spaces, { alpha: 1, gamma: 0.5 }, { seed: 1 });
    await lastValueFrom(fromEpisodes(files(walk)).pipe(learner.learn));
    const { q } = learner.save() as unknown as { q: { values: Float64Array } };
    expect([0, 1, 2, 3].map((s) => q.values[s * 4 + 1])).toEqual([-1, -1, -1, 0]);
  });

  it("refuses an episode whose columns do not fit together", async () => {
    const broken = { ...walk, rewards: Float64Array.of(-1) };
    await expect(lastValueFrom(fromEpisodes(files(broken)))).rejects.toMatchObject({ code: "BAD_RECORDING" });
  });
});
