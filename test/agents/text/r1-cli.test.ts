/** `dojang train r1`: one command runs every stage against a server in another process, and wrong calls are told in one line. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { call, lastLine, wrong } from "../../cli/call.ts";
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
  expect(existsSync(out)).toBe(false);
});
