/** The board and the actions that all MinAtar games have in common. */

/** Rows and columns. */
export const SIZE = 10;

export const LEFT = 1;
export const UP = 2;
export const RIGHT = 3;
export const DOWN = 4;
export const FIRE = 5;

/** The published order; 0 does nothing. */
export const ALL_ACTIONS: readonly number[] = [0, LEFT, UP, RIGHT, DOWN, FIRE];

/** Is column x on the board? */
export const isColumn = (x: number): boolean => x >= 0 && x < SIZE;

/** The column after `action`; the walls hold. */
export function sideways(x: number, action: number): number {
  if (action === LEFT) return x > 0 ? x - 1 : 0;
  if (action === RIGHT) return x < SIZE - 1 ? x + 1 : SIZE - 1;
  return x;
}

/** The row after `action`, within top .. bottom. */
export function upOrDown(y: number, action: number, top: number, bottom: number): number {
  if (action === UP) return y > top ? y - 1 : top;
  if (action === DOWN) return y < bottom ? y + 1 : bottom;
  return y;
}

/** The lowest set bit's place. `bits` is not 0. */
export const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
