/** The run that the tests of resuming start, kill, and compare with itself. */
export const settings = {
  envId: "FrozenLake-v1",
  steps: 8_000,
  num: 5,
  seed: 11,
  checkpointEvery: 1_000,
  logEvery: 300,
} as const;

/** Where an agent needs another env, or is slow with its own defaults. */
const OWN: Readonly<Record<string, Partial<Record<keyof typeof settings | "config", unknown>>>> = {
  sac: { envId: "Pendulum-v1", config: { every: 40, batch: 32, normalizeObservations: true, normalizeRewards: true } },
  "discrete-sac": { config: { every: 12, normalizeRewards: true } },
};

export const settingsOf = (agentId: string): typeof settings => ({ ...settings, ...(OWN[agentId] as object) });
