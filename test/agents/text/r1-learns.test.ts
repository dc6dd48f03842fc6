/** The core of the recipe, whole: a cold start on worked chains, then GRPO over the wire from a verifier's rewards alone. 100 s of processor time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { resolveParams } from "dojang/env";
import { demonstrate } from "../../../agents/text/r1/demonstrations.ts";
import { promptsOf, trainingSeeds } from "../../../agents/text/r1/problems.ts";
import { R1, ROUTED, type R1Settings } from "../../../agents/text/r1/settings.ts";
import { grpoStage, sftStage } from "../../../agents/text/r1/stages.ts";
import { tempDir } from "../../support/temp.ts";
import { openLab, wire } from "./r1-wire.ts";

it("raises the share of right answers by 0.08 or more in 300 updates of GRPO", { timeout: 900_000 }, async () => {
  const folder = tempDir();
  const server = await wire();
  onTestFinished(() => server.close());
  const settings = resolveParams({ id: "r1", params: R1 }, { heldOut: 256, sampled: 16 }) as R1Settings;
  const lab = await openLab(server.client, folder, settings);
  const examples = (await promptsOf(lab.train, 3_000, { seedOf: trainingSeeds(1, "demonstrations") })).map(demonstrate);
  const text = lab.textOf(ROUTED);
  const cold = await sftStage(lab, {
    ...{ name: "1-cold-start", title: "cold start", shape: ROUTED, steps: 600, rate: 3e-3, examples },
    isEnough: async (step, { model }) => step % 5 === 0 && (await lab.stoppingScore({ ...text, model })) >= 0.4,
  });
  expect(cold.steps).toBeLessThan(600);
  const { weights } = cold;
  await grpoStage(lab, { name: "2-grpo", title: "GRPO", shape: ROUTED, steps: 300, rate: 3e-4, weights });
  await lab.close();
  const accuracy = readFileSync(join(folder, "2-grpo", "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as Record<string, number>)["rewards/accuracy/mean"] as number);
  const mean = (part: readonly number[]): number => part.reduce((sum, one) => sum + one, 0) / part.length;
  expect(accuracy).toHaveLength(300);
  // 50 updates at either end: 6,400 answers each, a standard error of about 0.01.
  expect(mean(accuracy.slice(-50)) - mean(accuracy.slice(0, 50))).toBeGreaterThanOrEqual(0.08);
});
