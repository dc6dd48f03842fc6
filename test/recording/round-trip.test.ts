/** What is recorded is what is read: actions, rewards, flags, observations, options, extras; in every autoreset mode and for every space. */
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toColumns } from "../../protocol/columns.ts";
import type { Autoreset } from "../../protocol/frames.ts";
import { contentDigest, openRecording, type RecordedEpisode } from "../../src/recording/index.ts";
import { BatchHasher } from "../../src/recording/digest.ts";
import { makeFolder, removeFolder, tempDir } from "../support/temp.ts";
import { anyEnv, anySpace, faulty, walk } from "./envs.ts";
import { built, play, type PlayOptions } from "./play.ts";

async function episodesOf(path: string): Promise<RecordedEpisode[]> {
  const recording = await openRecording(path);
  const episodes: RecordedEpisode[] = [];
  for await (const episode of recording) episodes.push(episode);
  expect(recording.report.complete).toBe(true);
  return episodes;
}

const digestOf = async (options: PlayOptions): Promise<string> => {
  await play(options);
  return contentDigest(await openRecording(options.path));
};

describe("a recording", () => {
  it("holds 3 x 40 transitions as episodes that end where the env ended them", async () => {
    const path = join(tempDir(), "a.mcap");
    const seen: number[] = [];
    await play({ path, env: built(walk()), onFrame: (frame) => void seen.push(...frame.rewards.filter((_, i) => frame.status[i] === 0)) }); // prettier-ignore
    const episodes = await episodesOf(path);
    expect(episodes.reduce((sum, { steps }) => sum + steps, 0)).toBe(120);
    expect(episodes.flatMap(({ rewards }) => [...rewards]).sort()).toEqual(seen.sort());
    for (const { complete, terminated, truncated, steps } of episodes) {
      expect(complete).toBe(terminated || truncated);
      if (truncated) expect(steps).toBe(12);
    }
    expect(episodes.filter(({ complete }) => !complete).length).toBeLessThanOrEqual(3);
  });

  it("has the same content digest in all three autoreset modes", async () => {
    const folder = tempDir();
    const digests: string[] = [];
    for (const autoreset of ["next-step", "same-step", "disabled"] as Autoreset[]) {
      for (const observations of [false, true]) {
        const path = join(folder, `${autoreset}-${observations}.mcap`);
        digests.push(await digestOf({ path, autoreset, observations, env: built(walk()) }));
      }
    }
    expect(new Set(digests).size).toBe(1);
  });

  it("gives the same episodes each time it is iterated, also after one that was left early", async () => {
    const path = join(tempDir(), "a.mcap");
    await play({ path, env: built(walk()) });
    const recording = await openRecording(path);
    const digest = await contentDigest(recording);
    const { report } = recording;
    for await (const _ of recording) break;
    expect(await contentDigest(recording)).toBe(digest);
    expect(recording.report).toEqual(report);
    expect(report.steps).toBe(120);
  });

  it("has another content digest for another seed, another reward, another number of steps", async () => {
    const folder = tempDir();
    const digests = await Promise.all([
      digestOf({ path: join(folder, "a.mcap"), env: built(walk()) }),
      digestOf({ path: join(folder, "b.mcap"), env: built(walk()), seed: 2 }),
      digestOf({ path: join(folder, "c.mcap"), env: built(walk(1e-9)) }),
      digestOf({ path: join(folder, "d.mcap"), env: built(walk()), steps: 39 }),
    ]);
    expect(new Set(digests).size).toBe(4);
  });

  it("has a content digest that does not depend on chunks of 200 bytes, files of 2 kB or the time", async () => {
    const folder = tempDir();
    const env = built(walk());
    const whole = await digestOf({ path: join(folder, "a.mcap"), env });
    const pieces = await play({ path: join(folder, "b.mcap"), env, chunkBytes: 200, partBytes: 2_000 });
    expect(pieces.paths.length).toBeGreaterThan(3);
    expect(await contentDigest(await openRecording(join(folder, "b.mcap")))).toBe(whole);
    expect(await contentDigest(await openRecording(pieces.paths))).toBe(whole);
    expect(await digestOf({ path: join(folder, "c.mcap"), env, chunkMs: 0 })).toBe(whole);
  });

  it("keeps seeds, reset options, reward parts and extra columns", async () => {
    const path = join(tempDir(), "a.mcap");
    const options = [{ level: 1, name: "ä" }, null, [1.5, "x"]];
    const extras = (rows: number) => ({ logProb: new Float32Array(rows).fill(-0.5), hidden: new Float64Array(2 * rows).fill(3) }); // prettier-ignore
    await play({ path, env: built(walk()), options, extras });
    const episodes = await episodesOf(path);
    for (const episode of episodes) {
      expect(episode.options).toEqual(episode.episode === 0 ? options[episode.instance] : undefined);
      expect(episode.parts?.["luck"]).toEqual(episode.rewards);
      expect(episode.extras?.["logProb"]).toEqual(new Float32Array(episode.steps).fill(-0.5));
      expect(episode.extras?.["hidden"]).toEqual(new Float64Array(2 * episode.steps).fill(3));
      expect(Number.isSafeInteger(episode.seed)).toBe(true);
    }
    expect(new Set(episodes.map(({ seed }) => seed)).size).toBe(episodes.length);
  });

  it("holds NaN where a step has no such part of the reward, also when the part comes up late", async () => {
    const path = join(tempDir(), "a.mcap");
    const env = built({
      ...faulty(1000),
      step: (state: { n: number }) => {
        state.n++;
        return { state, reward: 0, terminated: false, ...(state.n % 3 === 0 && { rewards: { bonus: state.n } }) };
      },
    });
    await play({ path, env, num: 1, steps: 60, chunkBytes: 150 });
    for (const { parts, steps } of await episodesOf(path)) {
      const bonus = Array.from({ length: steps }, (_, t) => ((t + 1) % 3 === 0 ? t + 1 : NaN));
      expect(parts?.["bonus"] ?? new Float64Array(steps).fill(NaN)).toEqual(Float64Array.from(bonus));
    }
  });

  it("marks an episode that a reset cut as incomplete, and does not count one without steps", async () => {
    const path = join(tempDir(), "a.mcap");
    let frames = 0;
    await play({
      path,
      env: built(faulty(1000)),
      num: 1,
      steps: 15,
      onFrame: async (_, runner) => {
        if (++frames === 5) for (let again = 0; again < 3; again++) await runner.reset({ seeds: [again] });
      },
    });
    const episodes = await episodesOf(path);
    expect(episodes.map(({ episode, steps, complete }) => [episode, steps, complete])).toEqual([
      [0, 4, false],
      [3, 9, true],
      [4, 2, false],
    ]);
    expect(episodes[1]?.seed).toBe(2);
  });

  it("says where it comes from: env, params, spaces, versions, and that it is secret", async () => {
    const path = join(tempDir(), "a.mcap");
    await play({ path, env: built(walk(), { params: { bias: 0 }, version: "7", secret: true }), steps: 2 });
    const { info, close } = await openRecording(path).then((r) => ({ info: r.info, close: r.close() }));
    await close;
    expect(info).toMatchObject({ env: "Test-v0", version: "7", params: { bias: 0 }, num: 3, seed: 1, secret: true, part: 1, maxSteps: 12, node: process.versions.node, arch: process.arch }); // prettier-ignore
    expect(info.observation).toEqual(walk().observation);
  });

  it("gives back every observation of every space, with digests that fit, in every mode", async () => {
    const modes = fc.constantFrom<Autoreset>("next-step", "same-step", "disabled");
    await fc.assert(
      fc.asyncProperty(
        anySpace,
        anySpace,
        modes,
        fc.integer({ min: 1, max: 600 }),
        async (action, observation, autoreset, chunkBytes) => {
          const folder = makeFolder();
          try {
            const env = built(anyEnv(action, observation));
            const path = join(folder, "a.mcap");
            await play({ path, env, num: 2, steps: 12, autoreset, observations: true, chunkBytes });
            const episodes = await episodesOf(path);
            expect(episodes.reduce((sum, { steps }) => sum + steps, 0)).toBe(24);
            for (const episode of episodes) {
              const digests = new Int32Array(episode.steps);
              new BatchHasher(observation).digest(episode.observations, episode.steps, digests);
              expect(digests).toEqual(episode.obsDigests);
              const first = new Int32Array(1);
              new BatchHasher(observation).digest(episode.firstObservation, 1, first);
              expect(first[0]).toBe(episode.firstDigest);
              expect(toColumns(action, episode.actions as never, episode.steps).length).toBeGreaterThan(0);
            }
          } finally {
            removeFolder(folder);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("a fault", () => {
  it("ends its episode with a marker and the action that failed, and the next episode follows", async () => {
    const path = join(tempDir(), "a.mcap");
    await play({ path, env: built(faulty(5)), num: 4, steps: 60 });
    const episodes = await episodesOf(path);
    const failed = episodes.filter(({ fault }) => fault);
    expect(failed.length).toBeGreaterThan(3);
    for (const { fault, steps, complete } of failed) {
      expect([fault?.code, steps, complete]).toEqual(["ENV_FAULT", 4, false]);
      expect(fault?.action).toHaveLength(1);
      expect(fault?.message).toContain("42");
    }
    expect(episodes.filter(({ truncated }) => truncated).length).toBeGreaterThan(3);
  });

  it("does not tell its message where the env is secret", async () => {
    const path = join(tempDir(), "a.mcap");
    await play({ path, env: built(faulty(5), { secret: true }), steps: 30 });
    const failed = (await episodesOf(path)).filter(({ fault }) => fault);
    expect(failed.length).toBeGreaterThan(0);
    for (const { fault } of failed) expect(fault).not.toHaveProperty("message");
  });
});
