/** What an env must not show a policy: NaN, infinities within finite bounds, a row without a legal action. */
import { random, rollout, type Act } from "dojang/agents";
import { box, defineEnv, dict, discrete, rules, tuple, type AnyPlugin } from "dojang/env";
import { AUTORESET } from "dojang/protocol";
import { lastValueFrom } from "rxjs";
import { describe, expect, it } from "vitest";
import { worlds } from "../worlds.ts";

const space = dict({
  eye: box([2, 2], -1, 1, "float32"),
  parts: tuple(discrete(3), box([3], [-1, -Infinity, 0], [1, 1, Infinity], "float64")),
});

/** Shows `value` as number `at` of a leaf from step `from` of each episode on; episodes have 4 steps. */
const shows = (leaf: "eye" | "parts", at: number, value: number, from: number): AnyPlugin =>
  defineEnv({
    id: "test/Shows-v0",
    build: () =>
      rules({
        action: discrete(2),
        observation: space,
        maxSteps: 4,
        reset: () => ({ t: 0 }),
        step: ({ t }) => ({ state: { t: t + 1 }, reward: 1, terminated: false }),
        observe({ t }, { eye, parts }) {
          if (t >= from) (leaf === "eye" ? eye : parts[1])[at] = value;
          return { parts: [0, undefined] as [number, undefined] };
        },
      }),
  });

const still: Act = ({ n }) => ({ action: new Int32Array(n) });

const played = async (plugin: AnyPlugin, options: object = {}): Promise<unknown> =>
  lastValueFrom(rollout(await worlds(plugin).make(plugin.id, { num: 3, seed: 5, ...options }), still, { steps: 60 }), {
    defaultValue: undefined,
  });

describe("an observation that is no finite number", () => {
  it("ends the rollout and names env, instance, episode, seed, step, place and value", async () => {
    await expect(played(shows("eye", 3, NaN, 2))).rejects.toMatchObject({ code: "ENV_FAULT" });
    await expect(played(shows("eye", 3, NaN, 2))).rejects.toThrow(
      /^test\/Shows-v0: instance 0, episode 0 \(seed \d+\), step 2: observation\.eye\[3\]: expected a finite number, got NaN\. .*`dojang check FILE`/,
    );
  });

  it("is found at a reset", async () => {
    await expect(played(shows("parts", 1, NaN, 0))).rejects.toThrow(/step 0: observation\.parts\.1\[1\]: .*got NaN/);
  });

  for (const autoreset of AUTORESET) {
    it(`is found in the last observation of an episode under ${autoreset}`, async () => {
      await expect(played(shows("eye", 0, Infinity, 4), { autoreset })).rejects.toThrow(
        /episode 0 \(seed \d+\), step 4: observation\.eye\[0\]: .*got Infinity/,
      );
    });
  }

  it("may be an infinity where the bound on its side is infinite, and only there", async () => {
    await expect(played(shows("parts", 2, Infinity, 0))).resolves.toBeDefined();
    await expect(played(shows("parts", 1, -Infinity, 0))).resolves.toBeDefined();
    await expect(played(shows("parts", 1, Infinity, 0))).rejects.toThrow(/parts\.1\[1\]: .*got Infinity/);
    await expect(played(shows("parts", 2, -Infinity, 0))).rejects.toThrow(/parts\.1\[2\]: .*got -Infinity/);
    await expect(played(shows("parts", 2, NaN, 0))).rejects.toThrow(/parts\.1\[2\]: .*got NaN/);
  });
});

describe("a row in which no action is legal", () => {
  const stuck = (last: boolean): AnyPlugin =>
    defineEnv({
      id: "test/Stuck-v0",
      build: () =>
        rules({
          action: discrete(3),
          observation: discrete(8),
          maxSteps: 6,
          reset: () => 0,
          step: (t: number) => ({ state: t + 1, reward: 1, terminated: last && t === 2 }),
          observe: (t) => t,
          legal: (t) => [false, false, t < 3],
        }),
    });

  it("ends the rollout before a policy is asked, and names instance, episode, seed and step", async () => {
    const env = await worlds(stuck(false)).make("test/Stuck-v0", { num: 2, seed: 5 });
    const { act } = random(env.spaces, {}, { seed: 3 });
    await expect(lastValueFrom(rollout(env, act, { steps: 60 }))).rejects.toThrow(
      /^test\/Stuck-v0: instance 0, episode 0 \(seed \d+\), step 3: legal: expected at least one of 3 actions to be legal, got "none"/,
    );
  });

  it("is allowed where the rules have ended the episode", async () => {
    const env = await worlds(stuck(true)).make("test/Stuck-v0", { num: 2, seed: 5 });
    const { act } = random(env.spaces, {}, { seed: 3 });
    await expect(lastValueFrom(rollout(env, act, { steps: 60 }))).resolves.toMatchObject({ length: 2 });
  });
});
