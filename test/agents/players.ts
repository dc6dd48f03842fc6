/** Which agents of the registry can play a world: those that learn in tables, and those that learn with nets, which are slow beside them. */
import { agents, type AnyAgent } from "dojang/agents";
import type { Space } from "dojang/protocol";

/**
 * Those that learn from their own play in lockstep. Actors in processes of their own know no worlds of a test, and come first as it
 * happens; behaviour cloning refuses its own play, which teaches it nothing.
 */
export const learnsInLockstep = ({ id, schema }: AnyAgent): boolean =>
  !Object.hasOwn(schema, "actors") && id !== "behaviour-cloning";
const hasNet = ({ schema }: AnyAgent): boolean => Object.hasOwn(schema, "hidden");

const players = (observation: Space, action: Space, deep: boolean): string[] =>
  Object.values(agents)
    .filter(({ spaces }) => spaces.observation.fits(observation) && spaces.action.fits(action))
    .filter((agent) => hasNet(agent) === deep && learnsInLockstep(agent))
    .map(({ id }) => id);

export const tabularPlayers = (observation: Space, action: Space): string[] => players(observation, action, false);
export const deepPlayers = (observation: Space, action: Space): string[] => players(observation, action, true);
