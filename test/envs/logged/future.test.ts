/** Nothing of Logged-v0 looks ahead: what the log says of moves that an episode has not made yet changes nothing that it was shown or paid. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Rng, type AnyRules } from "dojang/env";
import { sample } from "dojang/protocol";
import logged, { shippedLog } from "../../../envs/logged/index.ts";
import { buildWith, folderWith } from "../market/support.ts";
import { rulesOf, stepOf } from "../support.ts";

interface Play {
  /** "state,action" of each step. */
  readonly moves: readonly string[];
  /** What was shown after each step, the reset first: observation, reward, end, mask, picture. */
  readonly shown: readonly unknown[];
}

const rulesFor = (csv: string): AnyRules =>
  buildWith(logged, { file: "log.csv", folder: folderWith({ "log.csv": csv }) }).rules;

function play(rules: AnyRules, seed: number, steps: number): Play {
  const rng = new Rng(seed);
  const show = (state: unknown, reward: number, terminated: boolean): unknown =>
    [rules.observe(state), reward, terminated, Array.from(rules.legal!(state)), rules.render!(state)]; // prettier-ignore
  let state = rules.reset(rng) as { at: number };
  const moves: string[] = [];
  const shown = [show(state, 0, false)];
  for (let step = 0; step < steps; step++) {
    const action = sample(rules.action, rng, rules.legal!(state)) as number;
    moves.push(`${state.at},${action}`);
    const transition = stepOf(rules, state, action, rng);
    state = transition.state as { at: number };
    shown.push(show(state, transition.reward, transition.terminated));
    if (transition.terminated) break;
  }
  return { moves, shown };
}

/** The log with other rewards and other shares for all moves but these; what it supports stays. */
const changed = (csv: string, keep: ReadonlySet<string>, factors: readonly number[]): string =>
  csv
    .split("\n")
    .map((line, i) => {
      const [state = "", action = "", next = "", count = "", reward = "", end = ""] = line.split(",");
      if (i === 0 || state === "start" || line === "" || keep.has(`${state},${action}`)) return line;
      const factor = factors[i % factors.length]!;
      return [state, action, next, Number(count) * factor, Number(reward) + factor, end].join(",");
    })
    .join("\n");

const csv = shippedLog();
const rules = rulesOf(logged);

it("the rest of the log changes nothing that was shown or paid before", () => {
  const factors = fc.array(fc.integer({ min: 2, max: 50 }), { minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 40 }), factors, (seed, cut, by) => {
      const before = play(rules, seed, 60);
      const made = new Set(before.moves.slice(0, cut));
      const after = play(rulesFor(changed(csv, made, by)), seed, 60);
      expect(after.shown.slice(0, cut + 1)).toEqual(before.shown.slice(0, cut + 1));
    }),
    { numRuns: 40 },
  );
});

it("a move itself is paid as its own rows say", () => {
  const before = play(rules, 1, 10);
  const after = play(rulesFor(changed(csv, new Set(), [3])), 1, 10);
  expect(after.shown[0]).toEqual(before.shown[0]);
  expect(after.shown[1]).not.toEqual(before.shown[1]);
});
