/** The time limits of the classic environments, and that they truncate. */
import { describe, expect, it } from "vitest";
import { local } from "dojang/client/local";

describe("the time limits", () => {
  it.each([
    ["CartPole-v1", 500],
    ["CartPole-v0", 200],
    ["MountainCar-v0", 200],
    ["MountainCarContinuous-v0", 999],
    ["Acrobot-v1", 500],
    ["Pendulum-v1", 200],
    ["FrozenLake-v1", 100],
    ["FrozenLake8x8-v1", 200],
    ["CliffWalking-v1", 0],
    ["CliffWalkingSlippery-v1", 0],
    ["Taxi-v4", 200],
    ["Taxi-v3", 200],
    ["Blackjack-v1", 0],
  ])("of %s is %i steps (0: none), as a client is told", async (id, limit) => {
    const client = local();
    expect((await client.make(id)).maxSteps).toBe(limit);
    await client.close();
  });
  it("truncate, and do not terminate: the pendulum's step 200 is its last, and the next frame begins anew", async () => {
    const client = local();
    const env = await client.make("Pendulum-v1", { seed: 1 });
    await env.reset();
    const ends: number[][] = [];
    for (let step = 1; step <= 201; step++) {
      const { terminated, truncated, status } = await env.step(Float32Array.of(0));
      if (step >= 199) ends.push([terminated[0]!, truncated[0]!, status[0]!]);
    }
    expect(ends).toEqual([[0, 0, 0], [0, 1, 0], [0, 0, 1]]); // prettier-ignore
    await client.close();
  });
  it("may come with the end: FrozenLake's goal in step 100 both terminates and truncates", async () => {
    const client = local();
    const env = await client.make("FrozenLake-v1", { seed: 1, params: { isSlippery: false } });
    await env.reset();
    const [LEFT, DOWN, RIGHT] = [0, 1, 2];
    const waits = new Array<number>(94).fill(LEFT);
    const flags: number[][] = [];
    for (const action of [...waits, DOWN, DOWN, RIGHT, DOWN, RIGHT, RIGHT]) {
      const { terminated, truncated, rewards } = await env.step(Int32Array.of(action));
      flags.push([terminated[0]!, truncated[0]!, rewards[0]!]);
    }
    expect([flags.length, flags.at(-2), flags.at(-1)]).toEqual([100, [0, 0, 0], [1, 1, 1]]);
    await client.close();
  });
});
