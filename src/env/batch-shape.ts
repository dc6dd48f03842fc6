/** What batch rules must be before anything is played with them. */
import { GymError } from "../../protocol/errors.ts";
import type { Space } from "../../protocol/spaces.ts";
import type { AnyRules } from "./rules.ts";

const NEEDED = ["columns", "load", "save", "step", "observe"];
const OPTIONAL = ["reset", "legal", "info"];

/** Is every leaf an array, or a number, of the same size in every value? */
export function hasFixedSize(space: Space): boolean {
  if (space.kind === "dict") return Object.values(space.fields).every(hasFixedSize);
  if (space.kind === "tuple") return space.items.every(hasFixedSize);
  return space.kind !== "text" && space.kind !== "sequence" && space.kind !== "oneOf";
}

/** @throws {GymError} BAD_PLUGIN unless the rules have no batch rules, or such as a runner can use */
export function checkBatchShape(rules: AnyRules): void {
  const { batch, observation, infoSpace } = rules;
  if (batch === undefined) return;
  const fields = batch as unknown as Readonly<Record<string, unknown>>; // they come from a plugin: anything may stand there
  for (const name of NEEDED) need(`batch.${name}`, typeof fields[name] === "function", "a function", fields[name]);
  for (const name of OPTIONAL) {
    const given = fields[name];
    need(`batch.${name}`, given === undefined || typeof given === "function", "a function or nothing", given);
  }
  need("batch", rules.async !== true, "synchronous rules beside it", "async rules");
  need("batch: observation", hasFixedSize(observation), "leaves of a fixed size", observation.kind);
  if (batch.info !== undefined && infoSpace !== undefined)
    need("batch: infoSpace", hasFixedSize(infoSpace), "leaves of a fixed size", infoSpace.kind);
}

function need(name: string, fits: boolean, expected: string, received: unknown): void {
  if (fits) return;
  const hint = "Correct the batch rules, or leave them out: they are for speed alone.";
  throw new GymError("BAD_PLUGIN", `rules.${name}`, { expected, received, hint });
}
