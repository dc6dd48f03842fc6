/** Async rules: side by side and bounded, committed only when they fulfil. */
import { describe, expect, it } from "vitest";
import { GymError } from "../../protocol/errors.ts";
import { discrete, rules } from "../../src/env/index.ts";
import { Gate, type Slow } from "./runner-gate.ts";
import { codes, ends, ints, lateRunnerOf, lines, starts } from "./runner-support.ts";

describe("async steps", () => {
  it("run side by side, and come back in the order of the rows whatever the order they finish in", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 3 });
    await runner.reset();
    const step = runner.step(ints(2, 4, 6));
    await gate.until(3);
    for (const { settle } of gate.waiting.splice(0).reverse()) settle();
    const frame = await step;
    expect(frame.observations).toEqual(ints(2, 4, 6));
  });

  it("run at most 2 at once where maxConcurrent is 2, over all requests", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 6, maxConcurrent: 2 });
    await runner.reset();
    const steps = [[0, 1, 2], [3], [4, 5]].map(async (rows) =>
      runner.step(new Int32Array(rows.length).fill(2), { index: Uint32Array.from(rows) }),
    );
    for (let k = 0; k < 6; k++) await gate.next();
    const frames = await Promise.all(steps);
    expect(gate.most).toBe(2);
    expect(frames.flatMap(({ observations }) => Array.from(observations as unknown as Int32Array))).toEqual(new Array(6).fill(2)); // prettier-ignore
  });

  it("of disjoint rows overlap, each with a frame of its own", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 2 });
    await runner.reset();
    const one = runner.step(ints(2), { index: Uint32Array.of(0), seq: 1 });
    const two = runner.step(ints(9), { index: Uint32Array.of(1), seq: 2 });
    const second = await two;
    await gate.next();
    const first = await one;
    expect([first.seq, first.index, first.observations]).toEqual([1, Uint32Array.of(0), ints(2)]);
    expect([second.seq, second.index, second.observations]).toEqual([2, Uint32Array.of(1), ints(9)]);
  });

  it("make their rows ROW_BUSY for steps and resets, BUSY for snapshots, until the frame is there", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 2 });
    await runner.reset();
    const snapshots = runner.snapshot();
    const step = runner.step(ints(2), { index: Uint32Array.of(1) });
    const busy = (code: string): Error => expect.objectContaining({ code, retryable: true }) as Error;
    expect(() => runner.step(ints(9, 9))).toThrow(busy("ROW_BUSY"));
    expect(() => runner.step(ints(9, 9))).toThrow(/instance 1 has a step under way/);
    expect(() => runner.reset()).toThrow(busy("ROW_BUSY"));
    expect(() => runner.snapshot()).toThrow(busy("BUSY"));
    expect(() => runner.restore(snapshots)).toThrow(busy("BUSY"));
    expect(runner.snapshot([0]).length).toBe(1);
    await gate.next();
    await step;
    expect((await runner.step(ints(9, 9))).status).toEqual(Uint8Array.of(0, 0));
  });

  it("count for the same episodes as synchronous ones: limits, receipts, returns", async () => {
    const runner = lateRunnerOf(new Gate().rules, { num: 2, maxSteps: 2, autoreset: "same-step" });
    const first = await runner.reset({ seeds: [3, 4] });
    expect(starts(first)).toEqual([[0, 0, 3], [1, 0, 4]]); // prettier-ignore
    const one = await runner.step(ints(9, 9));
    expect(Array.from(one.terminated)).toEqual([1, 1]);
    expect(one.final?.observations).toEqual(ints(9, 9));
    expect(starts(one).map((start) => start.slice(0, 2))).toEqual([[0, 1], [1, 1]]); // prettier-ignore
    expect(ends(one)).toEqual([0, 1].map((row) => [row, one.rewards[row], 1]));
  });
});

describe("async rules", () => {
  it("play the episodes that the same rules play without promises", async () => {
    const walk = (async: boolean) =>
      rules({
        async,
        action: discrete(3),
        observation: discrete(1000),
        maxSteps: 5,
        reset: (rng) => ({ at: rng.int(1000) }),
        step(_, action, rng) {
          const transition = {
            state: { at: rng.int(1000) },
            reward: rng.int(9) + action,
            terminated: rng.int(4) === 0,
          };
          return async ? Promise.resolve(transition) : transition;
        },
        observe: ({ at }) => at,
      });
    for (const autoreset of ["next-step", "same-step"] as const) {
      const runners = [true, false].map((async) => lateRunnerOf(walk(async), { num: 3, autoreset, maxConcurrent: 2 }));
      for (const runner of runners) await runner.reset();
      for (let k = 0; k < 20; k++) {
        const [one, two] = await Promise.all(runners.map(async (runner) => await runner.step(ints(0, 1, k % 3))));
        expect({ ...one, timing: 0 }).toEqual({ ...two, timing: 0 });
      }
    }
  });
});

