/** `dojang train` beyond the plain run: evaluations and targets, settings from a file, other runs' layers, NaN, learning without end. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMetrics, readRun } from "dojang/agents";
import { describe, expect, it } from "vitest";

import { tempDir } from "../support/temp.ts";
import { call, lastLine } from "./call.ts";
import { startJson, startServer, userFolder } from "./user-folder.ts";

const CLIFF = ["train", "q-learning", "CliffWalking-v1", "--seed", "1", "--max-steps", "100"];
/** Of tests that start processes: on a machine that does much else each takes its time. */
const SLOW = { timeout: 240_000 };
const newRun = (): string => join(tempDir(), "run");

describe("dojang train --eval-every", () => {
  it("stops at the target with status 0, and eval --best plays the best checkpoint", async () => {
    const out = newRun();
    const done = await call(...CLIFF, "--steps", "200000", "--eval-every", "1000", "--eval-episodes", "2", "--target", "-20", "--out", out, "--json"); // prettier-ignore
    expect(done.code).toBe(0);
    const result = lastLine(done) as {
      steps: number;
      target: { reachedAt: number };
      best: { mean: number; of: string };
    };
    expect(result.steps).toBeLessThan(200_000);
    expect(result.target.reachedAt).toBe(result.steps);
    expect(result.best.of).toBe("evaluation");
    const best = await call("eval", out, "--best", "--episodes", "2", "--json");
    expect(lastLine(best)).toMatchObject({ mean: result.best.mean });
  });

  it("ends with status 1 and one line where the target is never reached", async () => {
    const done = await call(...CLIFF, "--steps", "2000", "--eval-every", "1000", "--target", "0", "--out", newRun());
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(/\ndojang: target: expected a mean return of 0 or more \(evaluation\), got -\d+\.\d{3} at best, at step [12],000\n$/); // prettier-ignore
  });

  it("shows rollout and update apart in its progress, and counts costs", async () => {
    const done = await call(...CLIFF, "--steps", "4000", "--price-per-core-hour", "2", "--out", newRun(), "--json");
    expect(done.stderr).toMatch(
      /100%, 4,000 of 4,000 steps, [\d,]+\/s, rollout [\d,]+\/s in \d\.\d s, update [\d,]+\/s in \d\.\d s, return -/,
    );
    const { costs } = lastLine(done) as { costs: Record<string, number> };
    expect(costs["price"]).toBeCloseTo((costs["cpuSeconds"]! / 3_600) * 2, 12);
  });

  it("has no best checkpoint before 100 episodes, and eval --best says so", async () => {
    const out = newRun();
    await call(...CLIFF, "--steps", "200", "--out", out);
    const done = await call("eval", out, "--best");
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(
      /expected a run with a best checkpoint, got "none"\. A run has one once it has a score/,
    );
  });
});

