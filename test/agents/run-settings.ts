/** The run that the tests of resuming start, kill, and compare with itself. */
export const settings = {
  envId: "FrozenLake-v1",
  steps: 8_000,
  num: 5,
  seed: 11,
  checkpointEvery: 1_000,
  logEvery: 300,
} as const;

/** Nets and batches that are small, and updates that are rare: what is tested does not depend on them. */
const REPLAY = { hidden: [16], batch: 16, every: 16 };

/** Where an agent needs another env, or is slow with its own defaults. */
const OWN: Readonly<Record<string, Partial<Record<keyof typeof settings | "config", unknown>>>> = {
  sac: { envId: "Pendulum-v1", config: { ...REPLAY, normalizeObservations: true, normalizeRewards: true } },
  "discrete-sac": { config: { ...REPLAY, normalizeRewards: true } },
  dqn: { config: { ...REPLAY, prioritized: true } },
  "qr-dqn": { config: REPLAY },
};

export const settingsOf = (agentId: string): typeof settings => ({ ...settings, ...(OWN[agentId] as object) });
