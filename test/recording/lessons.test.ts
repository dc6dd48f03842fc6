/** Learners get the same from digests, played again, as from full observations; and are told what they cannot have. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { discrete } from "../../protocol/make-space.ts";
import type { BuiltEnv } from "../../src/env/built-env.ts";
import { lessons, openRecording, type Lesson } from "../../src/recording/index.ts";
import { tempDir } from "../support/temp.ts";
import { walk } from "./envs.ts";
import { built, play } from "./play.ts";

const masked = built({
  ...walk(),
  legal: ({ at }: { at: number }) => [at > 1, true],
});

async function learn(path: string, env?: BuiltEnv): Promise<Lesson[]> {
  const all: Lesson[] = [];
  const options = env ? { build: () => env } : {};
  for await (const lesson of lessons(await openRecording(path), options)) all.push(lesson);
  // Episodes come in the order of their chunks, which differ.
  return all.sort((a, b) => a.env - b.env || a.episode - b.episode);
}

describe("lessons", () => {
  it("are the same from digests as from observations, masks included: T + 1 rows for T steps", async () => {
    const folder = tempDir();
    const [full, digests] = [join(folder, "full.mcap"), join(folder, "digests.mcap")];
    await play({ path: full, env: masked, autoreset: "same-step", observations: true, chunkBytes: 600 });
    await play({ path: digests, env: masked, chunkBytes: 600 });
    const known = await learn(full);
    expect(await learn(digests, masked)).toEqual(known);
    expect(known.length).toBeGreaterThan(8);
    for (const { observations, mask, rewards } of known) {
      expect(observations).toHaveLength(2 * (rewards.length + 1));
      expect(mask).toHaveLength(2 * (rewards.length + 1));
    }
  });

  it("cannot be had from digests without the env, or with one that has changed, and say why", async () => {
    const path = join(tempDir(), "a.mcap");
    await play({ path, env: built(walk()) });
    await expect(learn(path)).rejects.toThrow(/digests only/);
    await expect(learn(path, built(walk(1)))).rejects.toThrow(/diverges.*step 1: reward/);
    await expect(learn(path, built({ ...walk(), action: discrete(5) }))).rejects.toMatchObject({ code: "DIVERGED" });
    const skipped: string[] = [];
    for await (const _ of lessons(await openRecording(path), { onSkip: (_, why) => skipped.push(why) })) throw new Error("never"); // prettier-ignore
    expect(skipped.length).toBeGreaterThan(8);
  });
});
