/** A run of the recipe that is gone on with: one process at a time, no settings mixed, and a wrong call is told before anything is made. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveParams } from "dojang/env";
import { holding, refuseHeld } from "../../../agents/text/r1/hold.ts";
import { settle, type R1Start } from "../../../agents/text/r1/resume.ts";
import { MIXED_SETTINGS, R1 } from "../../../agents/text/r1/settings.ts";
import { tempDir } from "../../support/temp.ts";

const WRITER = "writer.json";

describe("the folder of a run", () => {
  const marked = (pid: number): string => {
    const folder = tempDir();
    writeFileSync(join(folder, WRITER), JSON.stringify({ pid, host: hostname() }));
    return folder;
  };

  it("names the process that works in it, for as long as it does, also where that fails", async () => {
    const folder = tempDir();
    const named = await holding(folder, async () => JSON.parse(readFileSync(join(folder, WRITER), "utf8")) as unknown);
    expect(named).toMatchObject({ pid: process.pid, host: hostname() });
    await expect(holding(folder, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(join(folder, WRITER))).toBe(false);
  });

  it("is refused to a second process, and its mark stays", async () => {
    const folder = marked(process.ppid);
    const line = `${folder}: expected a run that no process writes to, got "process ${process.ppid}". Let it end, or end it.`;
    await expect(holding(folder, () => Promise.resolve())).rejects.toThrow(line);
    await expect(refuseHeld(folder)).rejects.toThrow(line);
    expect(readFileSync(join(folder, WRITER), "utf8")).toContain(`"pid":${process.ppid}`);
  });

  it("is taken over from a process that is gone, and from a mark that nobody can read", async () => {
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const damaged = tempDir();
    writeFileSync(join(damaged, WRITER), "{");
    for (const folder of [marked(gone), damaged]) expect(await holding(folder, () => Promise.resolve(7))).toBe(7);
  });
});

describe("the settings of a run that is gone on with", () => {
  /** A run of seed 3 in which these stages are done, or have a checkpoint. */
  function run(done: readonly string[], begun: readonly string[] = []): string {
    const folder = tempDir();
    writeFileSync(join(folder, "r1.json"), JSON.stringify({ seed: 3, settings: resolveParams({ id: "r1", params: R1 }, { grpoUpdates: 2 }) })); // prettier-ignore
    for (const name of [...done, ...begun]) mkdirSync(join(folder, name));
    for (const name of done) writeFileSync(join(folder, name, "receipt.json"), "{}");
    for (const name of begun) writeFileSync(join(folder, name, "checkpoint.safetensors"), "");
    return folder;
  }
  const THREE = ["0-base", "1-cold-start", "2-grpo"];
  const resumed = (folder: string, settings: R1Start["settings"], seed?: number) =>
    settle({ folder, resume: true, settings, seed });

  it("keep the value that a stage was run with, in one line that names both and what may still change", async () => {
    const folder = run(THREE);
    const refused = await resumed(folder, { grpoUpdates: 3 }).catch((error: unknown) => (error as Error).message);
    expect(refused).toBe(
      `${folder}: grpoUpdates: expected 2, with which stage 2-grpo was run, got 3. Leave it out, or choose another --out. What may still change: ` +
        "controls, againUpdates, againRate, rejectionPrompts, rejectionSamples, sftSteps, distilSteps, zeroUpdates, sftAloneSteps, permutedUpdates, denseUpdates, studentUpdates, measureOn, productExamples, productSteps.",
    );
    for (const settings of [
      { samples: 8 },
      { heldOut: 100 },
      { sampled: 100 },
      { tuning: 100 },
      { stopping: 8 },
      { sftRate: 0.1 },
      { stopAt: 0.5 },
    ])
      // prettier-ignore
      await expect(resumed(folder, settings)).rejects.toThrow(`${folder}: ${Object.keys(settings)[0]}: expected `);
    await expect(resumed(run(["0-base"], ["1-cold-start"]), { coldSteps: 9 })).rejects.toThrow("stage 1-cold-start");
  });

  it("may change for stages to come, and switch controls on and the measured set", async () => {
    const given = { controls: true, measureOn: "tuning", againUpdates: 9, grpoUpdates: 2 } as const;
    const { seed, settings } = await resumed(run(THREE), given);
    expect(seed).toBe(3);
    expect(settings).toMatchObject(given);
  });

  it("may all change before a stage is done, but for seed and tasks", async () => {
    const folder = run([], ["0-base"]);
    expect((await resumed(folder, { demonstrations: 7, samples: 2, stopping: 9 }, 3)).settings.demonstrations).toBe(7);
    await expect(resumed(folder, {}, 9)).rejects.toThrow(
      `${folder}: seed: expected 3, with which the run was started, got 9. Leave it out, or choose another --out.`,
    );
    await expect(resumed(folder, { tasks: "mixed" })).rejects.toThrow("expected tasks addition, as it was begun with");
  });
});

describe("settings that cannot end well", () => {
  const begun = (settings: R1Start["settings"]) =>
    settle({ folder: join(tempDir(), "run"), resume: false, seed: 1, settings });

  it.each([
    [
      { tasks: "mixed", sampled: 2 },
      "r1: sampled: expected 4 or more, one problem of each family of tasks mixed, got 2",
    ],
    [{ tasks: "mixed", heldOut: 2 }, "r1: heldOut: expected 4 or more"],
    [{ tasks: "mixed", tuning: 3, measureOn: "tuning" }, "r1: tuning: expected 4 or more"],
    [{ rejectionSamples: 200 }, "rejectionSamples"],
    [{ samples: 300 }, "samples"],
    [{ sftBatch: 100_000 }, "sftBatch"],
  ] as const)("are refused before anything is made: %j", async (settings, message) => {
    await expect(begun(settings)).rejects.toThrow(message);
  });

  it("are none of the least and the most that do", async () => {
    await begun({ tasks: "mixed", sampled: 4, heldOut: 4, tuning: 1 });
    await begun({ sampled: 1, heldOut: 1, rejectionSamples: 128, samples: 256 });
    expect((await begun({ tasks: "mixed" })).settings).toMatchObject(MIXED_SETTINGS);
  });
});
