/** A stage that was stopped at the worst of moments, and files of one that were damaged from outside. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { resolveParams } from "dojang/env";
import { rejection } from "../../../agents/text/r1/rejection.ts";
import { R1, type NetShape, type R1Settings } from "../../../agents/text/r1/settings.ts";
import { sftStage, type SftStage } from "../../../agents/text/r1/stages.ts";
import { tempDir } from "../../support/temp.ts";
import { openLab, wire, type Wire } from "./r1-wire.ts";

const shape = { width: 16, layers: 1, heads: 2, context: 24, positions: "learned", ffn: 32 } satisfies NetShape;
const settings = resolveParams({ id: "r1", params: R1 }, { stopping: 8, heldOut: 24, sampled: 40, samples: 4, rejectionPrompts: 4 }) as R1Settings; // prettier-ignore

let server: Wire;
beforeAll(async () => {
  server = await wire();
});
afterAll(() => server.close());

/** A stage of SFT in `folder`; the looks of `isEnough` are at the stopping set. */
async function stage(folder: string, more: Partial<SftStage> = {}, stopAt?: number) {
  const abort = stopAt === undefined ? undefined : { at: stopAt, signal: new AbortController() };
  const lab = await openLab(server.client, folder, settings, abort);
  const text = lab.textOf(shape);
  const isEnough: SftStage["isEnough"] = async (step, { model }) =>
    step % 2 === 0 && (await lab.stoppingScore({ ...text, model })) >= 0 && step === 4;
  try {
    const examples = await lab.demonstrations(64, "demonstrations");
    return await sftStage(lab, { name: "sft", title: "SFT", shape, steps: 9, rate: 3e-3, examples, isEnough, ...more });
  } finally {
    await lab.close();
  }
}

const receipt = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "sft", "receipt.json"), "utf8")) as { costs: { evaluationSteps: number } };

it("ends where it would have ended when it is stopped at the very step that decides, and counts each look once", async () => {
  const [whole, stopped] = [tempDir(), tempDir()];
  const expected = await stage(whole);
  expect(expected.steps).toBe(4);
  await expect(stage(stopped, {}, 4)).rejects.toThrow("stopped in stage sft, step 4");
  const resumed = await stage(stopped);
  const own = ({ weights, measured, steps, scores }: typeof resumed): object => ({ weights, measured, steps, scores });
  expect(own(resumed)).toEqual(own(expected));
  // Looks at 8 problems after steps 2 and 4, 24 greedy answers, and 4 samples to each of the 24 that there are.
  for (const folder of [whole, stopped]) expect(receipt(folder).costs.evaluationSteps).toBe(2 * 8 + 24 + 24 * 4);
});

it("that was killed before its first checkpoint begins anew, whole", async () => {
  const folder = tempDir();
  await expect(stage(folder, {}, 1)).rejects.toThrow("stopped");
  for (const name of ["checkpoint.safetensors", "data.jsonl"]) rmSync(join(folder, "sft", name));
  writeFileSync(join(folder, "sft", "config.json"), "{}");
  expect((await stage(folder)).steps).toBe(4);
  expect(
    readFileSync(join(folder, "sft", "data.jsonl"), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(64);
  expect(readFileSync(join(folder, "sft", "config.json"), "utf8")).toContain('"kind": "sft"');
  expect(
    readFileSync(join(folder, "sft", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(4);
});

it("gets the data set that an earlier version was killed before it had written", async () => {
  const folder = tempDir();
  await expect(stage(folder, {}, 1)).rejects.toThrow("stopped");
  rmSync(join(folder, "sft", "data.jsonl"));
  await stage(folder);
  expect(existsSync(join(folder, "sft", "data.jsonl"))).toBe(true);
});

it("names the damaged file and the way out, and no defect of dojang", async () => {
  const folder = tempDir();
  const policy = await stage(folder);
  const scores = join(folder, "sft", "scores.jsonl");
  writeFileSync(scores, `${readFileSync(scores, "utf8")}{"family":`);
  await expect(stage(folder)).rejects.toMatchObject({
    code: "BAD_RUN",
    message: `${scores}: line 25: expected JSON, as \`dojang train r1\` wrote it, got "{\\"family\\":". Remove ${join(folder, "sft", "receipt.json")}: --resume measures the stage again.`,
  });
  rmSync(join(folder, "sft", "receipt.json"));
  expect((await stage(folder)).scores).toEqual(policy.scores);
  rmSync(join(folder, "sft", "checkpoint.safetensors"));
  await expect(stage(folder)).rejects.toThrow('expected checkpoint.safetensors, got "none". Remove the folder');
});

it("of rejection sampling tells a data set that is not the one it wrote", async () => {
  const folder = tempDir();
  const policy = await stage(folder);
  const lab = await openLab(server.client, folder, settings);
  const { result } = await rejection(lab, shape, policy);
  const data = join(folder, "3-rejection", "data.jsonl");
  const hint = `Remove ${join(folder, "3-rejection")}: --resume samples again.`;
  const before = readFileSync(data, "utf8");
  writeFileSync(data, `${before}{"prompt":"a","answer":"b"}\n`);
  const kept = result.kept;
  await expect(rejection(lab, shape, policy)).rejects.toThrow(
    `${data}: expected ${kept} lines, got ${kept + 1}. ${hint}`,
  );
  writeFileSync(data, `${before}{`);
  await expect(rejection(lab, shape, policy)).rejects.toThrow(`${data}: line ${kept + 1}: expected JSON`);
  await lab.close();
});
