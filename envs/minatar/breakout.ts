/** MinAtar's Breakout: keep the ball in play with the paddle and break three rows of bricks with it. */
import type { Rng } from "dojang/env";
import { LEFT, lowestBit, RIGHT, sideways, SIZE } from "./board.ts";
import type { Game, GameState } from "./suite.ts";

export interface BreakoutState extends GameState {
  ballX: number;
  ballY: number;
  /** 0 up left, 1 up right, 2 down right, 3 down left */
  direction: number;
  /** Column; the paddle's row is the last. */
  paddle: number;
  /** One bit for each cell of rows 1 to 3, bit 10 (row - 1) + column. */
  bricks: number;
  /** The ball was in a brick's cell in the last step: it flies through further ones. */
  strike: boolean;
  /** The ball's cell before the last step. */
  lastX: number;
  lastY: number;
}

export const ALL_BRICKS = (1 << (3 * SIZE)) - 1;
const FIRST_BRICK_ROW = 1;
const BOTTOM = SIZE - 1;
/** Column and row of one step along each direction. */
const DX: readonly number[] = [-1, 1, 1, -1];
const DY: readonly number[] = [-1, -1, 1, 1];

function reset(rng: Rng): BreakoutState {
  const right = rng.int(2) === 1;
  const ballX = right ? SIZE - 1 : 0;
  const direction = right ? 3 : 2;
  return {
    lastAction: 0,
    over: false,
    ballX,
    ballY: 3,
    direction,
    paddle: 4,
    bricks: ALL_BRICKS,
    strike: false,
    lastX: ballX,
    lastY: 3,
  };
}

function step(state: BreakoutState, action: number): number {
  state.paddle = sideways(state.paddle, action);
  state.lastX = state.ballX;
  state.lastY = state.ballY;
  const y = state.ballY + DY[state.direction]!;
  let x = state.ballX + DX[state.direction]!;
  if (x < 0 || x >= SIZE) {
    x = x < 0 ? 0 : SIZE - 1;
    state.direction ^= 1;
  }
  const brick = y >= FIRST_BRICK_ROW && y <= 3 ? 1 << ((y - FIRST_BRICK_ROW) * SIZE + x) : 0;
  if ((state.bricks & brick) !== 0) return meetBrick(state, x, y, brick);
  state.strike = false;
  if (y < 0) bounce(state, 0);
  else if (y === BOTTOM) meetPaddle(state, x);
  else state.ballY = y;
  state.ballX = x;
  return 0;
}

/** Turns back vertically; the ball is on row y after this step. */
function bounce(state: BreakoutState, y: number): void {
  state.direction = 3 - state.direction;
  state.ballY = y;
}

/** Only the first of a row of brick cells is struck: the ball turns back on its own row. */
function meetBrick(state: BreakoutState, x: number, y: number, brick: number): number {
  state.ballX = x;
  if (state.strike) {
    state.ballY = y;
    return 0;
  }
  state.strike = true;
  state.bricks &= ~brick;
  bounce(state, state.ballY);
  return 1;
}

/** `state.ballX` is still the column that the ball came from. */
function meetPaddle(state: BreakoutState, x: number): void {
  if (state.bricks === 0) state.bricks = ALL_BRICKS;
  if (state.ballX === state.paddle) bounce(state, state.ballY);
  else if (x === state.paddle) state.direction ^= 2;
  else {
    state.ballY = BOTTOM;
    state.over = true;
  }
}

function observe(state: BreakoutState, out: Uint8Array): void {
  out[(BOTTOM * SIZE + state.paddle) * 4] = 1;
  out[(state.ballY * SIZE + state.ballX) * 4 + 1] = 1;
  out[(state.lastY * SIZE + state.lastX) * 4 + 2] = 1;
  for (let bricks = state.bricks; bricks !== 0; bricks &= bricks - 1)
    out[(FIRST_BRICK_ROW * SIZE + lowestBit(bricks)) * 4 + 3] = 1;
}

export const breakout: Game<BreakoutState> = {
  name: "Breakout",
  description: "Keep a ball in play with a paddle and break bricks with it.",
  channels: [
    { name: "paddle", glyph: "=", colour: 0x4da6ff },
    { name: "ball", glyph: "o", colour: 0xffffff },
    { name: "trail", glyph: "'", colour: 0x6b7280, faint: true },
    { name: "brick", glyph: "#", colour: 0xd9622b },
  ],
  minimalActions: [0, LEFT, RIGHT],
  reset,
  step,
  observe,
};
