/** `dojang train r1`: one command runs every stage against a server in another process, and wrong calls are told in one line. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call, lastLine, wrong } from "../../cli/call.ts";
import { startJson } from "../../cli/user-folder.ts";
import { tempDir } from "../../support/temp.ts";

const TINY = {
  ...{ demonstrations: 64, coldSteps: 2, grpoUpdates: 1, againUpdates: 1, rejectionPrompts: 8, sftSteps: 2 },
  ...{ distilSteps: 2, zeroUpdates: 1, heldOut: 16, sampled: 4, samples: 4, stopping: 8 },
};

it(
  "runs 7 stages and a rejection sampling, each with its folder and its row, and with --resume reads them again",
  { timeout: 300_000 },
  async () => {
    const out = join(tempDir(), "run");
    const set = Object.entries(TINY).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
    const done = await call("train", "r1", "--seed", "3", "--out", out, ...set, "--json");
    expect(done).toMatchObject({ code: 0 });
    const result = lastLine(done) as { seed: number; stages: { name: string; steps: number; measured: object }[] };
    expect(result.seed).toBe(3);
    const names = ["0-base", "1-cold-start", "2-grpo", "3-rejection", "4-sft", "5-grpo", "6-distilled", "7-zero"];
    expect(result.stages.map(({ name }) => name)).toEqual(names);
    expect(result.stages.map(({ steps }) => steps)).toEqual([0, 2, 1, 8, 2, 1, 2, 1]);
    const files = ["config.json", "data.jsonl", "metrics.jsonl", "samples.md", "receipt.json"];
    for (const name of names)
      // Rejection sampling draws from the policy of the stage before, and leaves no other.
      for (const file of [...files, ...(name === "3-rejection" ? [] : ["checkpoint.safetensors"])])
        expect(existsSync(join(out, name, file)), `${name}/${file}`).toBe(true);
    const sampling = JSON.parse(readFileSync(join(out, "3-rejection", "receipt.json"), "utf8")) as Record<
      string,
      object
    >;
    expect(sampling).toMatchObject({ answers: 32, config: { policy: "2-grpo", prompts: 8, samples: 4 }, costs: { envSteps: 32, gradientSteps: 0 } }); // prettier-ignore
    expect(result.stages[3]).toMatchObject({ title: expect.stringMatching(/^3 rejection sampling: \d+ of 32 answers kept$/) as string, cpuSeconds: sampling["cpuSeconds"] }); // prettier-ignore
    expect(readFileSync(join(out, "2-grpo", "config.json"), "utf8")).toContain('"numGenerations": 16');
    const again = await call("train", "r1", "--resume", "--out", out, "--json");
    expect(lastLine(again)).toMatchObject({ seed: 3, stages: result.stages });
    expect(await call("train", "r1", "--resume", "--out", out, "--seed", "9")).toEqual(
      wrong(`${out}: seed: expected 3, with which the run was started, got 9. Leave it out, or choose another --out.`),
    );
    const mixed = await call("train", "r1", "--resume", "--out", out, "--set", "grpoUpdates=2", "--set", "samples=8");
    expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining("expected 1, with which stage 2-grpo was run, got 2.")]); // prettier-ignore
  },
);

it("tells in one line what is wrong with a call", async () => {
  const out = join(tempDir(), "run");
  expect(await call("train", "r1", "math-v0")).toEqual(
    wrong('ENV: expected none: the recipe has its own, math-v0, got "math-v0". Leave it out.'),
  );
  const misspelt = await call("train", "r1", "--out", out, "--set", "grpoUpdate=3");
  expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('Did you mean "grpoUpdates"?')]);
  const none = await call("train", "r1", "--out", out, "--resume");
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("a run of r1, with r1.json")]);
  const small = await call("train", "r1", "--out", out, "--tasks", "mixed", "--set", "sampled=2");
  expect(small).toEqual(wrong("r1: sampled: expected 4 or more, one problem of each family of tasks mixed, got 2"));
  // Only the env can tell that it has too few problems; the folder is gone again.
  const few = await call("train", "r1", "--out", out, "--tasks", "mixed", "--set", "heldOut=2000");
  expect([few.code, few.stderr]).toEqual([2, expect.stringContaining("r1: held-out problems of fractions")]);
  expect(existsSync(out)).toBe(false);
});

it(
  "lets no second process into a run, ends at Ctrl-C with the call that goes on, and leaves no mark",
  { timeout: 300_000 },
  async () => {
    const folder = tempDir();
    const out = join(folder, "run");
    const set = Object.entries({ ...TINY, coldSteps: 600, stopAt: 1 }).flatMap(([name, value]) => ["--set", `${name}=${value}`]); // prettier-ignore
    const first = startJson(folder, "train", "r1", "--out", out, ...set);
    await first.line<{ name?: string }>(({ name }) => name === "0-base");
    expect(await call("train", "r1", "--resume", "--out", out)).toEqual(
      wrong(
        `${out}: expected a run that no process writes to, got "process ${first.child.pid}". Let it end, or end it.`,
      ),
    );
    first.child.kill("SIGINT");
    const { status, stderr } = await first.end();
    expect(status).toBe(130);
    expect(stderr).toMatch(
      /dojang: r1: stopped in stage 1-cold-start, step \d+; go on with: .*train r1 --resume --out /,
    );
    expect(existsSync(join(out, "writer.json"))).toBe(false);
  },
);

it("says of a run of r1 and of its stages what they can be used for, where a run of an agent is asked for", async () => {
  const run = join(tempDir(), "runs", "r1");
  const stage = join(run, "2-grpo");
  mkdirSync(stage, { recursive: true });
  writeFileSync(join(run, "r1.json"), "{}");
  writeFileSync(join(stage, "config.json"), JSON.stringify({ seed: 1, kind: "grpo" }));
  const ofR1 = (folder: string, what: string, served: string) =>
    wrong(`${folder}: expected a run of an agent, got "${what}". \`dojang serve-policy ${served}\` serves its policy, and \`dojang eval llm\` plays with it.`); // prettier-ignore
  const [whole, part] = [ofR1(run, "a run of r1", run), ofR1(stage, "a stage of r1", `${run} --stage 2-grpo`)];
  const picture = ["--out", join(tempDir(), "a.svg")];
  expect(await call("eval", run)).toEqual(whole);
  expect(await call("eval", stage)).toEqual(part);
  expect(await call("plot", run, ...picture)).toEqual(whole);
  expect(await call("plot", stage, ...picture)).toEqual(part);
  const others = join(run, "..");
  const none = await call("plot", others, ...picture);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining(`RUNS: expected a run of an agent, got "none"`)]); // prettier-ignore
  const from = await call("train", "q-learning", "FrozenLake-v1", "--init-from", stage, "--steps", "10", "--out", join(tempDir(), "run")); // prettier-ignore
  expect(from).toMatchObject({ code: 2, stderr: expect.stringContaining(part.stderr) as string });
});
