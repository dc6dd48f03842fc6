/** MinAtar's Seaquest: shoot fish and submarines, bring divers to the surface before the oxygen runs out. */
import type { Rng } from "dojang/env";
import { ALL_ACTIONS, FIRE, isColumn, LEFT, RIGHT, sideways, SIZE, upOrDown } from "./board.ts";
import {
  DIVER_SPEED,
  ENEMY_SHOT_INTERVAL,
  moveDivers,
  moveEnemyBullets,
  moveFish,
  moveFriendlyBullets,
  moveSubmarines,
} from "./seaquest-moves.ts";
import {
  DIVER_INTERVAL,
  MAX_DIVERS,
  MAX_OXYGEN,
  resetSeaquest,
  type Bullet,
  type SeaquestState,
} from "./seaquest-state.ts";
import type { Game } from "./suite.ts";

const SHOT_COOL_DOWN = 5;
const DEEPEST = 8;
const FASTEST_MOVE = 2;

function step(state: SeaquestState, action: number, rng: Rng, ramping: boolean): number {
  if (state.enemyTimer === 0) {
    spawnEnemy(state, rng);
    state.enemyTimer = state.enemySpeed;
  }
  if (state.diverTimer === 0) spawnDiver(state, rng);
  steer(state, action);
  let reward = moveFriendlyBullets(state);
  moveDivers(state);
  reward += moveSubmarines(state);
  moveEnemyBullets(state);
  reward += moveFish(state);
  if (state.enemyTimer > 0) state.enemyTimer--;
  if (state.diverTimer > 0) state.diverTimer--;
  if (state.shotTimer > 0) state.shotTimer--;
  return reward + breathe(state, ramping);
}

/** Two uniforms and one integer, also where nothing comes of it: all enemies of a row move the same way. */
function spawnEnemy(state: SeaquestState, rng: Rng): void {
  const dx = rng.uniform() < 1 / 2 ? 1 : -1;
  const isSubmarine = rng.uniform() < 1 / 3;
  const y = 1 + rng.int(DEEPEST);
  if (opposes(state.fish, y, dx) || opposes(state.submarines, y, dx)) return;
  const x = entry(dx);
  const moveTimer = state.moveSpeed;
  if (isSubmarine) state.submarines.push({ x, y, dx, moveTimer, shotTimer: ENEMY_SHOT_INTERVAL });
  else state.fish.push({ x, y, dx, moveTimer });
}

/** The column where something that moves along `dx` comes in. */
const entry = (dx: number): number => (dx > 0 ? 0 : SIZE - 1);

function opposes(enemies: readonly Bullet[], y: number, dx: number): boolean {
  for (const enemy of enemies) if (enemy.y === y && enemy.dx !== dx) return true;
  return false;
}

/** One uniform and one integer. */
function spawnDiver(state: SeaquestState, rng: Rng): void {
  const dx = rng.uniform() < 1 / 2 ? 1 : -1;
  const y = 1 + rng.int(DEEPEST);
  state.swimmers.push({ x: entry(dx), y, dx, moveTimer: DIVER_SPEED });
  state.diverTimer = DIVER_INTERVAL;
}

function steer(state: SeaquestState, action: number): void {
  if (action === FIRE && state.shotTimer === 0) {
    state.friendlyBullets.push({ x: state.x, y: state.y, dx: state.facing });
    state.shotTimer = SHOT_COOL_DOWN;
  }
  if (action === LEFT) state.facing = -1;
  if (action === RIGHT) state.facing = 1;
  state.x = sideways(state.x, action);
  state.y = upOrDown(state.y, action, 0, DEEPEST);
}

/** Empty tanks end the game one step later; so does coming up without a diver. Gives the reward for coming up. */
function breathe(state: SeaquestState, ramping: boolean): number {
  if (state.oxygen <= 0) state.over = true;
  if (state.y > 0) {
    state.oxygen--;
    state.surfaced = false;
    return 0;
  }
  if (state.surfaced) return 0;
  if (state.divers === 0) {
    state.over = true;
    return 0;
  }
  return surface(state, ramping);
}

/** A full boat is emptied for a reward; one diver is taken away in any case, which makes it -1 then. */
function surface(state: SeaquestState, ramping: boolean): number {
  let reward = 0;
  state.surfaced = true;
  if (state.divers === MAX_DIVERS) {
    state.divers = 0;
    reward = gauge(state);
  }
  state.oxygen = MAX_OXYGEN;
  state.divers--;
  if (ramping && (state.enemySpeed > 1 || state.moveSpeed > FASTEST_MOVE)) ramp(state);
  return reward;
}

/** Tenths of the oxygen. */
const gauge = ({ oxygen }: SeaquestState): number => Math.floor((Math.max(0, oxygen) * SIZE) / MAX_OXYGEN);

/** Moves become quicker at every second level only. */
function ramp(state: SeaquestState): void {
  if (state.moveSpeed > FASTEST_MOVE && state.rampLevel % 2 === 1) state.moveSpeed--;
  if (state.enemySpeed > 1) state.enemySpeed--;
  state.rampLevel++;
}

const CHANNELS = 10;
const at = (x: number, y: number): number => (y * SIZE + x) * CHANNELS;

function observe(state: SeaquestState, out: Uint8Array): void {
  out[at(state.x, state.y)] = 1;
  out[at(state.x - state.facing, state.y) + 1] = 1;
  write(out, state.friendlyBullets, 2, false);
  write(out, state.enemyBullets, 4, false);
  write(out, state.fish, 5, true);
  write(out, state.submarines, 6, true);
  for (let x = gauge(state) - 1; x >= 0; x--) out[at(x, SIZE - 1) + 7] = 1;
  for (let i = 0; i < state.divers; i++) out[at(DEEPEST - i, SIZE - 1) + 8] = 1;
  write(out, state.swimmers, 9, true);
}

function write(out: Uint8Array, list: readonly Bullet[], channel: number, trail: boolean): void {
  for (let i = 0; i < list.length; i++) {
    const { x, y, dx } = list[i]!;
    out[at(x, y) + channel] = 1;
    if (trail && isColumn(x - dx)) out[at(x - dx, y) + 3] = 1;
  }
}

export const seaquest: Game<SeaquestState> = {
  name: "Seaquest",
  description: "Shoot fish and submarines, and bring divers up before the oxygen runs out.",
  channels: [
    { name: "sub_front", glyph: "S", colour: 0xf5c542 },
    { name: "sub_back", glyph: "s", colour: 0xb8922e },
    { name: "friendly_bullet", glyph: "*", colour: 0xffffff },
    { name: "trail", glyph: "-", colour: 0x374151, faint: true },
    { name: "enemy_bullet", glyph: "!", colour: 0xff8c69 },
    { name: "enemy_fish", glyph: "F", colour: 0xe5484d },
    { name: "enemy_sub", glyph: "U", colour: 0xb83280 },
    { name: "oxygen_gauge", glyph: "o", colour: 0x4da6ff },
    { name: "diver_gauge", glyph: "d", colour: 0x5eead4 },
    { name: "diver", glyph: "D", colour: 0x6fcf6f },
  ],
  minimalActions: ALL_ACTIONS,
  ramp: { max: 19, level: (state) => state.rampLevel },
  reset: resetSeaquest,
  step,
  observe,
};
