/** MountainCar: drive an underpowered car out of a valley by swinging. Source: Moore, Efficient Memory-Based Learning for Robot Control (1990). */
import { box, defineEnv, discrete, real, rules, type AnyPlugin } from "dojang/env";
import { renderIn, renderMode, type Drawing } from "../shared/render-mode.ts";
import { mountainCarPixels } from "./mountain-car-pixels.ts";
import { mountainCarText } from "./mountain-car-text.ts";
import { between, boundsReader, lowHigh } from "./reset-bounds.ts";

/** Metres along the track and metres a step. */
export interface MountainCarState {
  position: number;
  velocity: number;
}

export const MIN_POSITION = -1.2;
export const MAX_POSITION = 0.6;
export const MAX_SPEED = 0.07;
const GRAVITY = 0.0025;
/** What a whole push adds to the velocity: of the discrete car, and of the continuous one. */
const FORCE = 0.001;
const POWER = 0.0015;

/** Moves the car in place. @param push what the engine adds to the velocity */
export function driveCar(state: MountainCarState, push: number): void {
  const velocity = clip(state.velocity + push - GRAVITY * Math.cos(3 * state.position), -MAX_SPEED, MAX_SPEED);
  const position = clip(state.position + velocity, MIN_POSITION, MAX_POSITION);
  state.position = position;
  // The wall at the left end takes all speed.
  state.velocity = position === MIN_POSITION && velocity < 0 ? 0 : velocity;
}

const clip = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

const observation = box([2], [MIN_POSITION, -MAX_SPEED], [MAX_POSITION, MAX_SPEED]);

const observe = ({ position, velocity }: MountainCarState, out: Float32Array): void => {
  out[0] = position;
  out[1] = velocity;
};

const goalVelocity = real(0, { min: -MAX_SPEED, max: MAX_SPEED, doc: "Least velocity at the goal, metres a step." });

/** @param goal place of the flag */
const pictureOf = (goal: number): Drawing<MountainCarState> => ({
  text: (state) => mountainCarText(state, goal),
  rgb: (state) => mountainCarPixels(state, goal),
});

const START = lowHigh(-0.6, -0.4, MIN_POSITION, MAX_POSITION);
const readStart = boundsReader("MountainCar-v0", START);
const readContinuousStart = boundsReader("MountainCarContinuous-v0", START);

export const mountainCar: AnyPlugin = defineEnv({
  id: "MountainCar-v0",
  version: "1",
  description: "Drive an underpowered car out of a valley by swinging; push left, not at all, or right.",
  params: { goalVelocity, renderMode },
  build: ({ goalVelocity, renderMode }) =>
    rules({
      action: discrete(3), // 0 push left, 1 no push, 2 push right
      observation,
      maxSteps: 200,
      reset(rng, options): MountainCarState {
        const { low, high } = readStart(options);
        return { position: between(rng, low, high), velocity: 0 };
      },
      step(state, action) {
        driveCar(state, (action - 1) * FORCE);
        const terminated = state.position >= 0.5 && state.velocity >= goalVelocity;
        return { state, reward: -1, terminated };
      },
      observe,
      render: renderIn(renderMode, pictureOf(0.5)),
    }),
});

export const mountainCarContinuous: AnyPlugin = defineEnv({
  id: "MountainCarContinuous-v0",
  version: "1",
  description: "Drive an underpowered car out of a valley by swinging, with as little force as may be.",
  params: { goalVelocity, renderMode },
  build: ({ goalVelocity, renderMode }) =>
    rules({
      action: box([1], -1, 1),
      observation,
      maxSteps: 999,
      reset(rng, options): MountainCarState {
        const { low, high } = readContinuousStart(options);
        return { position: Math.fround(between(rng, low, high)), velocity: 0 };
      },
      step(state, action) {
        const force = action[0]!;
        driveCar(state, clip(force, -1, 1) * POWER);
        const terminated = state.position >= 0.45 && state.velocity >= goalVelocity;
        // The reference keeps this state in float32 between steps; the goal is judged before that.
        state.position = Math.fround(state.position);
        state.velocity = Math.fround(state.velocity);
        return { state, reward: (terminated ? 100 : 0) - 0.1 * force * force, terminated };
      },
      observe,
      render: renderIn(renderMode, pictureOf(0.45)),
    }),
});