describe("an async step that fails", () => {
  it("leaves state and generator: the retry gives what the first try would have given", async () => {
    const [gate, other] = [new Gate(), new Gate()];
    const [runner, twin] = [gate, other].map(({ rules: of }) => lateRunnerOf(of, { num: 2 })) as [ReturnType<typeof lateRunnerOf>, ReturnType<typeof lateRunnerOf>]; // prettier-ignore
    await runner.reset();
    await twin.reset();
    const step = runner.step(ints(4, 9));
    await gate.until(1);
    gate.waiting.shift()?.fail(new Error("out of luck"));
    const frame = await step;
    expect(lines(frame)[0]).toBe("3: obs 0 reward NaN");
    expect(frame.status[1]).toBe(0);
    expect(frame.errors).toMatchObject([
      { index: 0, code: "ENV_FAULT", retryable: true, capsule: { step: 0, count: 1 } },
    ]);
    expect(frame.errors?.[0]?.message).toContain("Test-v0: instance 0, episode 0, step 0: step: out of luck (at ");
    const retry = runner.step(ints(4), { index: Uint32Array.of(0) });
    const first = twin.step(ints(4), { index: Uint32Array.of(0) });
    await Promise.all([gate.next(), other.next()]);
    expect(lines(await retry)).toEqual(lines(await first));
  });

  it("keeps its code where it says what is wrong", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules);
    await runner.reset();
    const step = runner.step(ints(4));
    await gate.until(1);
    gate.waiting.shift()?.fail(new GymError("VERIFIER_UNAVAILABLE", "queue full"));
    expect(codes(await step)).toEqual({ 0: "VERIFIER_UNAVAILABLE" });
  });

  it.each([undefined, 5, { state: {}, reward: NaN, terminated: false }, { state: {}, reward: 0 }])(
    "by fulfilling with %j leaves the row as it was",
    async (result) => {
      let broken = false;
      const env = rules({
        async: true,
        action: discrete(2),
        observation: discrete(9),
        reset: () => 0,
        step: (n) => Promise.resolve(broken ? (result as never) : { state: n + 1, reward: n, terminated: false }),
        observe: (n) => n,
      });
      const runner = lateRunnerOf(env, { num: 2, autoreset: "same-step" });
      await runner.reset();
      await runner.step(ints(0, 0));
      broken = true;
      expect(lines(await runner.step(ints(0, 0)))).toEqual(["3: obs 0 reward NaN", "3: obs 0 reward NaN"]);
      broken = false;
      expect(lines(await runner.step(ints(0, 0)))).toEqual(["0: obs 2 reward 1", "0: obs 2 reward 1"]);
    },
  );

  it("because `legal` throws is a fault of its row, not of the frame", async () => {
    let lawless = false;
    const legal = ({ n }: Slow): number[] => {
      if (lawless && n === 0) throw new Error("no law");
      return new Array<number>(10).fill(1);
    };
    const env = { ...new Gate().rules, legal, enforceLegal: true, observe: () => 0 };
    const runner = lateRunnerOf(env, { num: 2 });
    await runner.reset();
    await runner.step(ints(9), { index: Uint32Array.of(1) });
    lawless = true;
    const frame = await runner.step(ints(9, 9));
    expect(lines(frame)[0]).toBe("3: obs 0 reward NaN");
    expect(frame.errors?.[0]?.message).toContain("Test-v0: instance 0, episode 0, step 0: legal: no law (at ");
    lawless = false;
    expect((await runner.step(ints(9), { index: Uint32Array.of(0) })).status).toEqual(Uint8Array.of(0));
  });

  it("before it returns its promise (a plain throw) is the same", async () => {
    const step = (): never => {
      throw new Error("at once");
    };
    const env = { ...new Gate().rules, step };
    const runner = lateRunnerOf(env);
    await runner.reset();
    expect(lines(await runner.step(ints(9)))).toEqual(["3: obs 0 reward NaN"]);
  });
});

describe("an async reset that fails", () => {
  it("fails its row alone, and the next step begins the episode after it", async () => {
    const runner = lateRunnerOf(new Gate().rules, { num: 2 });
    const frame = await runner.reset({ options: ["fail", null] });
    expect([codes(frame), starts(frame).map(([place]) => place)]).toEqual([{ 0: "ENV_FAULT" }, [1]]);
    const next = await runner.step(ints(9, 9));
    expect([next.status, starts(next)[0]?.slice(0, 2)]).toEqual([Uint8Array.of(1, 0), [0, 1]]);
  });

  it("in the same step is told in the next frame", async () => {
    const runner = lateRunnerOf(new Gate().rules, { autoreset: "same-step" });
    await runner.reset({ queue: { options: [["fail"]] } });
    const last = await runner.step(ints(9));
    expect([last.status[0], last.terminated[0], last.final?.observations]).toEqual([0, 1, ints(9)]);
    expect(codes(await runner.step(ints(9)))).toEqual({ 0: "ENV_FAULT" });
    expect((await runner.step(ints(9))).status[0]).toBe(1);
  });
});

describe("actions of async steps", () => {
  it("are read from a copy: the caller may reuse the batch at once", async () => {
    const gate = new Gate();
    const runner = lateRunnerOf(gate.rules, { num: 2, maxConcurrent: 1 });
    await runner.reset();
    const actions = ints(2, 4);
    const step = runner.step(actions);
    actions.fill(6);
    await gate.next();
    await gate.next();
    expect((await step).observations).toEqual(ints(2, 4));
  });
});
