/** MinAtar's Space Invaders: shoot the aliens before they or their bullets reach the cannon. */
import { FIRE, LEFT, lowestBit, RIGHT, sideways, SIZE } from "./board.ts";
import type { Game, RampedState } from "./suite.ts";

const BOTTOM = SIZE - 1;
const LAST_COLUMN = 1 << (SIZE - 1);
/** Columns 2 to 7, of the four top rows. */
const FLEET_COLUMNS = 0b0011111100;
const FLEET_ROWS = 4;
const SHOT_COOL_DOWN = 5;
const ALIEN_SHOT_INTERVAL = 10;
const SLOWEST = 12;
const FASTEST = 6;

/** Rows of the board as bits: bit x of element y is the cell (x, y). */
type Bits = number[];

export interface SpaceInvadersState extends RampedState {
  /** Column; the cannon's row is the last. */
  cannon: number;
  aliens: Bits;
  /** -1 left, 1 right */
  direction: number;
  /** Most steps from one move of the aliens to the next; as few are left, the fewer steps. */
  interval: number;
  moveTimer: number;
  alienShotTimer: number;
  /** Steps until the cannon may fire. */
  shotTimer: number;
  friendlyBullets: Bits;
  enemyBullets: Bits;
}

function reset(): SpaceInvadersState {
  const state: SpaceInvadersState = {
    lastAction: 0,
    over: false,
    rampLevel: 0,
    cannon: 5,
    aliens: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    direction: -1,
    interval: SLOWEST,
    moveTimer: SLOWEST,
    alienShotTimer: ALIEN_SHOT_INTERVAL,
    shotTimer: 0,
    friendlyBullets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    enemyBullets: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  };
  fill(state.aliens);
  return state;
}

function fill(aliens: Bits): void {
  for (let y = 0; y < FLEET_ROWS; y++) aliens[y] = FLEET_COLUMNS;
}

function step(state: SpaceInvadersState, action: number, _rng: unknown, ramping: boolean): number {
  fireOrMove(state, action);
  shiftUp(state.friendlyBullets);
  shiftDown(state.enemyBullets, 0);
  if (isHit(state, state.enemyBullets)) state.over = true;
  if (isHit(state, state.aliens)) state.over = true;
  if (state.moveTimer === 0) moveAliens(state);
  if (state.alienShotTimer === 0) shoot(state);
  const reward = strike(state);
  if (state.shotTimer > 0) state.shotTimer--;
  state.moveTimer--;
  state.alienShotTimer--;
  if (all(state.aliens) === 0) nextFleet(state, ramping);
  return reward;
}

function fireOrMove(state: SpaceInvadersState, action: number): void {
  if (action === FIRE && state.shotTimer === 0) {
    state.friendlyBullets[BOTTOM]! |= 1 << state.cannon;
    state.shotTimer = SHOT_COOL_DOWN;
  }
  state.cannon = sideways(state.cannon, action);
}

function shiftUp(rows: Bits): void {
  for (let y = 0; y < BOTTOM; y++) rows[y] = rows[y + 1]!;
  rows[BOTTOM] = 0;
}

function shiftDown(rows: Bits, first: number): void {
  for (let y = BOTTOM; y > 0; y--) rows[y] = rows[y - 1]!;
  rows[0] = first;
}

const isHit = (state: SpaceInvadersState, rows: Bits): boolean => ((rows[BOTTOM]! >> state.cannon) & 1) === 1;

/** All rows laid on top of one another: the columns that hold anything. */
function all(rows: Bits): number {
  let columns = 0;
  for (let y = 0; y < SIZE; y++) columns |= rows[y]!;
  return columns;
}

function count(rows: Bits): number {
  let total = 0;
  for (let y = 0; y < SIZE; y++) for (let row = rows[y]!; row !== 0; row &= row - 1) total++;
  return total;
}

/** Sideways, or down and about at the edge. What leaves the last row comes back on the first, in a game that is over. */
function moveAliens(state: SpaceInvadersState): void {
  const { aliens } = state;
  state.moveTimer = Math.min(count(aliens), state.interval);
  const edge = state.direction < 0 ? 1 : LAST_COLUMN;
  if ((all(aliens) & edge) !== 0) {
    state.direction = -state.direction;
    if (aliens[BOTTOM] !== 0) state.over = true;
    shiftDown(aliens, aliens[BOTTOM]!);
  } else if (state.direction < 0) for (let y = 0; y < SIZE; y++) aliens[y]! >>= 1;
  else for (let y = 0; y < SIZE; y++) aliens[y]! <<= 1;
  if (isHit(state, aliens)) state.over = true;
}

/** The lowest alien of the column nearest to the cannon fires; of two as near, the left one. */
function shoot(state: SpaceInvadersState): void {
  state.alienShotTimer = ALIEN_SHOT_INTERVAL;
  const columns = all(state.aliens);
  for (let distance = 0; distance < SIZE; distance++) {
    const left = state.cannon - distance;
    const x = isSet(columns, left) ? left : state.cannon + distance;
    if (!isSet(columns, x)) continue;
    let y = BOTTOM;
    while (!isSet(state.aliens[y]!, x)) y--;
    state.enemyBullets[y]! |= 1 << x;
    return;
  }
}

/** Columns off the board are not set. */
const isSet = (row: number, x: number): boolean => x >= 0 && ((row >> x) & 1) === 1;

/** Aliens and bullets on the same cell are gone, for 1 each. */
function strike({ aliens, friendlyBullets }: SpaceInvadersState): number {
  let reward = 0;
  for (let y = 0; y < SIZE; y++) {
    const hits = aliens[y]! & friendlyBullets[y]!;
    if (hits === 0) continue;
    aliens[y]! ^= hits;
    friendlyBullets[y]! ^= hits;
    for (let row = hits; row !== 0; row &= row - 1) reward++;
  }
  return reward;
}

/** Direction, timers and bullets are kept. */
function nextFleet(state: SpaceInvadersState, ramping: boolean): void {
  if (ramping && state.interval > FASTEST) {
    state.interval--;
    state.rampLevel++;
  }
  fill(state.aliens);
}

function observe(state: SpaceInvadersState, out: Uint8Array): void {
  out[(BOTTOM * SIZE + state.cannon) * 6] = 1;
  const movingChannel = state.direction < 0 ? 2 : 3;
  for (let y = 0; y < SIZE; y++) {
    write(out, y, state.aliens[y]!, 1);
    write(out, y, state.aliens[y]!, movingChannel);
    write(out, y, state.friendlyBullets[y]!, 4);
    write(out, y, state.enemyBullets[y]!, 5);
  }
}

function write(out: Uint8Array, y: number, bits: number, channel: number): void {
  for (let row = bits; row !== 0; row &= row - 1) out[(y * SIZE + lowestBit(row)) * 6 + channel] = 1;
}

export const spaceInvaders: Game<SpaceInvadersState> = {
  name: "SpaceInvaders",
  description: "Shoot the aliens before they or their bullets reach the cannon.",
  channels: [
    { name: "cannon", glyph: "A", colour: 0x4da6ff },
    { name: "alien", glyph: "M", colour: 0x6fcf6f },
    { name: "alien_left", glyph: "<", colour: 0x6fcf6f },
    { name: "alien_right", glyph: ">", colour: 0x6fcf6f },
    { name: "friendly_bullet", glyph: "|", colour: 0xffffff },
    { name: "enemy_bullet", glyph: "!", colour: 0xe5484d },
  ],
  minimalActions: [0, LEFT, RIGHT, FIRE],
  ramp: { max: 6, level: (state) => state.rampLevel },
  reset,
  step,
  observe,
};
