/** A batch env whose plugin fails in every way it can: the rows that fail, and what is told of them, are those of the scalar rules. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GymError } from "../../protocol/errors.ts";
import { AUTORESET, type JsonValue } from "../../protocol/frames.ts";
import { dict, discrete, Rng, rules, tuple } from "../../src/env/index.ts";
import { firstBatchDifference } from "../../src/env/check-rules/batch-play.ts";
import { built, codes, ints, runnerOf } from "./runner-support.ts";

/** What each action does beside counting. */
const ACTION = { count: 0, end: 1, throw: 2, nan: 3, hide: 4, later: 5, uninformed: 6 } as const;

interface Clock {
  ticks: number;
  luck: number;
  /** The next look at it fails. */
  hidden: number;
}

function tick(clock: Clock, action: number, rng: Rng): { reward: number; terminated: boolean } {
  clock.ticks++;
  clock.luck = rng.int(100);
  if (action === ACTION.throw) throw new Error("the spring broke");
  if (action === ACTION.later && clock.luck < 50) throw new GymError("VERIFIER_UNAVAILABLE", "spring: wait");
  if (action === ACTION.hide) clock.hidden = 1;
  if (action === ACTION.uninformed) clock.hidden = 2;
  return { reward: action === ACTION.nan ? NaN : clock.luck, terminated: action === ACTION.end };
}

const shown = ({ ticks, hidden }: Clock): number => (hidden === 1 ? 1_000 : ticks);

/** The episode's first state; one in five fails for good, one in five for now. */
function wind(rng: Rng, options?: JsonValue): Clock {
  const luck = rng.int(100);
  if (options === "broken" || luck < 10) throw new Error("no spring");
  if (options === "later" || luck < 20) throw new GymError("VERIFIER_UNAVAILABLE", "spring: none yet");
  // One in ten begins with something that cannot be shown.
  return { ticks: 0, luck, hidden: luck < 30 ? 1 : 0 };
}

const clock = (resets: boolean, enforceLegal: boolean) =>
  rules({
    action: discrete(7),
    observation: tuple(discrete(500), dict({ luck: discrete(100) })),
    infoSpace: discrete(500),
    maxSteps: 7,
    enforceLegal,
    reset: (rng, options) => wind(rng, options),
    step: (state: Clock, action: number, rng) => ({ state, ...tick(state, action, rng) }),
    observe: (state) => [shown(state), { luck: state.luck }],
    legal({ luck }) {
      if (luck === 99) throw new Error("no law");
      return [true, true, true, true, true, luck > 30, luck > 10];
    },
    info: ({ ticks, hidden }) => (hidden === 2 ? -1 : ticks),
    batch: {
      columns: (num) => Array.from({ length: num }, (): Clock => ({ ticks: 0, luck: 0, hidden: 0 })),
      load(clocks, row, state) {
        clocks[row] = { ...state };
      },
      save: (clocks, row) => ({ ...clocks[row]! }),
      step(clocks, { rows, actions, rngs, rewards, terminated }) {
        rows.forEach((row, k) => {
          const moved = tick(clocks[row]!, actions[k]!, rngs[row]!);
          rewards[k] = moved.reward;
          terminated[k] = moved.terminated ? 1 : 0;
        });
      },
      observe(clocks, rows, [ticks, { luck }]) {
        rows.forEach((row, k) => {
          ticks[k] = shown(clocks[row]!);
          luck[k] = clocks[row]!.luck;
        });
      },
      ...(resets && {
        reset(clocks: Clock[], row: number, rng: Rng) {
          clocks[row] = wind(rng);
        },
      }),
    },
  });

const plays = fc.record({
  seed: fc.nat(),
  autoreset: fc.constantFrom(...AUTORESET),
  num: fc.integer({ min: 1, max: 6 }),
});

describe("batch rules of a plugin that fails", () => {
  it.each([
    ["with a reset of their own", true, false],
    ["that load what the scalar reset gives", false, false],
    ["where legality is enforced", true, true],
  ])("%s tell the same of the same rows as its scalar rules", async (_, resets, enforceLegal) => {
    const env = built(clock(resets, enforceLegal));
    const options = (draws: Rng): never => ["broken", "later", null, null, null, null][draws.int(6)] as never;
    // Mostly harmless: episodes are to get somewhere.
    const actions = (rows: number, draws: Rng): Int32Array =>
      Int32Array.from({ length: rows }, () => (draws.int(4) > 0 ? 0 : draws.int(8)));
    await fc.assert(
      fc.asyncProperty(plays, fc.boolean(), async (play, more) => {
        const difference = await firstBatchDifference(env, { ...play, frames: 60, actions, ...(more && { options }) });
        expect(difference).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it("lose the row that threw and step the others", () => {
    const runner = runnerOf(clock(true, false), { num: 4, seed: 12, byColumnsFrom: 1, autoreset: "disabled" });
    runner.reset({ seeds: [1, 2, 3, 4].map(quietSeed) });
    const frame = runner.step(ints(0, ACTION.throw, 0, 0));
    expect(codes(frame)).toEqual({ 1: "ENV_FAULT" });
    expect(frame.errors?.[0]?.message).toContain("instance 1, episode 0, step 0: step: the spring broke");
    expect(Array.from(frame.status)).toEqual([0, 2, 0, 0]);
    expect((frame.observations as unknown as [Int32Array])[0]).toEqual(ints(1, 0, 1, 1));
  });
});

/** A seed whose episodes begin well: the k-th from 1 on. */
function quietSeed(k: number): number {
  let seed = 0;
  for (let found = 0; found < k; seed++) if (new Rng(seed).int(100) >= 30) found++;
  return seed - 1;
}
