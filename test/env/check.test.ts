/** checkEnv: for each rule of the plugin contract, a plugin that breaks that rule alone is named for it. */
import { describe, expect, it } from "vitest";
import { assertEnv, checkEnv, CHECK_RULES } from "../../src/env/index.ts";
import { BROKEN_BATCH, BROKEN_BATCH_TOO, walkInColumns } from "./check-batch-plugins.ts";
import { BROKEN as BROKEN_SCALAR, BROKEN_TOO, patientWalk, steer, walk, type WalkState } from "./check-plugins.ts";

const BROKEN = { ...BROKEN_SCALAR, ...BROKEN_BATCH };

const brokenRules = async (...args: Parameters<typeof checkEnv>): Promise<string[]> =>
  (await checkEnv(...args)).failed.map(({ rule }) => rule);

describe("checkEnv", () => {
  it.each([
    ["changes its state in place", walk()],
    ["is async", patientWalk()],
    ["has batch rules", walkInColumns()],
    ["has array actions", steer((_, action) => ({ last: action.slice() }))],
  ])("finds nothing to fail in a plugin that %s", async (_, plugin) => {
    const report = await checkEnv(plugin);
    expect(report).toMatchObject({ failed: [], skipped: [] });
    expect([...report.passed].sort()).toEqual([...CHECK_RULES].sort());
  });

  const rules = CHECK_RULES.filter((name) => name !== "differentSeedsDiffer");
  it.each(rules)("names %s for a plugin that breaks it alone", async (rule) => {
    const report = await checkEnv(BROKEN[rule] ?? walk());
    expect(report.failed).toHaveLength(1);
    const [finding] = report.failed;
    expect(finding?.rule).toBe(rule);
    expect(finding?.message).toMatch(/^(Walk(-v0)?|Steer-v0): /);
    expect(finding?.hint).not.toBe("");
  });

  it.each([...BROKEN_TOO, ...BROKEN_BATCH_TOO])("names %s for %s", async (rule, _, plugin) => {
    expect(await brokenRules(plugin)).toEqual([rule]);
  });

  it("names the env, the rule, the seed, the step, what it expected and what it got", async () => {
    const [nan] = (await checkEnv(BROKEN["rewardsAreFinite"] ?? walk())).failed;
    expect(nan?.message).toBe("Walk-v0: rewardsAreFinite: seed 1, step 1: reward: expected a finite number, got NaN");
    const [random] = (await checkEnv(BROKEN["usesNoHiddenInput"] ?? walk())).failed;
    expect(random?.message).toMatch(/^Walk-v0: usesNoHiddenInput: seed 1, step \d+: .*depends on Math\.random$/);
    const [fell] = (await checkEnv(BROKEN["neverThrows"] ?? walk())).failed;
    expect(fell?.message).toMatch(
      /seed \d+.*, step \d+: threw ENV_FAULT: fell off at 5 \(at test\/env\/check-plugins\.ts:\d+:\d+\)$/,
    );
    const [old] = (await checkEnv(BROKEN["snapshotEqualsContinuing"] ?? walk())).failed;
    expect(old?.message).toContain("seed 2, restored after step 1, step 2: reward: 2, then 1");
  });

  it("names the mode, the frame and the first difference of batch rules", async () => {
    const [finding] = (await checkEnv(BROKEN["batchRulesEqualTheRules"] ?? walk())).failed;
    expect(finding?.message).toBe(
      "Walk-v0: batchRulesEqualTheRules: seed 0, next-step, frame 1 (a step of instances 1, 2, 3, 4, 5): rewards.2: 0, then 1",
    );
  });

  it("does not repeat a secret in its report", async () => {
    const report = await checkEnv(BROKEN["secretsStayHidden"] ?? walk());
    expect(JSON.stringify(report)).not.toContain("lighthouse");
  });

  it("warns of a plugin whose seeds all give the same episode, and does not fail it", async () => {
    const plugin = walk((good) => ({
      reset: () => ({ x: 0, coins: 0 }),
      step: (state: WalkState, action: unknown) => good.step(state, action, { int: () => 1 } as never),
    }));
    const report = await checkEnv(plugin);
    expect(report.failed).toEqual([]);
    expect(report.warnings.map(({ rule }) => rule)).toEqual(["differentSeedsDiffer"]);
  });

  it("warns of a misspelled field and says which one was meant", async () => {
    const { warnings, failed } = await checkEnv(walk(() => ({ maxStep: 10, mask: () => [1, 1] }), { sercet: true }));
    expect(failed).toEqual([]);
    expect(warnings.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
      "Walk-v0: isPlugin: plugin.sercet is unknown and ignored Did you mean secret?",
      "Walk-v0: rulesHaveTheirFunctions: rules.maxStep is unknown and ignored Did you mean maxSteps?",
      "Walk-v0: rulesHaveTheirFunctions: rules.mask is unknown and ignored Did you mean legal?",
    ]);
  });

  it("warns of episodes without an end", async () => {
    const endless = walk((good) => ({
      maxSteps: undefined,
      step: (state: WalkState, action: unknown, rng: Parameters<typeof good.step>[2]) => ({
        ...good.step({ ...state, x: 1 }, action, rng),
        terminated: false,
      }),
    }));
    const { warnings } = await checkEnv(endless);
    expect(warnings[0]?.message).toContain("no episode ended within 1002 random steps");
  });

  it("lets verdicts differ between plays where the plugin says that they depend on time", async () => {
    const timed = (deterministic: boolean): ReturnType<typeof walk> =>
      walk(
        (good) => ({
          step: (state: WalkState, action: unknown, rng: Parameters<typeof good.step>[2]) => ({
            ...good.step(state, action, rng),
            reward: Math.random(),
          }),
        }),
        { deterministic },
      );
    expect(await brokenRules(timed(false))).toEqual([]);
    expect(await brokenRules(timed(true))).toEqual(["usesNoHiddenInput"]);
  });

  it("plays only legal actions where others are errors", async () => {
    const strict = walk((good) => ({
      enforceLegal: true,
      step(state: WalkState, action: unknown, rng: Parameters<typeof good.step>[2]) {
        if (state.x === 0 && action === 0) throw new Error("illegal");
        return good.step(state, action, rng);
      },
    }));
    expect(await brokenRules(strict)).toEqual([]);
  });

  it("gives up on an async step that does not settle within 20 ms", async () => {
    const stuck = walk(() => ({ async: true, step: () => new Promise(() => undefined) }));
    const [finding] = (await checkEnv(stuck, { stepMs: 20 })).failed;
    expect(finding?.rule).toBe("neverThrows");
    expect(finding?.message).toContain("STEP_DEADLINE");
  });

  it("accepts a value that the plugin refuses with BAD_PARAM", async () => {
    const { GymError } = await import("../../protocol/errors.ts");
    const picky = walk(undefined, {
      build({ length }: { length: number }) {
        if (length === 20) throw new GymError("BAD_PARAM", "Walk-v0: param length");
        return (walk().build as (params: object, host: object) => unknown)({ length }, {});
      },
    });
    expect(await brokenRules(picky)).toEqual([]);
  });

  it("checks with the given params", async () => {
    const long = { params: { length: 20 } };
    expect(await brokenRules(BROKEN["paramsPlayAtTheirExtremes"] ?? walk(), long)).toEqual(["buildsWithItsParams"]);
    expect(await brokenRules(walk(), { params: { lenght: 20 } })).toEqual(["buildsWithItsParams"]);
  });

  it("leaves the clock and Math.random as they were", async () => {
    const before = [Math.random, Date, performance.now];
    await checkEnv(BROKEN["usesNoHiddenInput"] ?? walk());
    expect([Math.random, Date, performance.now]).toEqual(before);
    expect(Object.hasOwn(performance, "now")).toBe(false);
  });

  it("says that its time was up", async () => {
    const { warnings, failed } = await checkEnv(walk(), { seconds: -1 });
    expect(failed).toEqual([]);
    expect(warnings.map(({ message }) => message).join()).toContain("half of the time was up after 0 steps");
  });

  it("closes every build that it made", async () => {
    let open = 0;
    const plugin = walk(() => {
      open++;
      return {
        close() {
          open--;
        },
      };
    });
    await checkEnv(plugin);
    expect(open).toBe(0);
  });
});

describe("assertEnv", () => {
  it("throws BAD_PLUGIN with every finding and its hint", async () => {
    const bad = walk(() => ({ render: () => 7, info: () => -1 }));
    await expect(assertEnv(bad)).rejects.toMatchObject({ code: "BAD_PLUGIN" });
    await expect(assertEnv(bad)).rejects.toThrow(/renderGivesTextOrRgb.*\n.*infoStaysInSpace/);
  });
});
