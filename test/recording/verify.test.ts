/** A replay gives what was recorded, or says exactly where it does not, and why. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Autoreset, Capsule } from "../../protocol/frames.ts";
import { GymError } from "../../protocol/errors.ts";
import type { BuiltEnv } from "../../src/env/built-env.ts";
import { type Rng } from "../../src/env/rng.ts";
import {
  capsuleFromJson,
  capsuleToJson,
  explainDivergence,
  openRecording,
  replayCapsule,
  replayEpisode,
  verifyRecording,
  type RecordedEpisode,
} from "../../src/recording/index.ts";
import { tempDir } from "../support/temp.ts";
import { anyEnv, faulty, walk } from "./envs.ts";
import { built, play, type PlayOptions } from "./play.ts";
import { box, dict, discrete, sequence, text } from "../../protocol/make-space.ts";

const verify = async (path: string, env: BuiltEnv, rescore = false) =>
  verifyRecording(await openRecording(path), () => env, { rescore });

async function recorded(env: BuiltEnv, options: Partial<PlayOptions> = {}): Promise<string> {
  const path = join(tempDir(), "a.mcap");
  await play({ path, env, ...options });
  return path;
}

describe("verifyRecording", () => {
  it.each<Autoreset>(["next-step", "same-step", "disabled"])(
    "plays 600 steps again under %s and finds no difference",
    async (autoreset) => {
      const env = built(walk());
      const report = await verify(await recorded(env, { autoreset, steps: 200, chunkBytes: 500 }), env);
      expect(report).toMatchObject({ ok: true, steps: 600, diverged: 0, versions: [], skipped: {} });
      expect(report.read.complete).toBe(true);
    },
  );

  it("plays texts, dicts and sequences again, and episodes longer than its buffers", async () => {
    const observation = dict({ board: box([3, 3], 0, 9, "uint8"), note: text({ minLength: 0, maxLength: 9 }), list: sequence(discrete(4), { maxLength: 5 }) }); // prettier-ignore
    const env = built(anyEnv(discrete(3), observation));
    expect(await verify(await recorded(env), env)).toMatchObject({ ok: true, steps: 120 });
    const long = built({
      ...walk(),
      step: (s: object) => ({ state: s, reward: 0, terminated: false }),
      maxSteps: 1000,
    });
    expect(await verify(await recorded(long, { steps: 700, num: 1 }), long)).toMatchObject({ ok: true, steps: 700 });
  });

  it("plays an async env again, and leaves out the steps that failed and were tried anew", async () => {
    let calls = 0;
    const flaky = {
      ...walk(),
      async: true,
      step: async (state: object, action: number, rng: Rng) => {
        await Promise.resolve();
        if (++calls % 7 === 0) throw new GymError("VERIFIER_UNAVAILABLE", "judge");
        return walkWith({})({ ...state } as never, action, rng);
      },
    };
    const path = await recorded(built(flaky));
    expect(calls).toBeGreaterThan(130);
    const sure = { ...walk(), async: true, step: (s: object, a: number, rng: Rng) => Promise.resolve(walkWith({})(s as never, a, rng)) }; // prettier-ignore
    expect(await verify(path, built(sure))).toMatchObject({ ok: true, steps: 120 });
  });

  it("names the first reward that differs when the plugin has changed, and the versions that do", async () => {
    const path = await recorded(built(walk()));
    const late = { ...walk(), step: (s: { n?: number }, a: number, rng: Rng) => changedAt(3, s, a, rng) };
    const report = await verify(path, built(late, { version: "1" }));
    expect(report.ok).toBe(false);
    expect(report.versions).toEqual([{ what: "plugin", recorded: "0", here: "1" }]);
    const [first] = report.divergences;
    expect(first).toMatchObject({ episode: 0, step: 3, field: "reward" });
    expect(explainDivergence(first as never)).toMatch(
      /^instance \d, episode 0, step 3: reward: recorded 0\.\d+, replayed \d/,
    );
  });

  it("names the observation, the end, the time limit and the fault that differ", async () => {
    const path = await recorded(built(walk()));
    const cases = {
      observation: { ...walk(), observe: (s: { at: number; luck: number }, out: Float32Array) => out.set([s.at + 1, s.luck]) }, // prettier-ignore
      terminated: { ...walk(), step: walkWith({ terminated: true }) },
      fault: { ...walk(), step: () => { throw new Error("gone"); } }, // prettier-ignore
    };
    for (const [field, rules] of Object.entries(cases)) {
      const { divergences } = await verify(path, built(rules));
      expect(divergences[0]).toMatchObject({ field, step: field === "observation" ? 0 : 1 });
    }
  });

  it("refuses an env whose spaces have changed", async () => {
    const path = await recorded(built(walk()));
    await expect(verify(path, built({ ...walk(), action: discrete(3) }))).rejects.toThrow(/action space.*version 0/);
  });

  it("says why episodes put back from a snapshot cannot be played again, and checks the others", async () => {
    const env = built(walk());
    let frames = 0;
    const path = await recorded(env, {
      onFrame: async (_, runner) => {
        if (++frames === 8) await runner.restore(runner.snapshot());
      },
    });
    const report = await verify(path, env);
    expect(report).toMatchObject({ ok: true, skipped: { "put back from a snapshot": 3 } });
    expect(report.episodes).toBeGreaterThan(3);
    const episodes: RecordedEpisode[] = [];
    for await (const episode of await openRecording(path)) episodes.push(episode);
    const restored = episodes.filter((episode) => episode.restored);
    expect(restored.map(({ firstStep }) => firstStep > 0)).toContain(true);
    await expect(replayEpisode(env, restored[0] as RecordedEpisode).next()).rejects.toThrow(/snapshot/);
  });

  it("checks only resets where verdicts depend on time, and counts the 60 rewards that a second scoring changes", async () => {
    const env = built(walk(), { deterministic: false });
    const path = await recorded(env, { steps: 20 });
    const other = built({ ...walk(), step: walkWith({ reward: 9 }) }, { deterministic: false });
    expect(await verify(path, other)).toMatchObject({
      ok: true,
      steps: 0,
      limited: expect.stringContaining("resets") as string,
    });
    const { rescored } = await verify(path, env, true);
    expect(rescored).toEqual({ steps: 60, changed: 0 });
    expect((await verify(path, other, true)).rescored?.changed).toBeGreaterThan(3);
  });

  it("expects recorded faults to happen again", async () => {
    const path = await recorded(built(faulty(5)), { steps: 60 });
    expect(await verify(path, built(faulty(5)))).toMatchObject({ ok: true });
    const report = await verify(path, built(faulty(100)));
    expect(report.divergences[0]).toMatchObject({ field: "fault", step: 5, recorded: "ENV_FAULT" });
  });
});

interface Result {
  readonly state: object;
  readonly reward: number;
  readonly terminated: boolean;
}

/** A step of the walk with something else in what it gives. */
const walkWith =
  (other: Partial<Result>) =>
  (state: never, action: number, rng: Rng): Result => ({
    ...(walk().step(state, action, rng, {} as never) as unknown as Result),
    ...other,
  });

