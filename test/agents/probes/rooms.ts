/** A world of rooms, each so small that what it is worth and what to do in it can be told by hand; every learner with discrete actions plays it. */
import { defineEnv, discrete, list, rules, string } from "dojang/env";

/** Discount of all probes: so small that values are learnt in few steps, so large that a forgotten discount shows. */
export const GAMMA = 0.5;

/** What an action pays, and where it leads; without `to` the episode ends. */
interface Move {
  readonly pays: number;
  readonly to?: string;
}

export interface Room {
  /** One for each action; undefined: not legal here. */
  readonly moves: readonly [Move | undefined, Move | undefined, Move | undefined];
  /** Episodes begin here, too. */
  readonly start?: boolean;
  /** Where episodes begin that come here; absent: here. */
  readonly via?: string;
  /** What it is worth, where that does not depend on what is done in it. */
  readonly value?: number;
  /** The action to be chosen. */
  readonly best?: number;
  /** The one to be chosen by who goes by what an episode paid, not discounted and no further than its limit. */
  readonly paid?: number;
}

/** Two actions that do the same. */
const both = (move: Move): Room["moves"] => [move, move, undefined];

/** Two moves and a limit of two steps: an episode that is still going on in its second room is truncated there. */
const ALL = {
  // A constant reward.
  one: { moves: both({ pays: 1 }), start: true, value: 1 },
  // A value that depends on the observation.
  minusOne: { moves: both({ pays: -1 }), start: true, value: -1 },
  // A reward one step away.
  before: { moves: both({ pays: 0, to: "one" }), start: true, value: GAMMA },
  // Reached with the last step before the limit: 1 + gamma V(endless), again and again.
  endless: { moves: both({ pays: 1, to: "endless" }), value: 1 / (1 - GAMMA) },
  beforeEndless: { moves: both({ pays: 0, to: "endless" }), start: true, value: GAMMA / (1 - GAMMA) },
  // A reward that depends on the action, and then on observation and action both.
  second: { moves: [{ pays: 0 }, { pays: 1 }, undefined], start: true, best: 1 },
  first: { moves: [{ pays: 1 }, { pays: 0 }, undefined], start: true, best: 0 },
  // 1 now against 1.2 later, discounted to 0.6; and against 4 later, discounted to 2.
  impatient: { moves: [{ pays: 1 }, { pays: 0, to: "some" }, undefined], start: true, best: 0, paid: 1 },
  some: { moves: both({ pays: 1.2 }) },
  patient: { moves: [{ pays: 1 }, { pays: 0, to: "much" }, undefined], start: true, best: 1, paid: 1 },
  much: { moves: both({ pays: 4 }), value: 4 },
  // Leaving pays 1.5, staying 1 and all that follows: 1 if the limit were an end, else 2.
  stay: { moves: [{ pays: 1.5 }, { pays: 1, to: "stay" }, undefined], via: "beforeStay", best: 1, paid: 0 },
  beforeStay: { moves: both({ pays: 0, to: "stay" }), start: true },
  // Where one action alone is legal. Whoever takes the others into account believes that they pay more than what is known to cost 1.
  narrow: { moves: [undefined, undefined, { pays: -1 }], start: true, value: -1, best: 2 },
  beforeNarrow: { moves: [{ pays: -0.3 }, { pays: 0, to: "narrow" }, undefined], start: true, best: 0 },
} as const satisfies Record<string, Room>;

export type RoomName = keyof typeof ALL;
export const ROOMS: Readonly<Record<RoomName, Room>> = ALL;
export const ROOM_NAMES = Object.keys(ROOMS) as RoomName[];
const room = (index: number): Room => ROOMS[ROOM_NAMES[index] as RoomName];
const indexOf = (name: string): number => ROOM_NAMES.findIndex((each) => each === name);
const STARTS = ROOM_NAMES.filter((name) => ROOMS[name].start);

/** The state is the number of the room. `starts`: the rooms where episodes begin; none named: all that may. */
export const rooms = defineEnv({
  id: "test/Rooms-v0",
  params: { starts: list(string(""), []) },
  build: ({ starts }) =>
    rules({
      action: discrete(3),
      observation: discrete(ROOM_NAMES.length),
      maxSteps: 2,
      enforceLegal: true,
      reset: (rng) => indexOf(rng.choice(starts.length > 0 ? starts : STARTS)),
      step(at, action) {
        const { pays, to } = room(at).moves[action] as Move;
        return { state: to === undefined ? at : indexOf(to), reward: pays, terminated: to === undefined };
      },
      observe: (at) => at,
      legal: (at) => room(at).moves.map((move) => move !== undefined),
    }),
});
