/** The whole recipe in one folder: made anew, or gone on with where it was stopped. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { resolveParams } from "dojang/env";
import { GymError } from "dojang/protocol";
import type { Given } from "../../shared/agent.ts";
import { writeAtomic } from "../../shared/atomic-file.ts";
import { mergeSettings } from "../../shared/settings.ts";
import { Lab, type LabOptions } from "./lab.ts";
import type { Gain } from "./measured.ts";
import { controls, recipe } from "./recipe.ts";
import type { RejectionResult } from "./rejection.ts";
import { readRunFile, RUN_FILE } from "./run-file.ts";
import { MIXED_SETTINGS, R1, type R1Settings } from "./settings.ts";
import type { StageResult } from "./stage.ts";
import { thinking } from "./thinking.ts";

export interface R1Options extends Omit<LabOptions, "settings"> {
  /** Absent values: those of `R1`, or of the run that is gone on with. */
  readonly settings: Given<R1Settings>;
  readonly resume: boolean;
  /** Told each stage that is done, also those of before a resume. */
  readonly onStage: (result: StageResult | RejectionResult) => void;
}

export interface R1Result {
  /** A resumed run keeps its seed. */
  readonly seed: number;
  /** Of pass@1, from the cold start to each later stage. */
  readonly gains: readonly Gain[];
  /** Of pass@1 on products, from nothing to a scratchpad; absent where the tasks have no products. */
  readonly thinking?: Gain;
}

/** `client` must be allowed to choose seeds: a group is rows with one seed. @throws {GymError} BAD_RUN, BAD_PARAM, FORBIDDEN, CANCELLED */
export async function runR1(options: R1Options): Promise<R1Result> {
  const { seed, settings } = await open(options);
  const lab = await Lab.open({ ...options, seed, settings });
  try {
    const begun = await recipe(lab, options.onStage);
    const thought = await thinking(lab, options.onStage);
    if (settings.controls) await controls(lab, begun, options.onStage);
    return { seed, gains: begun.gains, ...(thought && { thinking: thought }) };
  } finally {
    await lab.close();
  }
}

async function open(options: R1Options): Promise<{ seed: number; settings: R1Settings }> {
  const { folder, resume, seed, settings: given } = options;
  if (!resume && existsSync(folder))
    throw new GymError("BAD_RUN", folder, { expected: "a folder that does not exist yet", received: "one that does", hint: "Go on with --resume, or choose another --out." }); // prettier-ignore
  const saved = resume ? await readRunFile(folder) : undefined;
  const whole = mergeSettings(saved?.settings ?? (given.tasks === "mixed" ? MIXED_SETTINGS : {}), given);
  // resolveParams checked the values against the schema that gives R1Settings its type.
  const settings = resolveParams({ id: "r1", params: R1 }, whole, { operator: true }) as R1Settings;
  if (saved !== undefined && saved.tasks !== settings.tasks)
    throw new GymError("BAD_RUN", folder, { expected: `tasks ${saved.tasks}, as it was begun with`, received: settings.tasks, hint: "Leave it out, or choose another --out." }); // prettier-ignore
  const config = { seed: saved?.seed ?? seed, settings };
  await mkdir(folder, { recursive: true });
  await writeAtomic(join(folder, RUN_FILE), `${JSON.stringify(config, undefined, 2)}\n`);
  return config;
}
