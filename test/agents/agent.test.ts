/** What every agent gets from the shared parts: checked hyperparameters, spaces that fit, a guard against NaN, needs, ids. */
import {
  agents,
  anySpace,
  defineAgent,
  dqn,
  findAgent,
  mergeSettings,
  parseSettings,
  ppo,
  qLearning,
  random,
  sarsaLambda,
  type AnyAgent,
} from "dojang/agents";
import { real, record, resolveParams } from "dojang/env";
import { box, dict, discrete, GymError, tuple, type Space } from "dojang/protocol";
import { lastValueFrom, map, of } from "rxjs";
import { describe, expect, it } from "vitest";
import { batchOf } from "./batches.ts";

const spaces = { observation: discrete(100), action: discrete(4) };
const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(GymError);
    return (error as GymError).message;
  }
  return "no error";
};

describe("spaces", () => {
  it("that do not fit are refused with both sides named", () => {
    const observation = box([4], -1, 1, "float32");
    expect(message(() => qLearning({ observation, action: discrete(2) }))).toMatch(
      /q-learning: observation space of the env: expected a finite space .*got "box\(4\) float32"/,
    );
    expect(message(() => qLearning({ observation: discrete(2), action: observation }))).toMatch(
      /action space .*expected a discrete space/,
    );
  });

  it("of more than 2^24 states are refused before any memory is taken", () => {
    const observation = tuple(discrete(10_000), discrete(10_000));
    expect(message(() => qLearning({ observation, action: discrete(2) }))).toMatch(
      /expected at most 16777216 values, got 100000000/,
    );
  });

  it("of tuples and dicts with a start other than 0 have one row of the table for each value", async () => {
    const observation: Space = tuple(discrete(3, 5), dict({ ace: discrete(2) }));
    const learner = qLearning({ observation, action: discrete(2, 7) }, { alpha: 1, gamma: 0 }, { seed: 1 });
    const rows = [0, 1, 2, 3, 4, 5];
    const obs = [Int32Array.from(rows, (i) => 5 + Math.floor(i / 2)), { ace: Int32Array.from(rows, (i) => i % 2) }];
    const batch = batchOf(rows.map((t) => ({ t, r: 1 + t })));
    const action = new Int32Array(6).fill(8);
    await lastValueFrom(of({ ...batch, obs: obs as never, next: obs as never, action }).pipe(learner.learn));
    const { q } = learner.save() as unknown as { q: { values: Float64Array } };
    expect(Array.from(q.values)).toEqual([0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]);
  });
});

describe("hyperparameters", () => {
  it("get their defaults, down to nested ones", () => {
    expect(qLearning(spaces, { epsilon: { to: 0.2 } }).config).toMatchObject({
      alpha: 0.1,
      epsilon: { from: 1, to: 0.2, over: 50_000 },
    });
  });

  it("out of range are refused with the range", () => {
    expect(message(() => qLearning(spaces, { gamma: 1.5 }))).toBe(
      "q-learning: param gamma: expected a finite number in 0..1, got 1.5",
    );
    expect(message(() => qLearning(spaces, { epsilon: { to: -1 } }))).toMatch(
      /param epsilon\.to: expected a finite number in 0\.\.1, got -1/,
    );
  });

  it("that are unknown are refused with the nearest name", () => {
    expect(message(() => qLearning.create(spaces, { gama: 0.9 }))).toMatch(/param gama: .*Did you mean "gamma"\?/);
  });

  it("are read from key=value settings, with types from the schema", () => {
    expect(
      parseSettings(sarsaLambda, ["alpha=0.25", "epsilon.to=0.01", "traces=accumulating", "epsilon.over=1e3"]),
    ).toEqual({
      alpha: 0.25,
      epsilon: { to: 0.01, over: 1_000 },
      traces: "accumulating",
    });
  });

  it("in settings that are wrong are refused in one line", () => {
    expect(message(() => parseSettings(qLearning, ["epsilon.too=1"]))).toMatch(
      /--set: expected one of .*Did you mean "epsilon\.to"\?/,
    );
    expect(message(() => parseSettings(qLearning, ["alpha"]))).toMatch(/--set: expected key=value, got "alpha"/);
    expect(message(() => parseSettings(qLearning, ["alpha=fast"]))).toMatch(
      /--set alpha: expected a number, got "fast"/,
    );
    expect(message(() => parseSettings(qLearning, ["__proto__.x=1"]))).toMatch(/--set: expected one of/);
  });

  it("are merged record by record, the later ones winning", () => {
    expect(mergeSettings({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 4 } })).toEqual({ a: 1, b: { c: 2, d: 4 } });
  });

  it("that change over a run may be plain numbers: 0.3 is 0.3 from the first step to the last", () => {
    const still = { from: 0.3, to: 0.3, over: 0 };
    expect(qLearning(spaces, { epsilon: 0.3 }).config["epsilon"]).toEqual(still);
    expect(qLearning.create(spaces, parseSettings(qLearning, ["epsilon=0.3"])).config["epsilon"]).toEqual(still);
    expect(mergeSettings({ epsilon: { from: 1, to: 0, over: 9 } }, { epsilon: 0.3 })).toEqual({ epsilon: 0.3 });
    const [to, over] = ["epsilon.to=0.1", "epsilon.over=200"];
    const down = { epsilon: { from: 0.3, to: 0.1, over: 200 } };
    expect(parseSettings(qLearning, ["epsilon=0.3", to, over])).toEqual(down);
    expect(mergeSettings({ epsilon: 0.3 }, parseSettings(qLearning, [to, over]))).toEqual(down);
    expect(message(() => qLearning(spaces, { epsilon: 2 }))).toMatch(/epsilon\.from: expected .* in 0\.\.1, got 2$/);
    expect(message(() => qLearning.create(spaces, { epsilon: "low" }))).toMatch(/epsilon: expected a number, or an object with fields from, to, over, got "low"/); // prettier-ignore
    expect(message(() => parseSettings(qLearning, ["epsilon=low"]))).toMatch(/epsilon: expected a number, got "low"/);
    // No other record is given by a number.
    expect(message(() => resolveParams({ id: "x", params: { r: record({ from: real(0, { min: 0, max: 1 }) }) } }, { r: 1 }))).toMatch(/param r: expected an object with/); // prettier-ignore
  });

  it.each([
    [ppo, "learning_rate", "learningRate"],
    [ppo, "learning-rate.to", "learningRate.to"],
    [ppo, "lr", "learningRate"],
    [qLearning, "lr", "alpha"],
    [qLearning, "learning_rate", "alpha"],
    [ppo, "n_steps", "steps"],
    [dqn, "n_steps", "nSteps"],
    [ppo, "batch_size", "minibatch"],
    [dqn, "batch_size", "batch"],
    [dqn, "buffer_size", "capacity"],
    [ppo, "gae_lambda", "lambda"],
    [qLearning, "epsilo", "epsilon"],
    [qLearning, "epsilon.form", "epsilon.from"],
  ])("named as elsewhere are told their name here: $1 is $2", (agent: AnyAgent, word: string, name: string) => {
    const hint = `Did you mean "${name}"?`;
    expect(message(() => parseSettings(agent, [`${word}=1`]))).toContain(hint);
    if (!word.includes(".")) expect(message(() => agent.create(spaces, { [word]: 1 }))).toContain(hint);
  });
});

