/** What a uniform random policy scores in MinAtar, played here and measured with the reference implementation. */
import { episodeSeed, Rng, type AnyPlugin } from "dojang/env";
import { rulesOf, stepOf } from "../support.ts";

export interface Reference {
  readonly id: string;
  readonly meanReturn: number;
  /** Standard error of the mean return. */
  readonly returnError: number;
  readonly meanLength: number;
}

/** Episodes behind each row of the reference. */
export const REFERENCE_EPISODES = 2_000;

/** Sticky actions 0.1, ramping on. Seaquest's minimal set is all six actions: both ids have the same figures. */
export const REFERENCE: readonly Reference[] = [
  { id: "MinAtar/Asterix-v0", meanReturn: 0.509, returnError: 0.019, meanLength: 69.1 },
  { id: "MinAtar/Asterix-v1", meanReturn: 0.519, returnError: 0.02, meanLength: 67.3 },
  { id: "MinAtar/Breakout-v0", meanReturn: 0.482, returnError: 0.015, meanLength: 10.9 },
  { id: "MinAtar/Breakout-v1", meanReturn: 0.4, returnError: 0.015, meanLength: 10.07 },
  { id: "MinAtar/Freeway-v0", meanReturn: 0.14, returnError: 0.008, meanLength: 2501 },
  { id: "MinAtar/Freeway-v1", meanReturn: 0.383, returnError: 0.014, meanLength: 2501 },
  { id: "MinAtar/Seaquest-v0", meanReturn: 0.116, returnError: 0.009, meanLength: 31.8 },
  { id: "MinAtar/Seaquest-v1", meanReturn: 0.116, returnError: 0.009, meanLength: 31.8 },
  { id: "MinAtar/SpaceInvaders-v0", meanReturn: 2.829, returnError: 0.051, meanLength: 50.2 },
  { id: "MinAtar/SpaceInvaders-v1", meanReturn: 4.144, returnError: 0.073, meanLength: 59.7 },
];

export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

export interface Scores {
  readonly episodes: number;
  readonly returns: Moments;
  readonly lengths: Moments;
}

/** Plays `episodes` episodes, each with a seed derived from `seed`. */
export function playRandomly(plugin: AnyPlugin, episodes: number, seed: number): Scores {
  const rules = rulesOf(plugin);
  const actions = new Rng(episodeSeed(seed, 1, 0));
  const count = rules.action.kind === "discrete" ? rules.action.n : 0;
  const returns: number[] = [];
  const lengths: number[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const rng = new Rng(episodeSeed(seed, 0, episode));
    let state = rules.reset(rng);
    let sum = 0;
    let length = 0;
    for (let over = false; !over; length++) {
      const transition = stepOf(rules, state, actions.int(count), rng);
      state = transition.state;
      sum += transition.reward;
      over = transition.terminated;
    }
    returns.push(sum);
    lengths.push(length);
  }
  return { episodes, returns: momentsOf(returns), lengths: momentsOf(lengths) };
}

function momentsOf(values: readonly number[]): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

export interface Distance {
  /** Standard errors between the mean return and the reference's; both are samples, so both errors count. */
  readonly ofReturn: number;
  /** Likewise of the mean length, taking the reference's deviation to be this sample's. */
  readonly ofLength: number;
}

/** How far the scores lie from the reference. Infinite where nothing varies and the means differ. */
export function distance(reference: Reference, { episodes, returns, lengths }: Scores): Distance {
  const ownError = returns.deviation / Math.sqrt(episodes);
  const lengthError = lengths.deviation * Math.sqrt(1 / episodes + 1 / REFERENCE_EPISODES);
  const errors = (difference: number, error: number): number => (difference === 0 ? 0 : difference / error);
  return {
    ofReturn: errors(returns.mean - reference.meanReturn, Math.hypot(ownError, reference.returnError)),
    ofLength: errors(lengths.mean - reference.meanLength, lengthError),
  };
}