describe("dojang train --config", () => {
  it("takes the settings of another run, with --set over them", async () => {
    const [a, b] = [newRun(), newRun()];
    await call(...CLIFF, "--steps", "200", "--set", "alpha=0.3", "--set", "gamma=0.9", "--out", a);
    const done = await call(...CLIFF, "--steps", "200", "--config", join(a, "config.json"), "--set", "gamma=0.8", "--out", b); // prettier-ignore
    expect(done.code).toBe(0);
    expect((await readRun(b)).settings.config).toMatchObject({ alpha: 0.3, gamma: 0.8 });
  });

  it.each([
    ['{"alpha": 0.', /--config \S+: expected a JSON object, got "/],
    ["[]", /--config \S+: expected a JSON object, got \[\]/],
    ['{"agent": "ppo", "config": {}}', /--config \S+: expected settings of q-learning, got "ppo"/],
    ['{"alpa": 1}', /q-learning: param alpa: .*Did you mean "?alpha"?\?/],
  ])("refuses a file with %s in one line", async (text, message) => {
    const file = join(tempDir(), "settings.json");
    writeFileSync(file, text);
    const out = newRun();
    const done = await call(...CLIFF, "--config", file, "--out", out);
    expect(done.code).toBe(2);
    expect(done.stderr.trimEnd().split("\n").at(-1)).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });
});

describe("dojang train --init-from", () => {
  const NET = ["--set", "hidden=[8]", "--set", "steps=16", "--steps", "128", "--num", "2", "--seed", "1"];

  it("tells by name which layers it takes from another env, and keeps frozen ones", async () => {
    const [a, b] = [newRun(), newRun()];
    await call("train", "ppo", "CartPole-v1", ...NET, "--out", a);
    const done = await call("train", "ppo", "Acrobot-v1", ...NET, "--out", b, "--init-from", a, "--freeze", "critic.0");
    expect(done.code).toBe(0);
    expect(done.stderr).toMatch(/init-from \S+: taken: .*value\.weight.*; fresh: .*actor\.0\.weight.*; not used: .*policy\.weight/); // prettier-ignore
    expect((await readRun(b)).settings.freeze).toEqual(["critic.0"]);
  });

  it("refuses a missing run, a run of a table, and a pattern that is none", async () => {
    const table = newRun();
    await call(...CLIFF, "--steps", "100", "--out", table);
    const said = async (...args: string[]): Promise<string> => {
      const done = await call("train", "ppo", "CartPole-v1", ...NET, "--out", newRun(), ...args);
      expect(done.code).toBe(2);
      return done.stderr.trimEnd().split("\n").at(-1) ?? "";
    };
    expect(await said("--init-from", "nowhere")).toMatch(/nowhere: expected a run folder with a readable config\.json/);
    expect(await said("--init-from", table)).toMatch(/expected a run of ppo, got "q-learning"/);
    expect(await said("--freeze", "torso.*")).toMatch(/ppo: freeze: expected a pattern of .*got "torso\.\*"/);
  });
});

describe("a run that another process is at", () => {
  it("is refused by --resume with the number of that process, and goes on once it is killed", SLOW, async () => {
    const folder = userFolder();
    const run = join(folder, "run");
    const first = startJson(folder, ...CLIFF, "--steps", "50000000", "--checkpoint-every", "1000", "--out", run);
    await first.line<{ step: number }>(({ step }) => step > 1_000);
    expect((await readRun(run)).status).toBe("running");
    const refused = await call("train", "q-learning", "CliffWalking-v1", "--resume", "--out", run, "--steps", "5000");
    expect(refused.code).toBe(2);
    const [line = ""] = refused.stderr.trimEnd().split("\n").slice(-1);
    expect(line).toContain(`expected a run that no process writes to, got "process ${first.child.pid ?? 0}"`);
    first.child.kill("SIGKILL");
    await first.end();
    expect((await readRun(run)).status).toBe("killed");
    const { result } = await readRun(run);
    const next = await call("train", "q-learning", "CliffWalking-v1", "--resume", "--out", run, "--steps", "1");
    expect(next.code).toBe(0);
    expect((lastLine(await call("runs", run, "--json")) as { runs: number }).runs).toBe(1);
    expect(result?.status).toBe("running");
    expect((await readRun(run)).status).toBe("done");
  });
});

describe("learning that breaks down", () => {
  it("ends with status 1 and one line that names net, step and tensor", async () => {
    const folder = userFolder({ "overflow.ts": OVERFLOW });
    const done = await call("train", "ppo", join(folder, "overflow.ts"), "--set", "hidden=[4]", "--set", "steps=8", "--num", "1", "--steps", "400", "--out", join(folder, "run")); // prettier-ignore
    expect(done.code).toBe(1);
    expect(done.stderr.trimEnd().split("\n").at(-1)).toMatch(/^dojang: ppo: step \d+: \S+: expected finite numbers, got (NaN|Infinity)\. Lower the learning rate; the last checkpoint is from before\.$/); // prettier-ignore
    expect(existsSync(join(folder, "run", "checkpoint.safetensors"))).toBe(true);
  });
});

describe("dojang train --online", () => {
  it(
    "learns from a world without end on a server until SIGTERM, streams metrics, and goes on later without a step twice",
    SLOW,
    async () => {
      const folder = userFolder({ "drift.ts": DRIFT });
      const server = await startServer(folder, "--plugin", "./drift.ts");
      const online = ["train", "q-learning", "drift-v0", "--online", "--server", server.url, "--num", "4", "--log-every", "100", "--checkpoint-every", "400", "--out", "run"]; // prettier-ignore
      const steps: number[] = [];
      for (const more of [[], ["--resume"]]) {
        const agent = startJson(folder, ...online, ...more);
        const from = steps.at(-1) ?? 0;
        const { reward, episodes } = await agent.line<{ step: number; reward?: number; episodes: number }>(({ step, reward: seen }) => step > from + 1_000 && seen !== undefined); // prettier-ignore
        expect(episodes).toBe(0);
        expect(reward).toBeGreaterThanOrEqual(-1);
        agent.child.kill("SIGTERM");
        const ended = await agent.end();
        expect({ status: ended.status, stderr: ended.stderr }).toMatchObject({ status: 143 });
        const { status, result } = await readRun(join(folder, "run"));
        expect(status).toBe("interrupted");
        steps.push(result?.steps ?? 0);
      }
      expect(steps[1]).toBeGreaterThan(steps[0]! + 1_000);
      const written = (await readMetrics(join(folder, "run"))).map(({ step }) => step as number);
      expect(written.every((step, i) => i === 0 || step > written[i - 1]!)).toBe(true);
      expect(written.length).toBeGreaterThan(15);
      server.child.kill("SIGTERM");
      await server.end();
    },
  );

  it("refuses a number of steps beside it", async () => {
    const done = await call(...CLIFF, "--online", "--steps", "5", "--out", newRun());
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/train: steps: expected none: an online run goes on until it is stopped, got 5/);
  });
});

const OVERFLOW = `
import { box, defineEnv, discrete, rules } from "dojang/env";
export default defineEnv({
  id: "overflow-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: box([1], 0, 1, "float32"),
      reset: () => 0,
      step: (t: number) => ({ state: t + 1, reward: t < 100 ? 1 : 1e39, terminated: false }),
      observe: () => undefined,
    }),
});
`;

/** A value that drifts; the action pushes it back to 0 or away. It has no end. */
const DRIFT = `
import { defineEnv, discrete, rules } from "dojang/env";
export default defineEnv({
  id: "drift-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(5),
      reset: () => 2,
      step: (at: number, action, rng) => {
        const state = Math.min(4, Math.max(0, at + (action === 1 ? 1 : -1) + rng.int(3) - 1));
        return { state, reward: state === 2 ? 1 : -1, terminated: false };
      },
      observe: (at) => at,
    }),
});
`;
