/** What becomes of a plugin that fails: one row, named and rerunnable, while the others go on. */
import { describe, expect, it } from "vitest";
import { fromColumns } from "../../protocol/columns.ts";
import { GymError } from "../../protocol/errors.ts";
import type { Capsule, Frame } from "../../protocol/frames.ts";
import { box, discrete, rules, type AnyRules, type Transition } from "../../src/env/index.ts";
import { codes, counter, ends, ints, lines, runnerOf, starts, type Count } from "./runner-support.ts";

/** Plays a capsule in a runner of its own; gives the frame of the last action. */
function rerun(of: AnyRules, { seed, actions, count, options }: Capsule): Frame {
  const runner = runnerOf(of, { autoreset: "disabled", maxSteps: 0 });
  let frame = runner.reset({ seeds: [seed], options: [options] });
  const batch = fromColumns(of.action, actions, count, "capsule") as unknown as Int32Array;
  for (let k = 0; k < count; k++) frame = runner.step(batch.slice(k, k + 1));
  return frame;
}

describe("a step that throws", () => {
  it("is an ENV_FAULT of its row, which names env, instance, episode, step and line", () => {
    const runner = runnerOf(counter(), { num: 3 });
    runner.reset();
    runner.step(ints(0, 0, 0));
    const frame = runner.step(ints(0, 2, 0));
    expect(lines(frame)).toEqual(["0: obs 2 reward 2", "2: obs 0 reward NaN", "0: obs 2 reward 2"]);
    expect(frame.errors).toMatchObject([{ index: 1, code: "ENV_FAULT", retryable: false }]);
    expect(frame.errors?.[0]?.message).toMatch(
      /^Test-v0: instance 1, episode 0, step 1: step: the wheel fell off \(at test\/env\/runner-support\.ts:\d+:\d+\)$/,
    );
  });

  it("ends the episode without an episode record: the next step is a reset row", () => {
    const runner = runnerOf(counter());
    runner.reset();
    const frame = runner.step(ints(2));
    expect([ends(frame), frame.terminated[0], frame.truncated[0]]).toEqual([[], 0, 0]);
    expect(lines(runner.step(ints(0)))).toEqual(["1: obs 0 reward 0"]);
    expect(lines(runner.step(ints(0)))).toEqual(["0: obs 1 reward 1"]);
  });

  it("asks for a reset where autoreset is disabled", () => {
    const runner = runnerOf(counter(), { autoreset: "disabled" });
    runner.reset();
    runner.step(ints(2));
    expect(codes(runner.step(ints(0)))).toEqual({ 0: "RESET_NEEDED" });
  });

  it("leaves a capsule with seed, options and the 4 actions, the failing one last", () => {
    const runner = runnerOf(counter(), { num: 2 });
    runner.reset({ seeds: [5, 6], options: [{ level: 1 }, { level: 2 }] });
    for (const action of [0, 3, 1]) runner.step(ints(0, action === 3 ? 0 : 0));
    const frame = runner.step(ints(0, 2));
    expect(frame.errors?.[0]?.capsule).toEqual({
      env: "Test-v0",
      version: "1",
      params: {},
      instance: 1,
      episode: 0,
      step: 3,
      seed: 6,
      options: { level: 2 },
      actions: [new Uint8Array(ints(0, 0, 0, 2).buffer)],
      count: 4,
      error: expect.stringContaining("Test-v0: instance 1, episode 0, step 3: step: the wheel fell off (at ") as string,
    });
  });

  it("throws the same when its capsule is rerun", () => {
    const lucky = rules({
      action: discrete(5),
      observation: discrete(1000),
      reset: (rng) => ({ sum: rng.int(5) }),
      step(state, action, rng) {
        state.sum += action + rng.int(3);
        if (state.sum > 40) throw new Error(`the sum is ${state.sum}`);
        return { state, reward: 0, terminated: state.sum % 7 === 0 };
      },
      observe: ({ sum }) => sum,
    });
    const runner = runnerOf(lucky, { num: 8 });
    runner.reset();
    const capsules: Capsule[] = [];
    for (let t = 0; t < 60; t++) {
      const frame = runner.step(Int32Array.from({ length: 8 }, (_, row) => (row * 7 + t * 3) % 5));
      for (const { capsule } of frame.errors ?? []) if (capsule) capsules.push(capsule);
    }
    expect(capsules.length).toBeGreaterThan(5);
    for (const capsule of capsules) {
      const [error] = rerun(lucky, capsule).errors ?? [];
      expect(error?.capsule?.step).toBe(capsule.step);
      expect(error?.message.split(": step: ")[1]).toBe(capsule.error.split(": step: ")[1]);
    }
  });

  it("says in its capsule that only the last 3 of 6 actions were kept", () => {
    const runner = runnerOf(counter(), { capsuleSteps: 3 });
    runner.reset();
    for (let k = 0; k < 4; k++) runner.step(ints(0));
    expect(codes(runner.step(ints(7)))).toEqual({ 0: "BAD_ACTION" });
    runner.step(ints(0));
    const capsule = runner.step(ints(2)).errors?.[0]?.capsule;
    expect(capsule).toMatchObject({ step: 5, count: 3, cut: true });
    expect(capsule?.actions).toEqual([new Uint8Array(ints(0, 0, 2).buffer)]);
  });
});

