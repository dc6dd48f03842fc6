/** The nets in a saved state: found by their form, wherever a learner keeps them. */
import { GymError } from "dojang/protocol";
import type { Plain } from "./plain.ts";

/** What `save` of a net gives. */
export interface SavedModel {
  readonly params: Readonly<Record<string, Float32Array>>;
  /** trailing copies of some of them, under the same names */
  readonly targets?: Readonly<Record<string, Float32Array>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** steps of gradient descent */
  readonly steps: number;
}

type Fields = Readonly<Record<string, Plain>>;

const isFields = (value: Plain): value is Fields =>
  typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && !Array.isArray(value);

const isModel = (value: Fields): boolean =>
  typeof value["steps"] === "number" && ["params", "shapes", "m", "v"].every((name) => isFields(value[name] ?? null));

/** All nets of a learner's state, in the order in which it names them. */
export function modelsIn(state: Plain): SavedModel[] {
  if (Array.isArray(state)) return (state as readonly Plain[]).flatMap(modelsIn);
  if (!isFields(state)) return [];
  // The form was checked; what the fields hold is what `save` of a net of this version wrote.
  if (isModel(state)) return [state as unknown as SavedModel];
  return Object.values(state).flatMap(modelsIn);
}

/** The same state with every net replaced. */
export function mapModels(state: Plain, change: (model: SavedModel) => SavedModel): Plain {
  if (Array.isArray(state)) return (state as readonly Plain[]).map((item) => mapModels(item, change));
  if (!isFields(state)) return state;
  if (isModel(state)) return change(state as unknown as SavedModel) as unknown as Plain;
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, mapModels(value, change)]));
}

export const gradientStepsIn = (state: Plain): number => modelsIn(state).reduce((sum, { steps }) => sum + steps, 0);

/** A checkpoint with weights that are no numbers would replace the last good one. @throws {GymError} NOT_A_NUMBER naming tensor and step */
export function checkWeights(id: string, state: Plain): void {
  for (const { params, steps } of modelsIn(state)) {
    const broken = Object.keys(params).find((name) => params[name]?.some((value) => !Number.isFinite(value)));
    if (broken === undefined) continue;
    throw new GymError("NOT_A_NUMBER", `${id}: step ${steps}: ${broken}`, {
      expected: "finite numbers",
      received: params[broken]?.find((value) => !Number.isFinite(value)),
      hint: "Lower the learning rate; the last checkpoint is from before.",
    });
  }
}
