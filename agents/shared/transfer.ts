/** Begins a run with what another has learnt: everything where both are alike, else the layers that match by name and shape. */
import { GymError } from "dojang/protocol";
import type { Learner } from "./agent.ts";
import { mapModels, modelsIn, type SavedModel } from "./models-in.ts";
import type { Plain } from "./plain.ts";
import { readLearnt } from "./trained.ts";

/** What became of the parameters, by name. */
export interface Transfer {
  /** true: the whole state was taken, tables, schedules and all */
  readonly whole: boolean;
  readonly taken: readonly string[];
  /** begin as they would without the other run: it has none of that name, or one of another shape */
  readonly fresh: readonly string[];
  /** of the other run, for which there is no place here */
  readonly unused: readonly string[];
}

/** A parameter of the other run. */
interface Found {
  readonly data: Float32Array;
  readonly shape: string;
}

/** @throws {GymError} BAD_RUN when `path` has no checkpoint, or nothing in it fits */
export async function initFrom(path: string, learner: Learner): Promise<Transfer> {
  const { agent, state } = await readLearnt(path);
  const own = learner.save();
  const mine = modelsIn(own);
  if (agent === learner.id && sameNets(mine, modelsIn(state))) {
    learner.load(state);
    return { whole: true, taken: mine.flatMap(namesOf), fresh: [], unused: [] };
  }
  if (mine.length === 0 || modelsIn(state).length === 0)
    throw new GymError("BAD_RUN", path, {
      expected: `a run of ${learner.id}`,
      received: agent,
      hint: "Only nets can be taken over from another agent.",
    });
  return takeLayers(path, learner, own, parametersOf(modelsIn(state)));
}

function takeLayers(path: string, learner: Learner, own: Plain, theirs: ReadonlyMap<string, Found>): Transfer {
  const taken = new Set<string>();
  const fresh = new Set<string>();
  const next = mapModels(own, (model) => {
    const params = Object.entries(model.params).map(([name, data]) => {
      const found = theirs.get(name);
      const fits = found?.shape === shapeOf(model, name);
      (fits ? taken : fresh).add(name);
      return [name, fits ? found.data : data] as const;
    });
    return withParams(model, Object.fromEntries(params));
  });
  if (taken.size === 0)
    throw new GymError("BAD_RUN", path, {
      expected: `a parameter with name and shape of one of ${[...fresh].join(", ")}`,
      received: [...theirs].map(([name, { shape }]) => `${name} [${shape}]`).join(", "),
    });
  learner.load(next);
  return {
    whole: false,
    taken: [...taken],
    fresh: [...fresh],
    unused: [...theirs.keys()].filter((name) => !taken.has(name)),
  };
}

/** A net with other values; its trailing copies begin as copies again. */
function withParams(model: SavedModel, params: SavedModel["params"]): SavedModel {
  const targets = Object.keys(model.targets ?? {}).map((name) => [name, params[name] as Float32Array]);
  return { ...model, params, ...(model.targets && { targets: Object.fromEntries(targets) as SavedModel["params"] }) };
}

const namesOf = ({ params }: SavedModel): string[] => Object.keys(params);

const shapeOf = ({ shapes }: SavedModel, name: string): string => (shapes[name] ?? []).join(", ");

const formOf = (models: readonly SavedModel[]): string =>
  JSON.stringify(models.map((model) => namesOf(model).map((name) => [name, shapeOf(model, name)])));

const sameNets = (a: readonly SavedModel[], b: readonly SavedModel[]): boolean => formOf(a) === formOf(b);

/** All parameters by name; of two nets with one name (a net and its target) that of the net that was trained longer. */
function parametersOf(models: readonly SavedModel[]): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const model of models.toSorted((a, b) => a.steps - b.steps))
    for (const [name, data] of Object.entries(model.params)) found.set(name, { data, shape: shapeOf(model, name) });
  return found;
}
