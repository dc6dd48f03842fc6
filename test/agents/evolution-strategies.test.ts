/** Evolution strategies: the slope that a generation finds, who plays what for how long, and CartPole. */
import { evaluate, evolutionStrategies, rollout, train } from "dojang/agents";
import { Rng } from "dojang/env";
import { box, discrete } from "dojang/protocol";
import { lastValueFrom, of } from "rxjs";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../agents/shared/plain.ts";
import { Population } from "../../agents/shared/population.ts";
import { batchOf } from "./batches.ts";
import { worlds } from "./worlds.ts";

const population = (size: number, length: number, sigma = 0.1, episodes = 1): Population =>
  new Population({ size, sigma, episodes, rng: new Rng(4) }, () => new Float32Array(length).fill(1));
const noiseOf = (members: Population): Float32Array[] => fieldsOf(members.save())["noise"] as unknown as Float32Array[];

describe("a generation", () => {
  it("has pairs of members that lie opposite each other, sigma times the noise away from the centre", () => {
    const members = population(4, 3, 0.5);
    const [first, second] = noiseOf(members) as [Float32Array, Float32Array];
    const seats = [0, 1, 2, 3].map((env) => members.seat(env, true));
    expect(seats.map(({ member }) => member)).toEqual([0, 1, 2, 3]);
    for (const [i, noise, sign] of [
      [0, first, 1],
      [1, first, -1],
      [2, second, 1],
      [3, second, -1],
    ] as const)
      // prettier-ignore
      expect(seats[i]?.weights).toEqual(noise.map((value) => Math.fround(1 + Math.fround(sign * 0.5 * value))));
  });

  it("finds the slope 1 / (size sigma) sum of rank times noise, ranks from -0.5 to 0.5, equals sharing theirs", () => {
    const members = population(4, 3);
    const [first, second] = noiseOf(members) as [Float32Array, Float32Array];
    // Ranks: 1e9 is the best and -7 the worst, however far away; the two of 3 are in the middle.
    [3, -7, 1e9, 3].forEach((total, member) => members.book(0, member, total));
    const slope = members.slope();
    for (let i = 0; i < 3; i++)
      expect(slope[i]).toBeCloseTo((0.5 * Number(first[i]) + 0.5 * Number(second[i])) / (4 * 0.1), 4);
  });

  it("points uphill: 400 members tell the direction of a linear fitness of 10 weights to within 25 degrees", () => {
    const members = population(400, 10);
    const wanted = Float64Array.from({ length: 10 }, (_, i) => i - 4);
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Array.from(a).reduce((sum, value, i) => sum + value * Number(b[i]), 0);
    for (let env = 0; env < 400; env++) {
      const { member, weights } = members.seat(env, true);
      members.book(0, member, dot(weights, wanted));
    }
    const slope = members.slope();
    const cosine = dot(slope, wanted) / Math.sqrt(dot(slope, slope) * dot(wanted, wanted));
    expect(cosine).toBeGreaterThan(Math.cos((25 * Math.PI) / 180));
  });

  it("is complete when each of its members has played 2 episodes, of its own and not of the last one", () => {
    const members = population(2, 1, 0.1, 2);
    const booked = [[0, 0], [0, 1], [0, 1], [0, 0]].map(([of, member]) => members.book(Number(of), Number(member), 1)); // prettier-ignore
    expect(booked).toEqual([false, false, false, true]);
    members.renew();
    expect([0, 1, 0, 1].map((member) => members.book(0, member, 1))).toEqual([false, false, false, false]);
    expect([0, 1, 0, 1].map((member) => members.book(1, member, 1))).toEqual([false, false, false, true]);
  });

  it("leaves an episode under way its weights to the end, also from a checkpoint", () => {
    const [members, other] = [population(4, 3), population(4, 3)];
    const before = members.seat(7, true);
    members.renew();
    expect(members.seat(7, false)).toEqual(before);
    other.load(members.save());
    for (const one of [members, other]) expect(one.seat(7, false)).toEqual(before);
    for (const one of [members, other]) expect(one.seat(7, true).generation).toBe(1);
    expect(other.save()).toEqual(members.save());
  });
});

describe("evolution strategies", () => {
  it("balance CartPole for at least 475 steps on average, with their preset, on each of 2 seeds", async () => {
    for (const seed of [0, 1]) {
      const client = worlds();
      const { learner } = await train({ client, agentId: "evolution-strategies", envId: "CartPole-v1", seed });
      const env = await client.make("CartPole-v1", { num: 20, seed: 9 });
      expect((await evaluate(env, learner.policy, { episodes: 100, seed: 3 })).mean).toBeGreaterThanOrEqual(475);
    }
  });

  it("play each episode with one vector of weights: the columns of an episode never change", async () => {
    const env = await worlds().make("CartPole-v1", { num: 8, seed: 1 });
    const learner = evolutionStrategies(env.spaces, { population: 6 }, { seed: 1 });
    const played = new Map<string, string>();
    let generations = 0;
    const stream = rollout(env, learner.act, { steps: 4_000 });
    stream.subscribe((batch) => {
      for (let i = 0; i < batch.length; i++) {
        const seat = `${String(batch.extras["generation"]?.[i])} ${String(batch.extras["member"]?.[i])}`;
        const episode = `${String(batch.env[i])} ${String(batch.episode[i])}`;
        expect(played.get(episode) ?? seat).toBe(seat);
        played.set(episode, seat);
        generations = Math.max(generations, Number(batch.extras["generation"]?.[i]));
      }
    });
    await lastValueFrom(stream.pipe(learner.learn));
    expect(generations).toBeGreaterThan(5);
  });

  it("refuse an odd population, and transitions that do not say who played them", async () => {
    const spaces = { observation: box([2], -1, 1), action: discrete(2) };
    expect(() => evolutionStrategies(spaces, { population: 5 })).toThrow(/param population: expected an even number/);
    const learner = evolutionStrategies({ observation: discrete(100), action: discrete(4) });
    await expect(lastValueFrom(of(batchOf([{ t: 0, r: 1 }])).pipe(learner.learn))).rejects.toThrow(
      /evolution-strategies: extras: expected a column "generation"/,
    );
  });
});
