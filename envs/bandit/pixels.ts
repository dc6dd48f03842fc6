/** Draws the arms side by side, the last one pulled in colour, and what it paid as a bar up or down: nothing of the arms' means. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour } from "../shared/painter.ts";
import type { BanditState } from "./index.ts";

const WIDTH = 480;
const HEIGHT = 240;
/** Pixels from above to the line from which bars begin, for a reward of 1, and at most. */
const ZERO = 120;
const SCALE = 20;
const LONGEST = 70;

const PAPER: Colour = [250, 250, 250];
const INK: Colour = [50, 54, 62];
const ARM: Colour = [190, 195, 205];
const PULLED: Colour = [225, 160, 40];
const GAIN: Colour = [70, 160, 90];
const LOSS: Colour = [200, 70, 70];

export function banditPixels(caption: string, { arm, paid, means }: BanditState): RgbFrame {
  const painter = new Painter(WIDTH, HEIGHT, PAPER);
  const step = WIDTH / means.length;
  const width = Math.max(1, 0.7 * step);
  means.forEach((_, i) => {
    painter.rect((i + 0.5) * step - width / 2, HEIGHT - 40, width, 30, i === arm ? PULLED : ARM);
  });
  painter.rect(0, ZERO, WIDTH, 1, INK);
  if (arm >= 0) {
    const length = Math.min(Math.abs(paid) * SCALE, LONGEST);
    const top = paid > 0 ? ZERO - length : ZERO;
    painter.rect((arm + 0.5) * step - width / 2, top, width, length, paid > 0 ? GAIN : LOSS);
  }
  painter.text(12, 12, caption, INK);
  return painter.frame();
}
