/** What a run of the recipe is run with: checked before anything is made, and kept once a stage was trained with it. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { resolveParams } from "dojang/env";
import { GymError } from "dojang/protocol";
import type { Given } from "../../shared/agent.ts";
import { mergeSettings } from "../../shared/settings.ts";
import { refuseHeld } from "./hold.ts";
import { readRunFile, type RunFile } from "./run-file.ts";
import { MIXED_SETTINGS, R1, type R1Settings } from "./settings.ts";
import { taskSet } from "./task-set.ts";

type Name = keyof R1Settings;

const COLD = ["1-cold-start", "10-dense-cold-start", "12-student-cold-start"];
const SFT = [...COLD, "4-sft", "6-distilled", "8-sft-alone"];
const PRODUCTS = ["products-blank", "products-think"];

/** The stages whose results depend on a setting. All: by the problems that figures are taken on. None: it may change at any time. */
const SHAPES: Readonly<Record<Name, readonly string[] | "all" | "none">> = {
  tasks: "all",
  controls: "none",
  demonstrations: ["0-base", ...SFT],
  stopAt: COLD,
  stopEvery: COLD,
  stopping: "all",
  coldSteps: COLD,
  coldFalls: COLD,
  sftRate: [...SFT, ...PRODUCTS],
  sftBatch: ["0-base", ...SFT, ...PRODUCTS],
  grpoUpdates: ["2-grpo"],
  grpoRate: ["2-grpo", "7-zero", "9-permuted", "11-dense-grpo", "13-student-grpo"],
  againUpdates: ["5-grpo"],
  againRate: ["5-grpo"],
  rejectionPrompts: ["3-rejection"],
  rejectionSamples: ["3-rejection"],
  sftSteps: ["4-sft"],
  distilSteps: ["6-distilled"],
  zeroUpdates: ["7-zero"],
  sftAloneSteps: ["8-sft-alone"],
  permutedUpdates: ["9-permuted"],
  denseUpdates: ["11-dense-grpo"],
  studentUpdates: ["13-student-grpo"],
  heldOut: "all",
  sampled: "all",
  samples: "all",
  // Figures on another set are taken anew, of every stage.
  measureOn: "none",
  tuning: "all",
  productExamples: PRODUCTS,
  productSteps: PRODUCTS,
};

export interface R1Start {
  readonly folder: string;
  readonly resume: boolean;
  /** Absent: that of the run, or 1. */
  readonly seed?: number | undefined;
  /** Absent values: those of `R1`, or of the run that is gone on with. */
  readonly settings: Given<R1Settings>;
}

export interface Config {
  readonly seed: number;
  readonly settings: R1Settings;
}

/** Changes nothing. @throws {GymError} BAD_RUN, BAD_PARAM where the recipe cannot be begun, or gone on with, in this way */
export async function settle({ folder, resume, seed, settings: given }: R1Start): Promise<Config> {
  if (!resume && existsSync(folder))
    throw new GymError("BAD_RUN", folder, { expected: "a folder that does not exist yet", received: "one that does", hint: "Go on with --resume, or choose another --out." }); // prettier-ignore
  const saved = resume ? await readRunFile(folder) : undefined;
  if (saved !== undefined) await refuseHeld(folder);
  const settings = resolved(mergeSettings(saved?.settings ?? (given.tasks === "mixed" ? MIXED_SETTINGS : {}), given));
  refuseTooSmall(settings);
  if (saved !== undefined) refuseChanges(folder, saved, { seed: seed ?? saved.seed, settings });
  return { seed: saved?.seed ?? seed ?? 1, settings };
}

// resolveParams checks the values against the schema that gives R1Settings its type.
const resolved = (settings: RunFile["settings"]): R1Settings =>
  resolveParams({ id: "r1", params: R1 }, settings, { operator: true }) as R1Settings;

/** Figures are of each family alone, too: none may be without a problem. */
function refuseTooSmall(settings: R1Settings): void {
  const { tasks, measureOn } = settings;
  const { length } = taskSet(tasks).families;
  for (const name of [measureOn === "final" ? "heldOut" : "tuning", "sampled"] as const)
    if (settings[name] < length)
      throw new GymError("BAD_PARAM", `r1: ${name}`, { expected: `${length} or more, one problem of each family of tasks ${tasks}`, received: settings[name] }); // prettier-ignore
}

function refuseChanges(folder: string, saved: RunFile, { seed, settings }: Config): void {
  if (saved.tasks !== settings.tasks)
    throw new GymError("BAD_RUN", folder, { expected: `tasks ${saved.tasks}, as it was begun with`, received: settings.tasks, hint: "Leave it out, or choose another --out." }); // prettier-ignore
  if (saved.seed !== seed)
    throw new GymError("BAD_RUN", `${folder}: seed`, { expected: `${saved.seed}, with which the run was started`, received: seed, hint: "Leave it out, or choose another --out." }); // prettier-ignore
  const before = resolved(saved.settings);
  const changed = namesOf(settings).filter((name) => settings[name] !== before[name]);
  const fixed = new Map(namesOf(settings).map((name) => [name, stageWith(folder, name)]));
  for (const name of changed) {
    const stage = fixed.get(name);
    if (stage === undefined) continue;
    const free = namesOf(settings).filter((one) => fixed.get(one) === undefined);
    throw new GymError("BAD_RUN", `${folder}: ${name}`, {
      expected: `${before[name]}, with which stage ${stage} was run`,
      received: settings[name],
      hint: `Leave it out, or choose another --out. What may still change: ${free.join(", ")}.`,
    });
  }
}

const namesOf = (settings: R1Settings): Name[] => Object.keys(settings) as Name[];

/** A stage whose results depend on the setting and are there already. */
function stageWith(folder: string, name: Name): string | undefined {
  if (finished(folder).length === 0 || SHAPES[name] === "none") return undefined;
  const begun = stagesWith(folder, ["receipt.json", "checkpoint.safetensors"]);
  return begun.find((stage) => SHAPES[name] === "all" || SHAPES[name].includes(stage));
}

/** Names of the stages that are done. */
export const finished = (folder: string): string[] => stagesWith(folder, ["receipt.json"]);

function stagesWith(folder: string, files: readonly string[]): string[] {
  const found = readdirSync(folder).filter((name) => files.some((file) => existsSync(join(folder, name, file))));
  return found.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
