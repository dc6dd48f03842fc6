/** How everything in Seaquest but the player moves. All lists are gone through from the newest to the oldest, so removing the current item is safe. */
import { isColumn } from "./board.ts";
import { indexAt, MAX_DIVERS, meets, removeAt, type SeaquestState, type Swimmer } from "./seaquest-state.ts";

export const DIVER_SPEED = 5;
export const ENEMY_SHOT_INTERVAL = 10;

/** Gives 1 for each enemy hit. Enemies are matched by their cell alone, fish first. */
export function moveFriendlyBullets(state: SeaquestState): number {
  const { friendlyBullets, fish, submarines } = state;
  let reward = 0;
  for (let i = friendlyBullets.length - 1; i >= 0; i--) {
    const bullet = friendlyBullets[i]!;
    bullet.x += bullet.dx;
    if (!isColumn(bullet.x)) {
      removeAt(friendlyBullets, i);
      continue;
    }
    const aFish = indexAt(fish, bullet.x, bullet.y);
    const hit = aFish >= 0 ? aFish : indexAt(submarines, bullet.x, bullet.y);
    if (hit < 0) continue;
    removeAt(aFish >= 0 ? fish : submarines, hit);
    removeAt(friendlyBullets, i);
    reward++;
  }
  return reward;
}

/** A diver on the front cell comes on board, where there is room. */
export function moveDivers(state: SeaquestState): void {
  const { swimmers } = state;
  for (let i = swimmers.length - 1; i >= 0; i--) {
    const diver = swimmers[i]!;
    if (pickUp(state, i)) continue;
    if (diver.moveTimer > 0) {
      diver.moveTimer--;
      continue;
    }
    diver.moveTimer = DIVER_SPEED;
    diver.x += diver.dx;
    if (!isColumn(diver.x)) removeAt(swimmers, i);
    else pickUp(state, i);
  }
}

function pickUp(state: SeaquestState, index: number): boolean {
  if (state.divers >= MAX_DIVERS || !meets(state, state.swimmers[index]!)) return false;
  removeAt(state.swimmers, index);
  state.divers++;
  return true;
}

export function moveFish(state: SeaquestState): number {
  let reward = 0;
  for (let i = state.fish.length - 1; i >= 0; i--) reward += moveEnemy(state, state.fish, i);
  return reward;
}

/** A submarine fires when its time has come, even in the step in which it was hit or left the board. */
export function moveSubmarines(state: SeaquestState): number {
  const { submarines, enemyBullets } = state;
  let reward = 0;
  for (let i = submarines.length - 1; i >= 0; i--) {
    const submarine = submarines[i]!;
    reward += moveEnemy(state, submarines, i);
    if (submarine.shotTimer > 0) submarine.shotTimer--;
    else {
      submarine.shotTimer = ENEMY_SHOT_INTERVAL;
      enemyBullets.push({ x: submarine.x, y: submarine.y, dx: submarine.dx });
    }
  }
  return reward;
}

/** Gives 1 where it moved into a bullet. */
function moveEnemy(state: SeaquestState, enemies: Swimmer[], index: number): number {
  const enemy = enemies[index]!;
  if (meets(state, enemy)) state.over = true;
  if (enemy.moveTimer > 0) {
    enemy.moveTimer--;
    return 0;
  }
  enemy.moveTimer = state.moveSpeed;
  enemy.x += enemy.dx;
  if (!isColumn(enemy.x)) {
    removeAt(enemies, index);
    return 0;
  }
  if (meets(state, enemy)) {
    state.over = true;
    return 0;
  }
  const bullet = indexAt(state.friendlyBullets, enemy.x, enemy.y);
  if (bullet < 0) return 0;
  removeAt(state.friendlyBullets, bullet);
  removeAt(enemies, index);
  return 1;
}

export function moveEnemyBullets(state: SeaquestState): void {
  const { enemyBullets } = state;
  for (let i = enemyBullets.length - 1; i >= 0; i--) {
    const bullet = enemyBullets[i]!;
    if (meets(state, bullet)) state.over = true;
    bullet.x += bullet.dx;
    if (!isColumn(bullet.x)) removeAt(enemyBullets, i);
    else if (meets(state, bullet)) state.over = true;
  }
}
