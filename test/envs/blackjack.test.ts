/** Blackjack by hand: the order of draws, aces, busts, the dealer's rule, naturals, and the whole game against its exact value. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import blackjack from "../../envs/blackjack/index.ts";
import { playActions, rulesOf, ScriptedRng, stepOf } from "./support.ts";

const rules = rulesOf(blackjack);
const [STICK, HIT] = [0, 1];
/** Indices into the deck of thirteen ranks; 9 is the first ten. */
const cards = (...values: number[]): number[] => values.map((value) => value - 1);
/** Two cards of the dealer, two of the player, the suit, then what is drawn. */
const deal = (dealer: [number, number], player: [number, number], drawn: number[] = []): ScriptedRng =>
  new ScriptedRng([...cards(...dealer, ...player), 0, ...cards(...drawn)]);
const rewardOf = (rng: ScriptedRng, actions: number[], params = {}): number | undefined => {
  const game = rulesOf(blackjack, params);
  return playActions(game, game.reset(rng), actions, rng).rewards.at(-1);
};

describe("Blackjack-v1", () => {
  it("observes the player's sum, the dealer's first card and a usable ace, and has no time limit", () => {
    const rng = deal([7, 10], [1, 5]);
    expect(rules.observe(rules.reset(rng))).toEqual([16, 7, 1]);
    expect(rng.draws).toBe(5);
    expect(rules.maxSteps).toBeUndefined();
  });
  it("counts an ace 11 while that stays within 21", () => {
    const rng = deal([7, 10], [1, 6], [10, 1]);
    expect(playActions(rules, rules.reset(rng), [HIT, HIT], rng).observations).toEqual([
      [17, 7, 0],
      [18, 7, 0],
    ]);
    const aces = deal([7, 10], [1, 1], [1]);
    expect(playActions(rules, rules.reset(aces), [HIT], aces).observations).toEqual([[13, 7, 1]]);
  });
  it("loses 1 over 21", () => {
    const rng = deal([2, 3], [10, 6], [10]);
    expect(playActions(rules, rules.reset(rng), [HIT, HIT], rng)).toMatchObject({
      observations: [[26, 2, 0]],
      rewards: [-1],
      terminated: true,
    });
  });
  it.each([
    { dealer: [10, 6], drawn: [5], player: [10, 10], reward: -1, what: "21 over 20" },
    { dealer: [10, 6], drawn: [10], player: [2, 3], reward: 1, what: "a bust" },
    { dealer: [10, 7], drawn: [], player: [10, 7], reward: 0, what: "a draw of 17" },
    { dealer: [1, 6], drawn: [], player: [10, 8], reward: 1, what: "a soft 17 that stands" },
    { dealer: [1, 2], drawn: [10, 4], player: [10, 6], reward: -1, what: "an ace that turns hard" },
  ] as const)("gives the dealer $what", ({ dealer, drawn, player, reward }) => {
    const rng = deal([...dealer], [...player], [...drawn]);
    expect(rewardOf(rng, [STICK])).toBe(reward);
    expect(rng.draws).toBe(5 + drawn.length);
  });
  it.each([
    // The player's natural against a three-card 21, a natural, and 17.
    { dealer: [10, 6, 5], sab: 1, plain: 0, natural: 0 },
    { dealer: [1, 10], sab: 0, plain: 0, natural: 0 },
    { dealer: [10, 7], sab: 1, plain: 1, natural: 1.5 },
  ])("pays a natural against $dealer: $sab by the book, $plain plain, $natural with natural", ({ dealer, ...pays }) => {
    const [first = 0, second = 0, ...drawn] = dealer;
    const reward = (params: object): number | undefined =>
      rewardOf(deal([first, second], [1, 10], drawn), [STICK], params);
    expect(reward({})).toBe(pays.sab);
    expect(reward({ sab: true, natural: true })).toBe(pays.sab);
    expect(reward({ sab: false })).toBe(pays.plain);
    expect(reward({ sab: false, natural: true })).toBe(pays.natural);
  });
  it("draws with the dealer's natural when 21 took three cards", () => {
    expect(rewardOf(deal([1, 10], [5, 6], [10]), [HIT, STICK])).toBe(0);
  });
  it("returns over 60,000 hands what the exact model says for sticking on 20: -0.3501", () => {
    const rng = new Rng(21);
    const rewards = Array.from({ length: 60_000 }, () => {
      let state = rules.reset(rng);
      for (;;) {
        const [sum = 0] = rules.observe(state) as number[];
        const transition = stepOf(rules, state, sum >= 20 ? STICK : HIT, rng);
        if (transition.terminated) return transition.reward;
        state = transition.state;
      }
    });
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    // Four standard errors: the deviation of one hand is below 0.94.
    expect(Math.abs(mean + 0.3501)).toBeLessThan((4 * 0.94) / Math.sqrt(60_000));
  });
  it("hides the dealer's second card until the hand is over", () => {
    const rng = deal([10, 7], [1, 5]);
    const state = rules.reset(rng);
    expect(rules.render?.(state)).toBe("dealer 10 of clubs, ? hidden\nplayer A 5 (sum 16)");
    expect(rules.render?.(stepOf(rules, state, STICK, rng).state)).toBe("dealer 10 7 (sum 17)\nplayer A 5 (sum 16)");
  });
});
