/** Draws the two links, the line to reach, and the numbers. */
import type { AcrobotState } from "./acrobot.ts";
import { Canvas } from "./canvas.ts";

/** Characters are about twice as high as wide. */
const WINDOW = { left: -2, right: 2, bottom: -2, top: 2, columns: 33, rows: 17 };

export function acrobotText({ theta1, theta2, dtheta1, dtheta2 }: AcrobotState): string {
  const canvas = new Canvas(WINDOW);
  const joint = [Math.sin(theta1), -Math.cos(theta1)] as const;
  const end = [joint[0] + Math.sin(theta1 + theta2), joint[1] - Math.cos(theta1 + theta2)] as const;
  canvas.line([WINDOW.left, 1], [WINDOW.right, 1], "-");
  canvas.line([0, 0], joint, "1");
  canvas.line(joint, end, "2");
  canvas.point(0, 0, "O");
  const angles = `angles ${theta1.toFixed(3)}, ${theta2.toFixed(3)} rad`;
  return `${canvas.text()}\n${angles}, speeds ${dtheta1.toFixed(3)}, ${dtheta2.toFixed(3)} rad/s`;
}
