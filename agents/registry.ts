/** All agents by id. */
import { didYouMean } from "dojang/env";
import { GymError } from "dojang/protocol";
import { a2c } from "./a2c.ts";
import { a3c } from "./a3c.ts";
import { behaviourCloning } from "./behaviour-cloning.ts";
import { discreteSac } from "./discrete-sac.ts";
import { doubleQLearning } from "./double-q-learning.ts";
import { dqn } from "./dqn.ts";
import { evolutionStrategies } from "./evolution-strategies.ts";
import { expectedSarsa } from "./expected-sarsa.ts";
import { ppo } from "./ppo.ts";
import { pqn } from "./pqn.ts";
import { qLearning } from "./q-learning.ts";
import { qrDqn } from "./qr-dqn.ts";
import { random } from "./random.ts";
import { reinforce } from "./reinforce.ts";
import { sac } from "./sac.ts";
import { sarsaLambda } from "./sarsa-lambda.ts";
import { sarsa } from "./sarsa.ts";
import type { AnyAgent } from "./shared/agent.ts";

const ALL: readonly AnyAgent[] = [
  random,
  qLearning,
  doubleQLearning,
  expectedSarsa,
  sarsa,
  sarsaLambda,
  ppo,
  a2c,
  reinforce,
  a3c,
  pqn,
  dqn,
  qrDqn,
  sac,
  discreteSac,
  behaviourCloning,
  evolutionStrategies,
];

export const agents: Readonly<Record<string, AnyAgent>> = Object.fromEntries(ALL.map((agent) => [agent.id, agent]));

/** @throws {GymError} UNKNOWN_AGENT, with the nearest id */
export function findAgent(id: string): AnyAgent {
  const agent = Object.hasOwn(agents, id) ? agents[id] : undefined;
  if (agent !== undefined) return agent;
  const ids = Object.keys(agents);
  const meant = didYouMean(id, ids);
  throw new GymError("UNKNOWN_AGENT", "agent", {
    expected: `one of ${ids.join(", ")}`,
    received: id,
    ...(meant !== undefined && { hint: `Did you mean "${meant}"?` }),
  });
}
