/** Draws the valley, the flag at the goal and the car, and the numbers. */
import { Canvas } from "./canvas.ts";
import type { MountainCarState } from "./mountain-car.ts";

const WINDOW = { left: -1.2, right: 0.6, bottom: 0.1, top: 1.15, columns: 37, rows: 7 };

/** Height of the track at a place along it; only the picture needs it. */
export const height = (position: number): number => 0.45 * Math.sin(3 * position) + 0.55;

export function mountainCarText({ position, velocity }: MountainCarState, goal: number): string {
  const canvas = new Canvas(WINDOW);
  for (let x = WINDOW.left; x <= WINDOW.right + 1e-9; x += 0.05) canvas.point(x, height(x), ".");
  canvas.point(goal, height(goal) + 0.15, "F");
  canvas.point(position, height(position), "#");
  return `${canvas.text()}\nposition ${position.toFixed(3)} m, velocity ${velocity.toFixed(4)} m a step`;
}
