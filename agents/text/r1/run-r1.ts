/** The whole recipe in one folder: made anew, or gone on with where it was stopped. */
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeAtomic } from "../../shared/atomic-file.ts";
import { holding } from "./hold.ts";
import { Lab, type LabOptions } from "./lab.ts";
import type { Gain } from "./measured.ts";
import { controls, recipe } from "./recipe.ts";
import type { RejectionResult } from "./rejection.ts";
import { finished, settle, type Config, type R1Start } from "./resume.ts";
import { RUN_FILE } from "./run-file.ts";
import type { StageResult } from "./stage.ts";
import { thinking } from "./thinking.ts";

export interface R1Options extends R1Start, Omit<LabOptions, keyof R1Start> {
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
  const { folder, resume } = options;
  const config = await settle(options);
  if (!resume) {
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(folder);
  }
  // Settled once more where it is gone on with: what another process has done until now counts.
  return holding(folder, async () => play(options, resume ? await settle(options) : config));
}

async function play(options: R1Options, config: Config): Promise<R1Result> {
  const lab = await openLab(options, config);
  try {
    const begun = await recipe(lab, options.onStage);
    const thought = await thinking(lab, options.onStage);
    if (config.settings.controls) await controls(lab, begun, options.onStage);
    return { seed: config.seed, gains: begun.gains, ...(thought && { thinking: thought }) };
  } finally {
    await lab.close();
  }
}

async function openLab(options: R1Options, config: Config): Promise<Lab> {
  const { folder, resume } = options;
  const save = (): Promise<void> => writeAtomic(join(folder, RUN_FILE), `${JSON.stringify(config, undefined, 2)}\n`);
  try {
    if (!resume) await save();
    const lab = await Lab.open({ ...options, ...config });
    if (resume) await save();
    // It trains nothing: begun anew it says what it is run with now.
    if (finished(folder).length === 0) await rm(join(folder, "0-base"), { recursive: true, force: true });
    return lab;
  } catch (error) {
    // A call that fails before anything is trained leaves nothing behind.
    if (!resume) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