describe("a transition that breaks the contract", () => {
  const giving = (result: unknown) => counter({ step: () => result as Transition<Count> });
  it.each([
    [undefined, "step: expected {state, reward, terminated}, got undefined"],
    [null, "step: expected {state, reward, terminated}, got null"],
    [7, "step: expected {state, reward, terminated}, got 7"],
    [{ state: 1, reward: NaN, terminated: false }, "step: reward: expected a finite number, got NaN"],
    [{ state: 1, reward: Infinity, terminated: false }, "step: reward: expected a finite number, got Infinity"],
    [{ state: 1, reward: "1", terminated: false }, 'step: reward: expected a finite number, got "1"'],
    [{ state: 1, reward: 1 }, "step: terminated: expected true or false, got undefined"],
    [{ reward: 1, terminated: false }, "step: state: expected the new state, got undefined"],
    [{ state: 1, reward: 1, terminated: false, rewards: { ok: NaN } }, "step: rewards.ok: expected a finite number, got NaN"], // prettier-ignore
    [{ state: 1, reward: 1, terminated: false, rewards: 3 }, "step: rewards: expected an object of numbers, got 3"],
    [Promise.resolve(), "step returned a promise. Set `async: true` on the rules."],
  ])("%j is a fault that says what was expected", (result, message) => {
    const runner = runnerOf(giving(result));
    runner.reset();
    const frame = runner.step(ints(0));
    expect(lines(frame)).toEqual(["2: obs 0 reward NaN"]);
    expect(frame.errors?.[0]?.message).toBe(`Test-v0: instance 0, episode 0, step 0: ${message}`);
  });

  it("is a fault when the observation lies outside its space", () => {
    const runner = runnerOf(counter({ observe: ({ n }) => n * 70 }));
    runner.reset();
    runner.step(ints(0));
    const frame = runner.step(ints(0));
    expect(lines(frame)).toEqual(["2: obs 0 reward NaN"]);
    expect(frame.errors?.[0]?.message).toBe(
      "Test-v0: instance 0, episode 0, step 2: observe: expected an integer in 0..99, got 140",
    );
  });

  it("is a fault when info lies outside its space", () => {
    const runner = runnerOf(counter({ infoSpace: discrete(2), info: ({ n }) => n }));
    runner.reset();
    runner.step(ints(0));
    expect(runner.step(ints(0)).errors?.[0]?.message).toMatch(/info: expected an integer in 0..1, got 2/);
  });

  it("is a fault of the step that names the 65th part of the reward", () => {
    const env = counter({
      step: (state) => ({ state: { n: state.n + 1 }, reward: 0, terminated: false, rewards: { [`p${state.n}`]: 1 } }),
    });
    const runner = runnerOf(env);
    runner.reset();
    for (let k = 0; k < 64; k++) expect(runner.step(ints(0)).parts).toEqual({ [`p${k}`]: Float64Array.of(1) });
    expect(runner.step(ints(0)).errors?.[0]?.message).toMatch(/rewards: expected at most 64 names, got "p64"/);
  });
});

describe("observe that throws", () => {
  it("loses the episode: the state has moved on, so nothing can be retried", () => {
    const runner = runnerOf(
      counter({ observe({ n }) { if (n === 1) throw new GymError("VERIFIER_UNAVAILABLE", "later"); return n; } }), // prettier-ignore
    );
    runner.reset();
    const frame = runner.step(ints(0));
    expect(frame.errors).toMatchObject([{ code: "ENV_FAULT", retryable: false }]);
    expect(lines(runner.step(ints(0)))).toEqual(["1: obs 0 reward 0"]);
  });

  it("at the end of an episode leaves no trace of the end", () => {
    for (const autoreset of ["next-step", "same-step", "disabled"] as const) {
      const env = counter({ observe({ n }) { if (n === 2) throw new Error("blind"); return n; } }); // prettier-ignore
      const runner = runnerOf(env, { num: 2, autoreset });
      runner.reset();
      runner.step(ints(0, 0));
      const frame = runner.step(ints(1, 1));
      expect([lines(frame)[0], ends(frame), starts(frame), frame.final]).toEqual(["2: obs 0 reward NaN", [], [], undefined]); // prettier-ignore
    }
  });

  it("does not spoil the last observations of other rows", () => {
    const env = rules({
      action: discrete(2),
      observation: box([3], 0, 9, "uint8"),
      reset: (_, options) => ({ n: options as number, over: false }),
      step: (state) => ({ state: { ...state, over: true }, reward: 1, terminated: true }),
      observe({ n, over }, out) {
        out[n] = over ? 9 : 1;
        if (n === 1 && over) throw new Error("half-way");
      },
    });
    const runner = runnerOf(env, { num: 3, autoreset: "same-step" });
    runner.reset({ options: [0, 1, 2], queue: { options: [[0], [0], [0]] } });
    const frame = runner.step(ints(0, 0, 0));
    expect([frame.final?.index, frame.final?.observations]).toEqual([
      Uint32Array.of(0, 2),
      Uint8Array.of(9, 0, 0, 0, 0, 9),
    ]);
    expect([Array.from(frame.status), frame.observations]).toEqual([
      [0, 2, 0],
      Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0),
    ]);
  });

  it("takes back the parts of the reward", () => {
    const observe = ({ n }: Count): number => {
      if (n === 1) throw new Error("blind");
      return n;
    };
    const step = ({ n }: Count, action: number) => ({ state: { n: n + 1 + action }, reward: 1, terminated: false, rewards: { up: 1 } }); // prettier-ignore
    const runner = runnerOf(counter({ step, observe }), { num: 2 });
    runner.reset();
    expect(runner.step(ints(0, 1)).parts).toEqual({ up: Float64Array.of(NaN, 1) });
  });
});

