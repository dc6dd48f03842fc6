/** Probes of what every step gives. */
import { firstDifference } from "./first-difference.ts";
import type { Move, Probe } from "./probe.ts";
import { Broken, broken } from "./rule.ts";
import { NO_COPY } from "./show-all.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a result that is an object; `stepGivesATransition` speaks of the others. */
const fieldsOf = ({ result }: Move): Fields | undefined =>
  typeof result === "object" && result !== null ? (result as Fields) : undefined;

const stepGivesATransition: Probe = {
  name: "stepGivesATransition",
  atStep(move) {
    const fields = fieldsOf(move);
    const hint = "Return {state, reward, terminated} from step.";
    if (fields === undefined) throw broken(`${move.where}: step`, "{state, reward, terminated}", move.result, hint);
    if (!("state" in fields)) throw broken(`${move.where}: step: state`, "the new state", undefined, hint);
  },
};

const rewardsAreFinite: Probe = {
  name: "rewardsAreFinite",
  atStep(move) {
    const fields = fieldsOf(move);
    if (fields === undefined || Number.isFinite(fields["reward"])) return;
    throw broken(
      `${move.where}: reward`,
      "a finite number",
      fields["reward"],
      "Clip it, or throw where it cannot be told.",
    );
  },
};

const rewardPartsAreFinite: Probe = {
  name: "rewardPartsAreFinite",
  atStep(move) {
    const parts = fieldsOf(move)?.["rewards"];
    if (parts === undefined) return;
    const hint = "Name the parts of the reward in an object of finite numbers; leave out a part that a step lacks.";
    if (typeof parts !== "object" || parts === null)
      throw broken(`${move.where}: rewards`, "an object of numbers", parts, hint);
    for (const [name, part] of Object.entries(parts))
      if (!Number.isFinite(part)) throw broken(`${move.where}: rewards.${name}`, "a finite number", part, hint);
  },
};

const terminatedIsBoolean: Probe = {
  name: "terminatedIsBoolean",
  atStep(move) {
    const fields = fieldsOf(move);
    if (fields === undefined || typeof fields["terminated"] === "boolean") return;
    const hint = "done" in fields ? "Call it terminated, not done." : "Return true or false.";
    throw broken(`${move.where}: terminated`, "true or false", fields["terminated"], hint);
  },
};

const truncationIsLeftToTheRunner: Probe = {
  name: "truncationIsLeftToTheRunner",
  atStep(move) {
    const fields = fieldsOf(move);
    if (fields === undefined || !("truncated" in fields)) return;
    throw broken(
      `${move.where}: truncated`,
      "nothing",
      fields["truncated"],
      "Set maxSteps on the rules: the runner truncates.",
    );
  },
};

const asyncIsDeclared: Probe = {
  name: "asyncIsDeclared",
  atState({ rules, where, promised }) {
    if (promised && !rules.async) throw new Broken(`${where}: returned a promise`, "Set `async: true` on the rules.");
  },
};

const asyncStepDoesNotChangeState: Probe = {
  name: "asyncStepDoesNotChangeState",
  atStep({ rules, where, before, stepped }) {
    if (!rules.async || before === NO_COPY) return;
    const difference = firstDifference(before, stepped);
    if (difference === undefined) return;
    const hint = "Return a new state: a step that fails or is cancelled must leave the old one as it was.";
    throw new Broken(`${where}: an async step changed the state it was given: ${difference}`, hint);
  },
};

const actionsAreOnlyRead: Probe = {
  name: "actionsAreOnlyRead",
  atStep(move) {
    const { where, action, actionBefore } = move;
    const difference = firstDifference(actionBefore, action);
    const hint = "An action is a view into the batch: copy it (action.slice()) to keep or change it.";
    if (difference !== undefined) throw new Broken(`${where}: step changed its action: ${difference}`, hint);
    const buffers = buffersIn(action);
    if (buffers.size > 0 && [...buffersIn(fieldsOf(move)?.["state"])].some((buffer) => buffers.has(buffer)))
      throw new Broken(`${where}: the new state holds the array of its action`, hint);
  },
};

/** The memory of all arrays in a value of plain data. */
function buffersIn(value: unknown, found = new Set<unknown>(), seen = new Set<unknown>()): Set<unknown> {
  if (typeof value !== "object" || value === null || seen.has(value)) return found;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return found.add(value.buffer);
  for (const part of Object.values(value)) buffersIn(part, found, seen);
  return found;
}

export const STEP_PROBES: readonly Probe[] = [
  stepGivesATransition,
  rewardsAreFinite,
  rewardPartsAreFinite,
  terminatedIsBoolean,
  truncationIsLeftToTheRunner,
  asyncIsDeclared,
  asyncStepDoesNotChangeState,
  actionsAreOnlyRead,
];
