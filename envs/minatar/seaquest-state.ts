/** What swims in Seaquest: the state, and the lists that everything is kept in, oldest first. */
import type { RampedState } from "./suite.ts";

/** Something that moves along its row. `dx` is 1 to the right, -1 to the left. */
export interface Bullet {
  x: number;
  readonly y: number;
  readonly dx: number;
}

/** Fish and divers. */
export interface Swimmer extends Bullet {
  /** It moves when this is 0. */
  moveTimer: number;
}

export interface Submarine extends Swimmer {
  /** It fires when this is 0. */
  shotTimer: number;
}

export interface SeaquestState extends RampedState {
  /** The front of the player's submarine; only this cell is hit. */
  x: number;
  /** 0 (the surface) .. 8 */
  y: number;
  /** 1 right, -1 left */
  facing: number;
  /** 200 at most */
  oxygen: number;
  /** On board, 6 at most. It is -1 after all six were brought up. */
  divers: number;
  surfaced: boolean;
  /** Steps until the player may fire. */
  shotTimer: number;
  enemySpeed: number;
  enemyTimer: number;
  diverTimer: number;
  /** Of fish and submarines, which move every moveSpeed + 1 steps. */
  moveSpeed: number;
  friendlyBullets: Bullet[];
  enemyBullets: Bullet[];
  fish: Swimmer[];
  submarines: Submarine[];
  swimmers: Swimmer[];
}

export const MAX_OXYGEN = 200;
export const MAX_DIVERS = 6;
/** Steps from one spawn of an enemy to the next, before the ramp. */
export const ENEMY_INTERVAL = 20;
export const DIVER_INTERVAL = 30;
export const MOVE_SPEED = 5;

export const resetSeaquest = (): SeaquestState => ({
  lastAction: 0,
  over: false,
  rampLevel: 0,
  x: 5,
  y: 0,
  facing: -1,
  oxygen: MAX_OXYGEN,
  divers: 0,
  surfaced: true,
  shotTimer: 0,
  enemySpeed: ENEMY_INTERVAL,
  enemyTimer: ENEMY_INTERVAL,
  diverTimer: DIVER_INTERVAL,
  moveSpeed: MOVE_SPEED,
  friendlyBullets: [],
  enemyBullets: [],
  fish: [],
  submarines: [],
  swimmers: [],
});

/** Is it on the front cell of the player's submarine? */
export const meets = (state: SeaquestState, { x, y }: Bullet): boolean => x === state.x && y === state.y;

/** The first, which is the oldest, on the cell (x, y); -1 where there is none. */
export function indexAt(list: readonly Bullet[], x: number, y: number): number {
  for (let i = 0; i < list.length; i++) if (list[i]!.x === x && list[i]!.y === y) return i;
  return -1;
}

/** Like splice, without an array of what was removed. */
export function removeAt(list: Bullet[], index: number): void {
  for (let i = index + 1; i < list.length; i++) list[i - 1] = list[i]!;
  list.pop();
}
