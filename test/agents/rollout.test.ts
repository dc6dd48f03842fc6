/** Live streams: what a batch holds, when the next step is taken, and what happens to failures. */
import type { Env, StepOptions } from "dojang/client";
import { random, rollout, type Act, type Transitions } from "dojang/agents";
import { AUTORESET, type BatchOf, type Space } from "dojang/protocol";
import { firstValueFrom, lastValueFrom, map, take, toArray } from "rxjs";
import { describe, expect, it } from "vitest";
import { unsteady, worlds } from "./worlds.ts";
import { wrapEnv } from "./wrap-env.ts";

const right: Act = ({ n }) => ({ action: new Int32Array(n).fill(1) });
const collect = (env: Env, act: Act, steps: number): Promise<Transitions[]> =>
  lastValueFrom(rollout(env, act, { steps }).pipe(toArray()));
const numbers = (column: unknown): number[] => Array.from(column as ArrayLike<number>);

describe("a batch of a rollout", () => {
  for (const autoreset of AUTORESET) {
    it(`holds the true successor and marks the 1st step of each episode under ${autoreset}`, async () => {
      const env = await worlds().make("test/Corridor-v0", { num: 2, seed: 1, autoreset });
      const batches = await collect(env, right, 12);
      expect(batches.map((batch) => numbers(batch.obs)[0])).toEqual([0, 1, 2, 0, 1, 2]);
      expect(batches.map((batch) => numbers(batch.next)[0])).toEqual([1, 2, 3, 1, 2, 3]);
      expect(batches.map((batch) => batch.first[1])).toEqual([1, 0, 0, 1, 0, 0]);
      expect(batches.map((batch) => batch.terminated[1])).toEqual([0, 0, 1, 0, 0, 1]);
      expect(batches.map((batch) => batch.t[0])).toEqual([0, 1, 2, 0, 1, 2]);
      expect(batches.map((batch) => batch.episode[0])).toEqual([0, 0, 0, 1, 1, 1]);
    });

    it(`tells a time limit from an end of the rules under ${autoreset}`, async () => {
      const env = await worlds().make("test/Loop-v0", { num: 1, seed: 1, autoreset });
      const batches = await collect(env, ({ n }) => ({ action: new Int32Array(n) }), 10);
      expect(batches.map((batch) => batch.truncated[0])).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
      expect(batches.every((batch) => batch.terminated[0] === 0)).toBe(true);
    });
  }

  it("has every row once in each of the 3 autoreset modes, masks and reward parts included", async () => {
    const seen = [];
    for (const autoreset of AUTORESET) {
      const env = await worlds().make("test/Masked-v0", { num: 5, seed: 7, autoreset });
      const agent = random(env.spaces, {}, { seed: 3 });
      const batches = await collect(env, agent.act, 500);
      seen.push(batches.map(({ settle: _settle, spaces: _spaces, ...columns }) => columns));
      for (const { mask, action, nextMask, parts, reward } of batches) {
        numbers(action).forEach((chosen, i) => expect(mask?.[i * 4 + chosen]).toBe(1));
        expect(nextMask).toHaveLength(20);
        expect(numbers(parts?.["half"])).toEqual(numbers(reward).map((r) => r / 2));
      }
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it("keeps the columns of act beside the action and sends them along", async () => {
    const env = await worlds().make("test/Corridor-v0", { num: 3, seed: 1 });
    const sent: StepOptions[] = [];
    const spy = wrapEnv(env, {
      step: (actions: BatchOf<Space>, options: StepOptions = {}) => (sent.push(options), env.step(actions, options)),
    });
    const value = Float32Array.of(0.5, 1.5, 2.5);
    const [batch] = await collect(spy, ({ n }) => ({ action: new Int32Array(n), value }), 3);
    expect(batch?.extras["value"]).toBe(value);
    expect(sent[0]?.extras).toEqual({ value });
  });

  it("completes after the steps asked for, rounded up to whole batches of 4", async () => {
    const env = await worlds().make("test/Corridor-v0", { num: 4, seed: 1 });
    expect((await collect(env, right, 10)).length).toBe(3);
  });
});

describe("the pace of a rollout", () => {
  async function counted(): Promise<{ env: Env; steps: () => number }> {
    const env = await worlds().make("test/Corridor-v0", { num: 2, seed: 1 });
    let steps = 0;
    const step = (actions: BatchOf<Space>, options?: StepOptions) => (steps++, env.step(actions, options));
    return { env: wrapEnv(env, { step }), steps: () => steps };
  }

  it("takes no step before the learner has settled the last batch", async () => {
    const { env, steps } = await counted();
    const seen: [before: number, after: number][] = [];
    /** Two turns of the event loop: time enough for many steps. */
    const think = async (): Promise<void> => {
      const before = steps();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      seen.push([before, steps()]);
    };
    await lastValueFrom(
      rollout(env, right, { steps: 6 }).pipe(
        map((batch) => {
          batch.settle(think());
        }),
      ),
    );
    expect(seen).toEqual([[1, 1], [2, 2], [3, 3]]); // prettier-ignore
  });

  it("lets at most 2 batches be unsettled with maxLag 2, and reports the lag", async () => {
    const { env } = await counted();
    const held: (() => void)[] = [];
    const lags: number[] = [];
    let most = 0;
    await lastValueFrom(
      rollout(env, right, { steps: 20, maxLag: 2 }).pipe(
        map((batch) => {
          lags.push(batch.lag);
          batch.settle(new Promise<void>((resolve) => held.push(resolve)));
          most = Math.max(most, held.length);
          if (held.length > 2) setImmediate(() => held.splice(0).forEach((resolve) => resolve()));
          if (lags.length === 10) setImmediate(() => held.splice(0).forEach((resolve) => resolve()));
        }),
      ),
    );
    expect(most).toBe(3);
    expect(lags.slice(0, 4)).toEqual([0, 1, 2, 0]);
  });

  it("fails when the learner's work fails", async () => {
    const { env } = await counted();
    const stream = rollout(env, right, { steps: 20 }).pipe(
      map((batch) => batch.settle(Promise.reject(new Error("out of memory")))),
    );
    await expect(lastValueFrom(stream)).rejects.toThrow("out of memory");
  });

  it("steps the env once for 2 subscribers", async () => {
    const { env, steps } = await counted();
    const stream = rollout(env, right, { steps: 10 });
    const both = await Promise.all([lastValueFrom(stream.pipe(toArray())), lastValueFrom(stream.pipe(toArray()))]);
    expect(both.map((batches) => batches.length)).toEqual([5, 5]);
    expect(steps()).toBe(5);
  });

  it("stops stepping when the last subscriber leaves, and starts anew for the next", async () => {
    const { env, steps } = await counted();
    const stream = rollout(env, right);
    await lastValueFrom(stream.pipe(take(3)));
    const after = steps();
    expect(after).toBeLessThanOrEqual(4);
    const [batch] = await lastValueFrom(stream.pipe(take(1), toArray()));
    expect(batch?.first[0]).toBe(1);
    expect(steps()).toBeLessThanOrEqual(after + 2);
  });

  it("refuses a 2nd rollout over an env that is being stepped", async () => {
    const { env } = await counted();
    const first = lastValueFrom(rollout(env, right, { steps: 40 }));
    await expect(lastValueFrom(rollout(env, right, { steps: 2 }))).rejects.toMatchObject({ code: "BUSY" });
    await first;
  });

  it("passes on an error of act", async () => {
    const { env } = await counted();
    const act: Act = () => Promise.reject(new Error("no policy"));
    await expect(firstValueFrom(rollout(env, act))).rejects.toThrow("no policy");
  });

  it("lets timers run during 60,000 steps of a synchronous env, without growing the stack", async () => {
    const env = await worlds().make("test/Corridor-v0", { num: 1, seed: 1 });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await lastValueFrom(rollout(env, right, { steps: 60_000 }));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});

describe("failed steps", () => {
  it("are left out, cut the episode, and are the same in the 3 autoreset modes", async () => {
    const seen = [];
    for (const autoreset of AUTORESET) {
      const env = await worlds().make("test/Faulty-v0", { num: 3, seed: 5, autoreset, params: { bad: [4] } });
      const batches = await collect(env, right, 60);
      expect(batches.some((batch) => batch.length < 3)).toBe(true);
      expect(batches.every((batch) => batch.length + batch.faults.length === 3)).toBe(true);
      for (const batch of batches) expect(numbers(batch.reward).every((reward) => reward === 1)).toBe(true);
      // No row of a step 4 comes through, and what follows a fault is marked.
      expect(batches.flatMap((batch) => numbers(batch.obs))).not.toContain(4);
      seen.push(batches.map(({ env: rows, obs, first, episode, t }) => ({ rows, obs, first, episode, t })));
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it("end the stream when there are more than maxFaults of them", async () => {
    const env = await worlds().make("test/Faulty-v0", { num: 2, seed: 5, params: { bad: [0, 1, 2] } });
    const stream = rollout(env, right, { maxFaults: 10 });
    await expect(lastValueFrom(stream)).rejects.toThrow(/more than 10 failed steps: .*bad step/);
  });

  it("are sent again when they may pass: 2 failures a step cost no reward", async () => {
    const env = await worlds(unsteady(2)).make("test/Unsteady-v0", { num: 3, seed: 1 });
    const batches = await collect(env, right, 48);
    expect(batches.map((batch) => batch.length)).toEqual(new Array(16).fill(3));
    expect(batches.every((batch) => batch.reward.every((reward) => reward === 1) && batch.faults.length === 0)).toBe(
      true,
    );
    expect(batches.map((batch) => batch.t[2])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("that go on failing are faults, never a reward of 0", async () => {
    const env = await worlds(unsteady(100)).make("test/Unsteady-v0", { num: 2, seed: 1 });
    await expect(lastValueFrom(rollout(env, right, { maxFaults: 6 }))).rejects.toThrow(/test verifier/);
  });
});
