/** Soft actor-critic: the squashed policy on host and device, a temperature that meets the wanted entropy, and settings that are refused. */
import { agents, discreteSac, rollout, sac, type Metrics } from "dojang/agents";
import { local } from "dojang/client/local";
import { box, defineEnv, discrete, Rng, rules } from "dojang/env";
import { lastValueFrom, toArray } from "rxjs";
import { describe, expect, it, onTestFinished } from "vitest";
import { np } from "../../agents/nets/backend.ts";
import { boundedBox, squashed } from "../../agents/nets/squashed.ts";

describe("a squashed policy", () => {
  const space = box([2], [-3, 0], [1, 10], "float64");
  const head = squashed(space);

  it("stays within its box, also where it is certain of a corner, and comes back to -1 .. 1", () => {
    const actions = head.draw(Float32Array.of(50, -50, 0, 0), Float32Array.of(9, 9, -9, -9), 2, new Rng(1));
    const [a, b, c, d] = actions as Float64Array & [number, number, number, number];
    expect([a, b]).toEqual([1, 0]);
    expect(c).toBeCloseTo(-1, 1);
    expect(d).toBeCloseTo(5, 0);
    expect(Array.from(head.toUnit(Float64Array.of(1, 0, -1, 5)))).toEqual([1, -1, 0, 0]);
  });

  it("has the log-probabilities of its density: it adds up to 1 over -1 .. 1", () => {
    // One number a row: the same mean and spread, and noise that runs over the line.
    const one = squashed(box([1], -1, 1));
    const n = 4_001;
    const at = (value: number) => np.array(new Float32Array(n).fill(value)).reshape([n, 1]);
    const noise = np.array(Float32Array.from({ length: n }, (_, i) => -6 + (12 * i) / (n - 1))).reshape([n, 1]);
    const { action, logProb } = one.sample(at(0.4), at(0.3), noise);
    const [u, logP] = [action.dataSync(), logProb.dataSync()];
    let total = 0;
    for (let i = 1; i < n; i++) {
      const height = (Math.exp(Number(logP[i])) + Math.exp(Number(logP[i - 1]))) / 2;
      total += height * (Number(u[i]) - Number(u[i - 1]));
    }
    expect(total).toBeCloseTo(1, 2);
  });

  it("fits boxes of floats with finite bounds alone", () => {
    expect(boundedBox.fits(space)).toBe(true);
    for (const other of [discrete(2), box([1], -Infinity, 1), box([2], 0, 3, "int32")])
      expect(boundedBox.fits(other)).toBe(false);
  });
});

/** Nothing to learn but how sure to be: every action pays the same. */
const idle = (id: string, action: ReturnType<typeof discrete> | ReturnType<typeof box>) =>
  defineEnv({
    id,
    build: () =>
      rules({
        action,
        observation: discrete(1),
        reset: () => 0,
        step: (state) => ({ state, reward: 0, terminated: true }),
        observe: () => 0,
        ...(action.kind === "discrete" && { legal: () => [true, true, false, false] }),
      }),
  });

describe("the temperature", () => {
  const STILL = { from: 0.01, to: 0.01, over: 0 };
  const entropies = async (id: "sac" | "discrete-sac", config: object): Promise<Metrics[]> => {
    const [still, choices] = [idle("test/Still-v0", box([1], -1, 1)), idle("test/Choices-v0", discrete(4))];
    const client = local({ plugins: [still, choices] });
    onTestFinished(() => client.close());
    const env = await client.make(id === "sac" ? still.id : choices.id, { num: 4, seed: 1 });
    const learner = agents[id]?.create(env.spaces, { hidden: [8], batch: 32, start: 64, every: 4, learningRate: STILL, ...config }, { seed: 2 }); // prettier-ignore
    if (learner === undefined) throw new RangeError(id);
    return lastValueFrom(rollout(env, learner.act, { steps: 1_600 }).pipe(learner.learn, toArray()));
  };

  it("rises while actions are surer than wanted, and falls while they are less sure, for actions in a box", async () => {
    // A uniform density on -1 .. 1 has an entropy of log 2 = 0.69; no policy has more.
    const [wild, calm] = [await entropies("sac", { entropy: 2 }), await entropies("sac", { entropy: -3 })];
    expect(wild.at(-1)?.["alpha"]).toBeGreaterThan(2);
    expect(calm.at(-1)?.["alpha"]).toBeLessThan(0.5);
  });

  it("goes by the legal actions: 2 of 4 have an entropy of log 2 at most", async () => {
    const last = (await entropies("discrete-sac", { entropy: 0.5 })).at(-1);
    expect(last?.["entropy"]).toBeLessThanOrEqual(Math.LN2 + 1e-3);
    expect(last?.["alpha"]).toBeLessThan(0.5);
  });
});

describe("settings", () => {
  const observation = box([4], -1, 1);
  it("that do not fit are refused in one line", () => {
    expect(() => sac({ observation, action: discrete(2) })).toThrow(
      /sac: action space of the env: expected a box of floats with finite bounds, got "discrete\(2\)"/,
    );
    expect(() => discreteSac({ observation, action: box([1], 0, 1) })).toThrow(/expected a discrete space/);
    expect(() => sac({ observation, action: box([1], 0, 1) }, { tau: 2 })).toThrow(
      /param tau: expected .*0\.\.1, got 2/,
    );
  });
});