/** The walk, with a reward that is off by one at step n. */
function changedAt(n: number, state: { n?: number }, action: number, rng: Rng): Result {
  const count = (state.n ?? 0) + 1;
  const result = walkWith({})(state as never, action, rng);
  return { ...result, state: { ...result.state, n: count }, reward: result.reward + (count === n ? 1 : 0) };
}

describe("replayEpisode", () => {
  it("shows the reset and every step with a picture", async () => {
    const env = built({ ...walk(), render: ({ at }: { at: number }) => "#".repeat(at) });
    const path = await recorded(env, { num: 1, steps: 12 });
    const recording = await openRecording(path);
    for await (const episode of recording) {
      const frames = [];
      for await (const frame of replayEpisode(env, episode)) frames.push(frame);
      expect(frames.map(({ step }) => step)).toEqual(Array.from({ length: episode.steps + 1 }, (_, i) => i));
      expect(frames.slice(1).map(({ reward }) => reward)).toEqual([...episode.rewards]);
      expect(frames.every(({ picture }) => /^#+$|^$/.test(picture as string))).toBe(true);
      expect(frames.at(-1)).toMatchObject({ terminated: episode.terminated, truncated: episode.truncated });
    }
  });
});

describe("replayCapsule", () => {
  async function capsule(): Promise<Capsule> {
    const capsules: Capsule[] = [];
    await recorded(built(faulty(5)), { steps: 60, onFrame: ({ errors }) => void capsules.push(...(errors ?? []).flatMap((e) => e.capsule ?? [])) }); // prettier-ignore
    return capsules[0] as Capsule;
  }

  it("runs into the same fault after 4 steps, also from its JSON", async () => {
    const given = await capsule();
    const back = capsuleFromJson(JSON.parse(JSON.stringify(capsuleToJson(given))));
    expect(back).toEqual(given);
    const result = await replayCapsule(back, () => built(faulty(5)));
    expect(result).toMatchObject({ reproduced: true, step: 4 });
    expect(result.happened).toContain("42");
  });

  it("says when the fault is gone, and when it comes earlier", async () => {
    const given = await capsule();
    expect(await replayCapsule(given, () => built(faulty(50)))).toMatchObject({ reproduced: false, happened: "no failure in 5 steps" }); // prettier-ignore
    const early = await replayCapsule(given, () => built(faulty(2)));
    expect(early).toMatchObject({ reproduced: false, step: 1 });
    expect(early.happened).toContain("failed already at step 2 of 5");
  });

  it("refuses one that was cut or is no capsule", async () => {
    const given = await capsule();
    await expect(replayCapsule({ ...given, cut: true }, () => built(faulty(5)))).rejects.toThrow(/all actions/);
    expect(() => capsuleFromJson({ ...(capsuleToJson(given) as object), seed: -1 })).toThrow(/capsule.seed.*got -1/);
    expect(() => capsuleFromJson("x")).toThrow(/capsule.env/);
  });
});
