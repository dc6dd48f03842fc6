/** Catch: the fall, the edges, the pay, the exact value of random play. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import plugin from "../../../envs/catch/index.ts";
import { rulesOf, ScriptedRng, stepOf } from "../support.ts";

const rules = rulesOf(plugin);
const [LEFT, STAY, RIGHT] = [0, 1, 2];

/** Rewards of one episode; the ball falls in the drawn column. */
function play(column: number, actions: readonly number[]): { rewards: number[]; terminated: boolean; state: unknown } {
  let state = rules.reset(new ScriptedRng([column]));
  const rewards: number[] = [];
  let terminated = false;
  for (const action of actions) {
    const transition = stepOf(rules, state, action, new Rng(0));
    ({ state, terminated } = transition);
    rewards.push(transition.reward);
  }
  return { rewards, terminated, state };
}

const nine = (action: number, count = 9): number[] => new Array<number>(count).fill(action);

describe("Catch-v0", () => {
  it("falls 9 rows and pays +1 when the paddle is under the ball on the last one, else -1", () => {
    expect(play(2, nine(STAY))).toMatchObject({ rewards: [...nine(0, 8), 1], terminated: true });
    expect(play(3, nine(STAY))).toMatchObject({ rewards: [...nine(0, 8), -1], terminated: true });
    expect(play(2, nine(STAY, 8)).terminated).toBe(false);
  });
  it("stops the paddle at both edges", () => {
    expect(play(0, nine(LEFT)).rewards.at(-1)).toBe(1);
    expect(play(4, nine(RIGHT)).rewards.at(-1)).toBe(1);
  });
  it("catches every ball by moving towards it: a best return of 1 in all 5 columns", () => {
    for (let column = 0; column < 5; column++) {
      const way = column < 2 ? LEFT : RIGHT;
      const steps = Math.abs(column - 2);
      expect(play(column, [...nine(way, steps), ...nine(STAY, 9 - steps)]).rewards.at(-1)).toBe(1);
    }
  });
  it("observes a board of 10 x 5 with the ball and the paddle, one cell where they meet", () => {
    const boardOf = (state: unknown): number[] => {
      const out = new Uint8Array(50);
      rules.observe(state, out);
      return Array.from(out.entries()).flatMap(([cell, value]) => (value === 1 ? [cell] : []));
    };
    expect(boardOf(rules.reset(new ScriptedRng([4])))).toEqual([4, 47]);
    expect(boardOf(play(2, nine(STAY)).state)).toEqual([47]);
  });
  it("returns -0.6 to a random player: the ball's column is drawn apart from the paddle's", () => {
    const rng = new Rng(4);
    let sum = 0;
    for (let episode = 0; episode < 5_000; episode++) {
      let state = rules.reset(rng);
      for (let step = 0; step < 9; step++) {
        const transition = stepOf(rules, state, rng.int(3), rng);
        state = transition.state;
        sum += transition.reward;
      }
    }
    // Caught in 1 of 5 whatever the paddle does: 2/5 - 1. Four standard errors of 0.8 / sqrt(5,000).
    expect(Math.abs(sum / 5_000 + 0.6)).toBeLessThan((4 * 0.8) / Math.sqrt(5_000));
  });
  it("shows the ball, the paddle and where they meet", () => {
    const small = rulesOf(plugin, { rows: 3, columns: 3 });
    const state = small.reset(new ScriptedRng([0]));
    expect(small.render!(state)).toBe("o..\n...\n.=.");
    stepOf(small, state, LEFT, new Rng(0));
    stepOf(small, state, STAY, new Rng(0));
    expect(small.render!(state)).toBe("...\n...\n@..");
  });
  it("draws pixels with renderMode rgb, also of a board of 100 x 100", () => {
    const state = { ballX: 0, ballY: 0, paddleX: 0 };
    const large = rulesOf(plugin, { rows: 100, columns: 100, renderMode: "rgb" });
    expect(large.render!(state)).toMatchObject({ width: 500, height: 500, rgb: { length: 750_000 } });
  });
});
