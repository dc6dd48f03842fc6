/** Failures that may be tried again, envs that hold answers, and pictures that cannot be drawn. */
import { describe, expect, it } from "vitest";
import { GymError } from "../../protocol/errors.ts";
import type { BuiltEnv } from "../../src/env/built-env.ts";
import { discrete, rules } from "../../src/env/index.ts";
import { counter, ints, lines, runnerOf } from "./runner-support.ts";

describe("a synchronous step that fails retryably", () => {
  /** Moves and draws before its fourth step asks a verifier that may be away. */
  const asking = (away: { now: boolean }) =>
    rules({
      action: discrete(3),
      observation: discrete(1000),
      reset: (rng) => ({ n: rng.int(10), t: 0 }),
      step(state, action, rng) {
        state.n += action + rng.int(10);
        if (++state.t === 4 && away.now) throw new GymError("VERIFIER_UNAVAILABLE", "no worker");
        return { state, reward: rng.int(100), terminated: false };
      },
      observe: ({ n }) => n,
    });

  it("is undone: the same action then gives what it would have given", () => {
    const away = { now: false };
    const [one, two] = [runnerOf(asking(away)), runnerOf(asking(away))];
    for (const runner of [one, two]) {
      runner.reset();
      for (const action of [1, 2, 0]) runner.step(ints(action));
    }
    away.now = true;
    for (let k = 0; k < 2; k++) {
      const frame = one.step(ints(2));
      expect([frame.status[0], frame.rewards[0], frame.errors?.[0]]).toMatchObject([
        3,
        NaN,
        { code: "VERIFIER_UNAVAILABLE", retryable: true },
      ]);
    }
    away.now = false;
    for (const action of [2, 1, 1]) expect(lines(one.step(ints(action)))).toEqual(lines(two.step(ints(action)))); // prettier-ignore
  });

  it("loses the episode where it cannot be undone: the actions were given up", () => {
    const away = { now: false };
    const runner = runnerOf(asking(away), { capsuleSteps: 2 });
    runner.reset();
    for (const action of [1, 2, 0]) runner.step(ints(action));
    away.now = true;
    const frame = runner.step(ints(2));
    expect(frame.errors).toMatchObject([{ code: "VERIFIER_UNAVAILABLE", retryable: false }]);
    expect(runner.step(ints(0)).status[0]).toBe(1);
  });
});

describe("an env that holds answers", () => {
  const gold = "the answer is 42";
  const leaky = () =>
    counter({
      reset: (_, options) => {
        if (options === true) throw new Error(gold);
        return { n: 0 };
      },
      step(state, action) {
        if (action === 1) throw new GymError("VERIFIER_UNAVAILABLE", gold);
        if (action === 2) return { state, reward: gold as never, terminated: false };
        if (action === 3) return { state: { n: -42 }, reward: 0, terminated: false };
        throw new Error(gold);
      },
      observe: ({ n }) => (n === 0 ? 0 : (gold as never)),
      render: () => {
        throw new Error(gold);
      },
    });

  it("keeps what it throws out of messages and capsules, and tells its operator", () => {
    const heard: string[] = [];
    const listener = { onFault: (_env: BuiltEnv, error: GymError): unknown => heard.push(error.message) };
    const runner = runnerOf(leaky(), { num: 4, onFault: listener }, { secret: true });
    runner.reset();
    const frames = [runner.step(ints(0, 1, 2, 3)), runner.reset({ options: [true, true, true, true] })];
    for (const { errors = [] } of frames) {
      expect(errors.length).toBe(4);
      expect(JSON.stringify(errors)).not.toMatch(/42/);
    }
    expect(frames[0]?.errors?.map(({ message }) => message)[1]).toBe(
      "Test-v0: instance 1, episode 0, step 0: VERIFIER_UNAVAILABLE. The env holds answers, so only its operator is told more.",
    );
    expect(heard.filter((message) => message.includes("42")).length).toBe(8);
    runner.reset();
    expect(() => runner.render()).toThrow(/^Test-v0: instance 0.*: ENV_FAULT\. The env holds answers/);
  });
});

describe("render", () => {
  it("names the instance whose picture fails", () => {
    const runner = runnerOf(counter({ render: ({ n }) => { if (n > 0) throw new Error("no paint"); return `n=${n}`; } }), { num: 2 }); // prettier-ignore
    runner.reset();
    runner.step(ints(0), { index: Uint32Array.of(1) });
    expect(runner.render()).toEqual(["n=0"]);
    expect(() => runner.render([0, 1])).toThrow("Test-v0: instance 1, episode 0, step 1: render: no paint");
  });
  it("is UNSUPPORTED where the rules have none, RESET_NEEDED before the first reset", () => {
    expect(() => runnerOf(counter()).render()).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }) as Error);
    expect(() => runnerOf(counter({ render: () => "" })).render()).toThrow(expect.objectContaining({ code: "RESET_NEEDED" }) as Error); // prettier-ignore
  });
});
