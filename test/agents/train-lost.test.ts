/** Training runs whose server or env fails for good: what was learnt is kept, and the error says how to go on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openTrained, readMetrics, readRun, train, type TrainOptions } from "dojang/agents";
import { connect, type Client, type StepOptions } from "dojang/client";
import { GymError, type BatchOf, type Space } from "dojang/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";
import { settings } from "./run-settings.ts";
import { worlds } from "./worlds.ts";
import { wrapClient, wrapEnv } from "./wrap-env.ts";

/** Checkpoints and lines of metrics that never come. */
const NONE = { checkpointEvery: 1_000_000, logEvery: 1_000_000 };

/** A client whose envs are told of before each step, by number from 1. */
const watched = (client: Client, before: (step: number) => unknown): Client =>
  wrapClient(client, async (id, options) => {
    const env = await client.make(id, options);
    let count = 0;
    const step = async (actions: BatchOf<Space>, given?: StepOptions) => {
      await before(++count);
      return env.step(actions, given);
    };
    return wrapEnv(env, { step });
  });

const failing = (at: number, code: "ENV_FAULT" | "NOT_A_NUMBER"): Client =>
  watched(worlds(), (step) => {
    if (step === at) throw new GymError(code, "the test's own failure", { hint: "Look here." });
  });

const failed = async (options: TrainOptions): Promise<GymError> => {
  const error: unknown = await train({ ...settings, ...NONE, ...options }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GymError);
  return error as GymError;
};

const connected = (url: string, reconnectMs: number): Client => {
  const client = connect(url, { reconnectMs });
  onTestFinished(() => client.close());
  return client;
};

describe("a run whose server goes away for good", () => {
  it("keeps all 1,000 steps that were learnt and a line of metrics, says so, and goes on at another server", async () => {
    const out = join(tempDir(), "run");
    const first = await testServer();
    // 5 instances: the 201st step is the one that is not answered.
    const client = watched(connected(first.url, 0), async (step) => {
      if (step === 201) await first.close();
    });
    const error = await failed({ client, agentId: "q-learning", out });
    expect(error.code).toMatch(/^(CONNECTION_LOST|SHUTTING_DOWN)$/);
    expect(error.message).toMatch(/\. What was learnt in 1,000 steps is kept: go on with --resume --out \/.*\/run$/);
    expect(await readMetrics(out)).toMatchObject([{ step: 1_000, reward: expect.any(Number) as number }]);
    const { status, result } = await readRun(out);
    expect([status, result?.steps]).toEqual(["failed", 1_000]);
    const kept = await openTrained(out, (await worlds().make(settings.envId)).spaces);
    // What a Q-table saves.
    const { q } = kept.learner.save() as unknown as { q: { visits: ArrayLike<number> } };
    expect(Array.from(q.visits).reduce((sum, one) => sum + one, 0)).toBe(1_000);

    const second = await testServer();
    const resumed = await train({ client: connected(second.url, 0), out, resume: true });
    expect([resumed.status, resumed.steps]).toEqual(["done", 8_000]);
    // The same.
    const after = resumed.learner.save() as unknown as { q: { visits: ArrayLike<number> } };
    expect(Array.from(after.q.visits).reduce((sum, one) => sum + one, 0)).toBe(8_000);
  });

  it("and comes back without the session tells what happened, not what a client's author is to send", async () => {
    const out = join(tempDir(), "run");
    const first = await testServer();
    const client = watched(connected(first.url, 20_000), async (step) => {
      if (step !== 11) return;
      const { port } = first;
      await first.close();
      await testServer({ port });
    });
    const error = await failed({ client, agentId: "random", out });
    expect(error).toMatchObject({ code: "SESSION_LOST" });
    expect(error.message).toMatch(/: the session is gone: the server was started anew, .* Begin again with new envs\. What was learnt in 50 steps is kept: go on with --resume/); // prettier-ignore
    expect(error.message).not.toContain("hello");
  });
});

describe("a run whose env fails", () => {
  it.each(["sarsa", "sarsa-lambda", "ppo", "dqn", "evolution-strategies", "reinforce"])(
    "of %s goes on to its end from the step of the failure, with new episodes",
    async (agentId) => {
      const out = join(tempDir(), "run");
      const error = await failed({ client: failing(77, "ENV_FAULT"), agentId, out, steps: 1_000 });
      expect(error.message).toMatch(/failure\. Look here\. What was learnt in 380 steps is kept/);
      const steps: number[] = [];
      const onProgress = ({ step }: { step: number }): void => void steps.push(step);
      const resumed = await train({ client: worlds(), out, resume: true, onProgress });
      expect([resumed.status, resumed.steps]).toEqual(["done", 1_000]);
      expect(steps[0]).toBeGreaterThan(380);
    },
  );

  it("in an evaluation is evaluated when it goes on", async () => {
    const out = join(tempDir(), "run");
    let evaluations = 0;
    const client = wrapClient(worlds(), (id, options) => {
      const made = ++evaluations === 2 ? failing(1, "ENV_FAULT") : worlds();
      return made.make(id, options);
    });
    await failed({ client, agentId: "q-learning", out, steps: 1_000, evalEvery: 400, evalEpisodes: 2 });
    expect((await readRun(out)).result?.steps).toBe(400);
    await train({ client: worlds(), out, resume: true });
    const evaluated = (await readMetrics(out)).flatMap((line) => ("evaluation/return" in line ? [line["step"]] : []));
    expect(evaluated).toEqual([400, 800, 1_000]);
  });

  it("before its first step, or by what is not finite, leaves no checkpoint", async () => {
    for (const [at, code] of [
      [1, "ENV_FAULT"],
      [9, "NOT_A_NUMBER"],
    ] as const) {
      const out = join(tempDir(), "run");
      const error = await failed({ client: failing(at, code), agentId: "q-learning", out });
      expect(error.message).toBe("the test's own failure. Look here.");
      expect(readdirSync(out)).not.toContain("checkpoint.safetensors");
      expect(readFileSync(join(out, "metrics.jsonl"), "utf8")).toBe("");
    }
  });
});
