/** The whole recipe in one folder: made anew, or gone on with where it was stopped. */
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { resolveParams } from "dojang/env";
import { GymError } from "dojang/protocol";
import type { Given } from "../../shared/agent.ts";
import { writeAtomic } from "../../shared/atomic-file.ts";
import { mergeSettings } from "../../shared/settings.ts";
import type { JsonRecord } from "../../shared/run.ts";
import { Lab, type LabOptions } from "./lab.ts";
import { controls, recipe } from "./recipe.ts";
import { R1, type R1Settings } from "./settings.ts";
import type { StageResult } from "./stage.ts";

export interface R1Options extends Omit<LabOptions, "settings"> {
  /** Absent values: those of `R1`, or of the run that is gone on with. */
  readonly settings: Given<R1Settings>;
  readonly resume: boolean;
  /** Told each stage that is done, also those of before a resume. */
  readonly onStage: (result: StageResult) => void;
}

const CONFIG = "r1.json";

/** `client` must be allowed to choose seeds: a group is rows with one seed. @returns the seed of the run, which a resumed one keeps @throws {GymError} BAD_RUN, BAD_PARAM, FORBIDDEN, CANCELLED */
export async function runR1(options: R1Options): Promise<{ readonly seed: number }> {
  const { seed, settings } = await open(options);
  const lab = await Lab.open({ ...options, seed, settings });
  try {
    const begun = await recipe(lab, options.onStage);
    if (settings.controls) await controls(lab, begun, options.onStage);
    return { seed };
  } finally {
    await lab.close();
  }
}

async function open({
  folder,
  resume,
  seed,
  settings: given,
}: R1Options): Promise<{ seed: number; settings: R1Settings }> {
  const file = join(folder, CONFIG);
  if (!resume && existsSync(folder))
    throw new GymError("BAD_RUN", folder, { expected: "a folder that does not exist yet", received: "one that does", hint: "Go on with --resume, or choose another --out." }); // prettier-ignore
  if (resume && !existsSync(file))
    throw new GymError("BAD_RUN", folder, { expected: `a run of r1, with ${CONFIG}`, received: "none", hint: "Name its folder with --out." }); // prettier-ignore
  const saved = resume ? (JSON.parse(await readFile(file, "utf8")) as { seed: number; settings: JsonRecord }) : undefined; // prettier-ignore
  const whole = mergeSettings(saved?.settings ?? {}, given);
  // resolveParams checked the values against the schema that gives R1Settings its type.
  const settings = resolveParams({ id: "r1", params: R1 }, whole, { operator: true }) as R1Settings;
  const config = { seed: saved?.seed ?? seed, settings };
  await mkdir(folder, { recursive: true });
  await writeAtomic(file, `${JSON.stringify(config, undefined, 2)}\n`);
  return config;
}
