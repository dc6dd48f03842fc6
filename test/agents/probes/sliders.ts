/** The same questions for actions in a box: rooms with a slider in each, and what it is worth to push it. */
import { box, defineEnv, list, rules, string, type Rng } from "dojang/env";
import { GAMMA } from "./rooms.ts";

/** What a push, in -1 .. 1, pays, and where it leads; without `to` the episode ends. `before` is the push in the room before. */
interface Outcome {
  readonly pays: number;
  readonly to?: string;
}

export interface Slider {
  push(u: number, before: number, rng: Rng): Outcome;
  /** Episodes begin here, too. */
  readonly start?: boolean;
  /** As of rooms. */
  readonly via?: string;
  readonly value?: number;
  /** The push to be chosen. */
  readonly best?: number;
  /** As of rooms. */
  readonly paid?: number;
}

/** From 0 for a push of -1 to 1 for one of 1. */
const share = (u: number): number => (1 + u) / 2;
const missed = (u: number, target: number): Outcome => ({ pays: -((u - target) ** 2) });

/** The same limit of two steps as the rooms. */
const ALL = {
  one: { push: () => ({ pays: 1 }), start: true, value: 1 },
  minusOne: { push: () => ({ pays: -1 }), start: true, value: -1 },
  before: { push: () => ({ pays: 0, to: "one" }), start: true, value: GAMMA },
  endless: { push: () => ({ pays: 1, to: "endless" }), value: 1 / (1 - GAMMA) },
  beforeEndless: { push: () => ({ pays: 0, to: "endless" }), start: true, value: GAMMA / (1 - GAMMA) },
  // A reward that depends on the action, and on observation and action both.
  up: { push: (u) => missed(u, 0.5), start: true, best: 0.5 },
  down: { push: (u) => missed(u, -0.5), start: true, best: -0.5 },
  // Less now is more later: 1 against 1.2, discounted to 0.6, and against 4, discounted to 2.
  impatient: { push: (u) => ({ pays: 1 - share(u), to: "some" }), start: true, best: -1, paid: 1 },
  some: { push: (_, before) => ({ pays: 1.2 * share(before) }) },
  patient: { push: (u) => ({ pays: 1 - share(u), to: "much" }), start: true, best: 1, paid: 1 },
  much: { push: (_, before) => ({ pays: 4 * share(before) }) },
  // Ends and pays 1.5 the likelier, the lower the push; else 1 and all that follows: 1 if the limit were an end, else 2.
  stay: {
    push: (u, _, rng) => (rng.uniform() < share(u) ? { pays: 1, to: "stay" } : { pays: 1.5 }),
    best: 1,
    via: "beforeStay",
    paid: -1,
  },
  beforeStay: { push: () => ({ pays: 0, to: "stay" }), start: true },
} as const satisfies Record<string, Slider>;

export type SliderName = keyof typeof ALL;
export const SLIDERS: Readonly<Record<SliderName, Slider>> = ALL;
export const SLIDER_NAMES = Object.keys(SLIDERS) as SliderName[];
const STARTS = SLIDER_NAMES.filter((name) => SLIDERS[name].start);

/** Numbers of an observation: a 1 at the room's place, and the push in the room before. */
export const WIDTH = SLIDER_NAMES.length + 1;

export const sliders = defineEnv({
  id: "test/Sliders-v0",
  params: { starts: list(string(""), []) },
  build: ({ starts }) =>
    rules({
      // Twice as wide as what is asked for, and not around 0: bounds must be taken into account.
      action: box([1], -1, 3),
      observation: box([WIDTH], -1, 1),
      maxSteps: 2,
      reset: (rng): { room: SliderName; before: number } => ({
        room: rng.choice(starts.length > 0 ? (starts as SliderName[]) : STARTS),
        before: 0,
      }),
      step({ room, before }, action, rng) {
        const u = ((action[0] ?? 0) - 1) / 2;
        const { pays, to } = SLIDERS[room].push(u, before, rng);
        const state = { room: SLIDER_NAMES.find((name) => name === to) ?? room, before: u };
        return { state, reward: pays, terminated: to === undefined };
      },
      observe({ room, before }, out) {
        out[SLIDER_NAMES.indexOf(room)] = 1;
        out[WIDTH - 1] = before;
      },
    }),
});