describe("a reset that fails", () => {
  /** Episodes whose options are true cannot begin. */
  const broken = (how: "reset" | "observe", error: () => Error = () => new Error("no level")) =>
    counter({
      reset(_, options) {
        if (options === true && how === "reset") throw error();
        return { n: 0, bad: options === true };
      },
    });

  it.each(["reset", "observe"] as const)("(%s throws) is a fault with a capsule without actions", (how) => {
    const runner = runnerOf(broken(how), { num: 2 });
    const frame = runner.reset({ options: [false, true], seeds: [1, 2] });
    expect(lines(frame)).toEqual(["1: obs 0 reward 0", "2: obs 0 reward NaN"]);
    expect(starts(frame)).toEqual([[0, 0, 1]]);
    expect(frame.errors?.[0]?.capsule).toMatchObject({ step: 0, count: 0, seed: 2, options: true });
  });

  it.each(["reset", "observe"] as const)(
    "(%s throws) in a same-step reset leaves the transition whole; the next frame tells of it, the one after begins anew",
    (how) => {
      const runner = runnerOf(broken(how), { num: 2, autoreset: "same-step" });
      runner.reset({ queue: { options: [[], [true]] } });
      runner.step(ints(0, 0));
      const frame = runner.step(ints(0, 1));
      expect([lines(frame), ends(frame), starts(frame), frame.errors]).toEqual([
        ["0: obs 2 reward 2", "0: obs 0 reward 2 T"],
        [[1, 3, 2]],
        [],
        undefined,
      ]);
      expect([frame.final?.index, frame.final?.observations]).toEqual([Uint32Array.of(1), ints(2)]);
      const next = runner.step(ints(0, 0));
      expect([lines(next), codes(next)]).toEqual([["0: obs 3 reward 3", "2: obs 0 reward NaN"], { 1: "ENV_FAULT" }]);
      expect(next.errors?.[0]?.capsule).toMatchObject({ episode: 1, step: 0, count: 0, options: true });
      const after = runner.step(ints(0, 0));
      expect([lines(after), starts(after)[0]?.slice(0, 2)]).toEqual([
        ["0: obs 4 reward 4", "1: obs 0 reward 0"],
        [1, 2],
      ]);
    },
  );

  it("in a same-step reset is forgotten when the row is reset or restored first", () => {
    for (const way of ["reset", "restore"] as const) {
      const runner = runnerOf(broken("reset"), { autoreset: "same-step" });
      runner.reset({ queue: { options: [[true]] } });
      const other = runnerOf(broken("reset"));
      other.reset();
      const snapshots = other.snapshot();
      runner.step(ints(1));
      expect(() => runner.snapshot()).toThrow(/instance 0 has no state to show/);
      if (way === "reset") runner.reset();
      else runner.restore(snapshots);
      expect(lines(runner.step(ints(2)))).toEqual(["2: obs 0 reward NaN"]);
      // Not the failure of long ago.
      expect(lines(runner.step(ints(0)))).toEqual(["1: obs 0 reward 0"]);
    }
  });

  it("and may succeed later (status 3) begins the same episode when it is tried again", () => {
    let busy = true;
    const env = counter({
      reset(_, options) {
        if (options === true && busy) throw new GymError("VERIFIER_UNAVAILABLE", "the queue is full");
        return { n: 0 };
      },
    });
    const runner = runnerOf(env);
    runner.reset({ queue: { seeds: [[77]], options: [[true]] } });
    runner.step(ints(1));
    const frame = runner.step(ints(0));
    expect([lines(frame), codes(frame)]).toEqual([["3: obs 0 reward NaN"], { 0: "VERIFIER_UNAVAILABLE" }]);
    busy = false;
    expect(starts(runner.step(ints(0)))).toEqual([[0, 1, 77]]);
  });
});
