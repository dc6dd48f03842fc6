/** Random finite worlds: under all three autoreset modes, in batches of any size and order, the same seeds give the same episodes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Autoreset, Frame } from "../../protocol/frames.ts";
import { discrete, Rng, rules } from "../../src/env/index.ts";
import { runnerOf } from "./runner-support.ts";

const ACTIONS = 3;

/** States, actions and rewards by chance: `shape` draws the world, the episode's own generator draws where each step leads. */
function randomWorld(shape: number, states: number) {
  const rng = new Rng(shape);
  const ways = Array.from({ length: states * ACTIONS }, () =>
    Array.from({ length: 2 }, () => ({
      next: rng.int(states),
      reward: rng.int(21) - 10,
      terminated: rng.int(5) === 0,
    })),
  );
  return rules({
    action: discrete(ACTIONS),
    observation: discrete(states),
    maxSteps: 6,
    reset: (draw) => ({ at: draw.int(states), lucky: draw.int(2) }),
    step(state, action, draw) {
      const way = ways[state.at * ACTIONS + action]?.[draw.int(2)];
      if (way === undefined) throw new Error(`no way from ${state.at}`);
      state.at = way.next;
      return { state, reward: way.reward, terminated: way.terminated };
    },
    observe: ({ at }) => at,
    legal: ({ lucky }) => [true, lucky === 1, true],
  });
}

/** What one episode shows: observations, masks, rewards and the flags of its end. */
type Episode = (number | string)[];

/** The action of step t of episode e of instance i, whatever else goes on. */
const scripted = (script: number, instance: number, episode: number, t: number): number =>
  new Rng(script + 1000 * instance + 100_000 * episode + t).int(ACTIONS);

interface Walk {
  readonly mode: Autoreset;
  readonly num: number;
  readonly frames: number;
  readonly seed: number;
  readonly script: number;
  /** Steps rows one by one, the last first, instead of all together. */
  readonly apart: boolean;
}

/** Finished episodes by "instance/episode". */
function play(world: ReturnType<typeof randomWorld>, { mode, num, frames, seed, script, apart }: Walk) {
  const runner = runnerOf(world, { num, seed, autoreset: mode });
  const open = Array.from({ length: num }, (): { episode: number; seen: Episode } => ({ episode: -1, seen: [] }));
  const done = new Map<string, Episode>();
  const see = (frame: Frame, row: number, place: number): void => {
    const at = open[row] as (typeof open)[number];
    const fresh = frame.seeds?.index.includes(place) === true;
    const obs = frame.observations as unknown as Int32Array;
    const width = ACTIONS;
    const shown = [obs[place] as number, String(frame.mask?.slice(place * width, place * width + width))];
    if (frame.status[place] === 0) {
      const k = frame.final?.index.indexOf(place) ?? -1;
      const last = frame.final && k >= 0 ? [(frame.final.observations as unknown as Int32Array)[k] as number, String(frame.final.mask?.slice(k * width, k * width + width))] : shown; // prettier-ignore
      at.seen.push(frame.rewards[place] as number, ...last);
    }
    const flags = `${frame.terminated[place]}${frame.truncated[place]}`;
    if (flags !== "00") done.set(`${row}/${at.episode}`, [...at.seen, flags]);
    if (fresh) open[row] = { episode: at.episode + 1, seen: shown };
  };
  const first = runner.reset();
  for (let row = 0; row < num; row++) see(first, row, row);
  for (let k = 0; k < frames; k++) {
    const actionOf = (row: number): number => {
      const { episode, seen } = open[row] as (typeof open)[number];
      return scripted(script, row, episode, seen.length);
    };
    if (apart) {
      for (let row = num - 1; row >= 0; row--)
        see(runner.step(Int32Array.of(actionOf(row)), { index: Uint32Array.of(row) }), row, 0);
    } else {
      const frame = runner.step(Int32Array.from({ length: num }, (_, row) => actionOf(row)));
      for (let row = 0; row < num; row++) see(frame, row, row);
    }
    if (mode === "disabled") {
      const over = Uint8Array.from(open, (_, row) => (done.has(`${row}/${open[row]?.episode}`) ? 1 : 0));
      if (!over.includes(1)) continue;
      const frame = runner.reset({ mask: over });
      frame.index?.forEach((row, place) => see(frame, row, place));
    }
  }
  return done;
}

const walks = fc.record({ shape: fc.nat(1e6), states: fc.integer({ min: 1, max: 6 }), seed: fc.nat(), script: fc.nat(1e6), num: fc.integer({ min: 1, max: 4 }) }); // prettier-ignore

describe("episodes of a random finite world", () => {
  it("are the same under next-step, same-step and disabled, together and apart", () => {
    fc.assert(
      fc.property(walks, ({ shape, states, seed, script, num }) => {
        const world = randomWorld(shape, states);
        const walk = { num, frames: 40, seed, script, apart: false };
        const one = play(world, { ...walk, mode: "next-step" });
        // 40 frames hold at least 5 episodes of at most 6 steps and a reset row.
        expect(one.size).toBeGreaterThanOrEqual(5 * num);
        for (const mode of ["same-step", "disabled", "next-step"] as const) {
          const other = play(world, { ...walk, mode, apart: mode === "next-step" });
          for (const [name, episode] of one) expect([name, other.get(name)]).toEqual([name, episode]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("do not depend on how many instances there are", () => {
    fc.assert(
      fc.property(walks, ({ shape, states, seed, script, num }) => {
        const world = randomWorld(shape, states);
        const walk = { frames: 20, seed, script, apart: false, mode: "same-step" } as const;
        const few = play(world, { ...walk, num });
        const many = play(world, { ...walk, num: num + 3 });
        for (const [name, episode] of few) expect(many.get(name)).toEqual(episode);
      }),
      { numRuns: 20 },
    );
  });
});
