/** MinAtar's Asterix: collect the gold that crosses the board, keep clear of the enemies. */
import type { Rng } from "dojang/env";
import { DOWN, isColumn, LEFT, RIGHT, sideways, SIZE, UP, upOrDown } from "./board.ts";
import type { Game, RampedState } from "./suite.ts";

/** Rows 1 to 8, one slot each. */
const SLOTS = 8;
const RAMP_INTERVAL = 100;

export interface AsterixState extends RampedState {
  x: number;
  /** 1 .. 8 */
  y: number;
  /** Direction of what is in each slot: 1 right, -1 left, 0 where the slot is empty. Slot i is row i + 1. */
  slotDx: number[];
  slotX: number[];
  /** 1 gold, 0 enemy */
  slotGold: number[];
  /** Steps from one spawn to the next, and until then. */
  spawnSpeed: number;
  spawnTimer: number;
  /** Steps from one move of everything to the next, and until then. */
  moveSpeed: number;
  moveTimer: number;
  rampTimer: number;
}

const reset = (): AsterixState => ({
  lastAction: 0,
  over: false,
  rampLevel: 0,
  x: 5,
  y: 5,
  slotDx: [0, 0, 0, 0, 0, 0, 0, 0],
  slotX: [0, 0, 0, 0, 0, 0, 0, 0],
  slotGold: [0, 0, 0, 0, 0, 0, 0, 0],
  spawnSpeed: 10,
  spawnTimer: 10,
  moveSpeed: 5,
  moveTimer: 5,
  rampTimer: RAMP_INTERVAL,
});

function step(state: AsterixState, action: number, rng: Rng, ramping: boolean): number {
  if (state.spawnTimer === 0) {
    spawn(state, rng);
    state.spawnTimer = state.spawnSpeed;
  }
  state.x = sideways(state.x, action);
  state.y = upOrDown(state.y, action, 1, SLOTS);
  let reward = touch(state);
  if (state.moveTimer === 0) {
    state.moveTimer = state.moveSpeed;
    moveAll(state);
    reward += touch(state);
  }
  state.spawnTimer--;
  state.moveTimer--;
  if (ramping && (state.spawnSpeed > 1 || state.moveSpeed > 1)) ramp(state);
  return reward;
}

/** Two uniforms, and where a slot is empty one integer: which of the empty ones. */
function spawn(state: AsterixState, rng: Rng): void {
  const { slotDx, slotX, slotGold } = state;
  const right = rng.uniform() < 1 / 2;
  const gold = rng.uniform() < 1 / 3;
  let empty = 0;
  for (let i = 0; i < SLOTS; i++) if (slotDx[i] === 0) empty++;
  if (empty === 0) return;
  let left = rng.int(empty);
  let slot = 0;
  while (slotDx[slot] !== 0 || left-- > 0) slot++;
  slotDx[slot] = right ? 1 : -1;
  slotX[slot] = right ? 0 : SIZE - 1;
  slotGold[slot] = gold ? 1 : 0;
}

/** What is on the player's cell, which only the slot of its row can be: gold is taken, an enemy ends the game. */
function touch(state: AsterixState): number {
  const slot = state.y - 1;
  if (state.slotDx[slot] === 0 || state.slotX[slot] !== state.x) return 0;
  if (state.slotGold[slot] === 1) {
    state.slotDx[slot] = 0;
    return 1;
  }
  state.over = true;
  return 0;
}

function moveAll({ slotDx, slotX }: AsterixState): void {
  for (let i = 0; i < SLOTS; i++) {
    if (slotDx[i] === 0) continue;
    const x = slotX[i]! + slotDx[i]!;
    if (isColumn(x)) slotX[i] = x;
    else slotDx[i] = 0;
  }
}

/** Moves become quicker at every second level only. */
function ramp(state: AsterixState): void {
  if (state.rampTimer >= 0) {
    state.rampTimer--;
    return;
  }
  if (state.moveSpeed > 1 && state.rampLevel % 2 === 1) state.moveSpeed--;
  if (state.spawnSpeed > 1) state.spawnSpeed--;
  state.rampLevel++;
  state.rampTimer = RAMP_INTERVAL;
}

function observe(state: AsterixState, out: Uint8Array): void {
  const { slotDx, slotX, slotGold } = state;
  out[(state.y * SIZE + state.x) * 4] = 1;
  for (let i = 0; i < SLOTS; i++) {
    const dx = slotDx[i]!;
    if (dx === 0) continue;
    const x = slotX[i]!;
    const row = (i + 1) * SIZE;
    out[(row + x) * 4 + (slotGold[i] === 1 ? 3 : 1)] = 1;
    if (isColumn(x - dx)) out[(row + x - dx) * 4 + 2] = 1;
  }
}

export const asterix: Game<AsterixState> = {
  name: "Asterix",
  description: "Collect the gold that crosses the board and keep clear of the enemies.",
  channels: [
    { name: "player", glyph: "P", colour: 0x4da6ff },
    { name: "enemy", glyph: "E", colour: 0xe5484d },
    { name: "trail", glyph: "-", colour: 0x6b7280, faint: true },
    { name: "gold", glyph: "$", colour: 0xf5c542 },
  ],
  minimalActions: [0, LEFT, UP, RIGHT, DOWN],
  ramp: { max: 9, level: (state) => state.rampLevel },
  reset,
  step,
  observe,
};
