/** One policy with experts for several games: it learns them all, its experts become evenly busy, and which of them see which game is told. */
import { evaluate, findAgent, rollout, toSafetensors, train } from "dojang/agents";
import { box, defineEnv, dict, discrete, rules } from "dojang/env";
import { local } from "dojang/client/local";
import { lastValueFrom } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";

/** Three games at once, one step each: the action that is right for the sign of x is another one in each game. */
const games = defineEnv({
  id: "test/Games-v0",
  build: () =>
    rules({
      action: discrete(3),
      observation: dict({ game: discrete(3), x: box([1], -1, 1) }),
      reset: (rng) => ({ game: rng.int(3), x: rng.int(2) === 0 ? -1 : 1 }),
      step: (state, action) => ({
        state,
        reward: action === (state.game + (state.x > 0 ? 1 : 0)) % 3 ? 1 : 0,
        terminated: true,
      }),
      observe: ({ game, x }, out) => {
        out.x[0] = x;
        return { game };
      },
    }),
});

const CONFIG = {
  ...{ net: "moe", experts: 4, hidden: [32], steps: 32, minibatch: 256, epochs: 8, gamma: 0.9, entropyCoef: 0.1 },
  learningRate: { from: 0.003, to: 0.003, over: 0 },
};

function client() {
  const made = local({ plugins: [games] });
  onTestFinished(() => made.close());
  return made;
}

describe("a policy with experts", () => {
  it("learns three games, and tells each expert's share of each game", async () => {
    const env = await client().make("test/Games-v0", { num: 16, seed: 3 });
    const learner = findAgent("ppo").create(env.spaces, CONFIG, { seed: 3 });
    const metrics = await lastValueFrom(rollout(env, learner.act, { steps: 12_288 }).pipe(learner.learn));
    const { mean } = await evaluate(await client().make("test/Games-v0", { num: 8, seed: 9 }), learner.policy, {
      episodes: 100,
      seed: 2,
    });
    expect(mean).toBe(1);
    expect(metrics["actor.moe/max_violation"]).toBeGreaterThan(0);
    const shares = [0, 1, 2].map((game) =>
      [0, 1, 2, 3].map((expert) => metrics[`actor.moe/game ${game}/expert ${expert}`]!),
    );
    for (const game of shares) expect(game.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    // Not every game is seen by the same experts.
    expect(Math.max(...[0, 1, 2, 3].map((e) => Math.abs(shares[0]![e]! - shares[1]![e]!)))).toBeGreaterThan(0.1);
  }, 60_000);

  it("goes on from a saved state as if nothing had happened, the shares included", async () => {
    const { spaces } = await client().make("test/Games-v0", { num: 8, seed: 4 });
    const make = () => findAgent("ppo").create(spaces, CONFIG, { seed: 5 });
    const [one, other] = [make(), make()];
    const play = async (learner: typeof one) =>
      lastValueFrom(rollout(await client().make("test/Games-v0", { num: 8, seed: 4 }), learner.act, { steps: 512 }).pipe(learner.learn)); // prettier-ignore
    await play(one);
    other.load(one.save());
    const [mine, theirs] = [await play(one), await play(other)];
    expect(theirs).toEqual(mine);
    expect(Object.keys(mine)).toContain("critic.moe/game 2/expert 3");
    expect(other.save()).toEqual(one.save());
  });

  it.each(["a2c", "reinforce", "dqn"])("is a net of %s too", async (agentId) => {
    const config = { net: "moe", hidden: [8], experts: 3 };
    const result = await train({ client: client(), agentId, envId: "test/Games-v0", steps: 600, num: 4, seed: 1, config }); // prettier-ignore
    // The head of a safetensors file names every parameter.
    expect(new TextDecoder().decode(toSafetensors(result.learner.save()))).toContain("moe.experts.in");
  });
});