describe("a learner", () => {
  it("stops at the first value that is not finite, names table, state and action, and keeps the entry", async () => {
    const learner = qLearning(spaces, {}, { seed: 1 });
    const bad = batchOf([{ t: 0, s: 7, a: 2, r: Infinity }]);
    await expect(lastValueFrom(of(bad).pipe(learner.learn))).rejects.toMatchObject({
      code: "NOT_A_NUMBER",
      message: expect.stringMatching(
        /q-learning: table q, state 7, action 2: expected a finite value, got Infinity/,
      ) as string,
    });
    const { q } = learner.save() as unknown as { q: { values: Float64Array } };
    expect(q.values[7 * 4 + 2]).toBe(0);
  });

  it("refuses transitions that lack a column it needs, and says which", async () => {
    const needy = defineAgent({
      id: "needy",
      summary: "for tests",
      spaces: { observation: anySpace, action: anySpace },
      config: { rate: real(1, { min: 0, max: 1 }) },
      needs: ["logProb"],
      build: () => {
        const act = ({ n }: { n: number }) => ({ action: new Int32Array(n) });
        return { act, policy: act, learn: map((batch) => ({ rows: batch.length })) };
      },
    });
    const learn = (batch: ReturnType<typeof batchOf>) => lastValueFrom(of(batch).pipe(needy(spaces).learn));
    await expect(learn(batchOf([{ t: 0, r: 1 }]))).rejects.toThrow(
      /needy: extras: expected a column "logProb", got \[\]/,
    );
    expect(await learn(batchOf([{ t: 0, r: 1 }], { logProb: Float32Array.of(-1) }))).toEqual({ rows: 1 });
  });

  it("given no seed draws one, which repeats its actions", async () => {
    const view = { n: 8, obs: new Int32Array(8), first: new Uint8Array(8), env: new Uint32Array(8), episode: new Float64Array(8), t: new Int32Array(8) }; // prettier-ignore
    const drawn = random(spaces);
    const again = random(spaces, {}, { seed: drawn.seed });
    expect(await again.act(view)).toEqual(await drawn.act(view));
    expect(random(spaces).seed).not.toBe(drawn.seed);
  });
});

describe("agents by id", () => {
  it("are found, and there are 6 of them at least", () => {
    expect(Object.keys(agents).length).toBeGreaterThanOrEqual(6);
    for (const id of Object.keys(agents)) expect(findAgent(id).id).toBe(id);
  });

  it("that are mistyped are refused with the nearest id", () => {
    expect(message(() => findAgent("q-lerning"))).toMatch(
      /agent: expected one of .*got "q-lerning"\. Did you mean "q-learning"\?/,
    );
    expect(() => findAgent("toString")).toThrow(expect.objectContaining({ code: "UNKNOWN_AGENT" }) as Error);
  });
});
