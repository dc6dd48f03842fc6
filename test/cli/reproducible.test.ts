/** The same command with the same seed gives the same metrics and the same content digest: run after run, in process and over a socket, whatever the autoreset mode. */
import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { contentDigest, openRecording } from "../../src/recording/index.ts";
import { createRecorder } from "../../src/recording/recorder.ts";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";
import { call } from "./call.ts";

const STEPS = ["--steps", "12000", "--num", "6", "--seed", "5"];

interface Digests {
  readonly metrics: string;
  readonly recording: string;
}

/** Of everything in the metrics but the figures that are wall time. */
function digestOfMetrics(run: string): string {
  const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(10);
  const timeless = lines.map((line) => {
    const { wallSeconds, stepsPerSecond, rolloutStepsPerSecond, updateStepsPerSecond, ...rest } = JSON.parse(line) as Record<string, number>; // prettier-ignore
    const rates = [stepsPerSecond, rolloutStepsPerSecond, updateStepsPerSecond];
    expect([wallSeconds, ...rates].every(Number.isFinite)).toBe(true);
    return JSON.stringify(rest);
  });
  return createHash("sha256").update(timeless.join("\n")).digest("hex");
}

async function digestOfRecording(folder: string): Promise<string> {
  const files = globSync("*.mcap", { cwd: folder }).map((name) => join(folder, name));
  expect(files).toHaveLength(1);
  return await contentDigest(await openRecording(files));
}

async function train(agent: string, env: string, ...more: string[]): Promise<Digests> {
  const folder = tempDir();
  const [run, recordings] = [join(folder, "run"), join(folder, "recordings")];
  const done = await call("train", agent, env, ...STEPS, "--out", run, "--record", recordings, ...more);
  expect(done).toMatchObject({ code: 0 });
  return { metrics: digestOfMetrics(run), recording: await digestOfRecording(recordings) };
}

/** The server records; the client is told where it is. */
async function trainOverSocket(agent: string, env: string): Promise<Digests> {
  const folder = tempDir();
  const path = join(folder, "recording.mcap");
  const server = await testServer({ record: (built, batch) => createRecorder({ path, env: built, ...batch }) });
  const run = join(folder, "run");
  const done = await call("train", agent, env, ...STEPS, "--out", run, "--server", server.url);
  expect(done).toMatchObject({ code: 0 });
  await server.close();
  return { metrics: digestOfMetrics(run), recording: await digestOfRecording(folder) };
}

describe("training with a seed", () => {
  for (const [agent, env] of [
    ["q-learning", "FrozenLake-v1"],
    ["sarsa-lambda", "Taxi-v4"],
  ] as const) {
    it(`${agent} on ${env} gives one digest, twice in process, over a socket and in three autoreset modes`, async () => {
      const first = await train(agent, env);
      expect(await train(agent, env)).toEqual(first);
      expect(await trainOverSocket(agent, env)).toEqual(first);
      expect(await train(agent, env, "--autoreset", "same-step")).toEqual(first);
      expect(await train(agent, env, "--autoreset", "disabled")).toEqual(first);
    });
  }

  it("gives another digest for another seed", async () => {
    const folder = tempDir();
    const first = await train("q-learning", "FrozenLake-v1");
    const args = ["--steps", "12000", "--num", "6", "--seed", "6", "--out", join(folder, "run")];
    expect(await call("train", "q-learning", "FrozenLake-v1", ...args)).toMatchObject({ code: 0 });
    expect(digestOfMetrics(join(folder, "run"))).not.toBe(first.metrics);
  });
});
