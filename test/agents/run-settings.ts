/** The run that the tests of resuming start, kill, and compare with itself. */
export const settings = {
  envId: "FrozenLake-v1",
  steps: 8_000,
  num: 5,
  seed: 11,
  checkpointEvery: 1_000,
  logEvery: 300,
} as const;
