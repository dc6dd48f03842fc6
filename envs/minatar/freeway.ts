/** MinAtar's Freeway: bring a chicken across eight lanes of cars, again and again, for 2,501 steps. */
import type { Rng } from "dojang/env";
import { DOWN, SIZE, UP } from "./board.ts";
import type { Game, GameState } from "./suite.ts";

const CARS = 8;
const COLUMN = 4;
const START_ROW = SIZE - 1;
/** Steps from one move of the chicken to the next. */
const MOVE_INTERVAL = 3;
const TIME_LIMIT = 2_500;

export interface FreewayState extends GameState {
  /** Row of the chicken, 0 .. 9; its column is 4. */
  row: number;
  /** Steps until the chicken may move. */
  moveTimer: number;
  /** The game is over when it falls below 0. */
  terminateTimer: number;
  /** Columns of the cars; car i is on row i + 1. */
  carX: number[];
  /** 1 .. 5 to the right, -1 .. -5 to the left; a car moves every |speed| + 1 steps, so 1 is the fastest. */
  carSpeed: number[];
  carTimer: number[];
}

function reset(rng: Rng): FreewayState {
  const state: FreewayState = {
    lastAction: 0,
    over: false,
    row: START_ROW,
    moveTimer: MOVE_INTERVAL,
    terminateTimer: TIME_LIMIT,
    carX: [0, 0, 0, 0, 0, 0, 0, 0],
    carSpeed: [0, 0, 0, 0, 0, 0, 0, 0],
    carTimer: [0, 0, 0, 0, 0, 0, 0, 0],
  };
  randomiseCars(state, rng);
  return state;
}

/** Eight integers for the speeds, then eight uniforms for the directions. Cars stay where they are. */
function randomiseCars({ carSpeed, carTimer }: FreewayState, rng: Rng): void {
  for (let car = 0; car < CARS; car++) carTimer[car] = 1 + rng.int(5);
  for (let car = 0; car < CARS; car++) carSpeed[car] = rng.uniform() < 0.5 ? -carTimer[car]! : carTimer[car]!;
}

function step(state: FreewayState, action: number, rng: Rng): number {
  if (state.moveTimer === 0 && (action === UP || action === DOWN)) walk(state, action);
  let reward = 0;
  if (state.row === 0) {
    reward = 1;
    randomiseCars(state, rng);
    state.row = START_ROW;
  }
  drive(state);
  if (state.moveTimer > 0) state.moveTimer--;
  if (--state.terminateTimer < 0) state.over = true;
  return reward;
}

function walk(state: FreewayState, action: number): void {
  state.moveTimer = MOVE_INTERVAL;
  state.row = action === UP ? Math.max(0, state.row - 1) : Math.min(START_ROW, state.row + 1);
}

/** A car on the chicken's cell, before or after it moves, sends the chicken back. */
function drive(state: FreewayState): void {
  const { carX, carSpeed, carTimer } = state;
  for (let car = 0; car < CARS; car++) {
    if (carX[car] === COLUMN && state.row === car + 1) state.row = START_ROW;
    if (carTimer[car]! > 0) {
      carTimer[car]!--;
      continue;
    }
    const speed = carSpeed[car]!;
    carTimer[car] = Math.abs(speed);
    carX[car] = wrap(carX[car]! + Math.sign(speed));
    if (carX[car] === COLUMN && state.row === car + 1) state.row = START_ROW;
  }
}

const wrap = (x: number): number => (x < 0 ? SIZE - 1 : x >= SIZE ? 0 : x);

function observe(state: FreewayState, out: Uint8Array): void {
  const { carX, carSpeed } = state;
  out[(state.row * SIZE + COLUMN) * 7] = 1;
  for (let car = 0; car < CARS; car++) {
    const x = carX[car]!;
    const speed = carSpeed[car]!;
    const row = (car + 1) * SIZE;
    out[(row + x) * 7 + 1] = 1;
    out[(row + wrap(x - Math.sign(speed))) * 7 + 1 + Math.abs(speed)] = 1;
  }
}

export const freeway: Game<FreewayState> = {
  name: "Freeway",
  description: "Bring a chicken across eight lanes of cars as often as 2,501 steps allow.",
  channels: [
    { name: "chicken", glyph: "C", colour: 0xf5f5dc },
    { name: "car", glyph: "#", colour: 0xe5484d },
    { name: "speed1", glyph: "1", colour: 0xc084fc, faint: true },
    { name: "speed2", glyph: "2", colour: 0x9b6ad1, faint: true },
    { name: "speed3", glyph: "3", colour: 0x7851a6, faint: true },
    { name: "speed4", glyph: "4", colour: 0x583b7d, faint: true },
    { name: "speed5", glyph: "5", colour: 0x3b2757, faint: true },
  ],
  minimalActions: [0, UP, DOWN],
  reset,
  step,
  observe,
};
