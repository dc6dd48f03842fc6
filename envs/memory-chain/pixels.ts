/** Draws the corridor and the walker in it; the bits at its start only while they are shown, and which one is asked for at its end. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour } from "../shared/painter.ts";

const WIDTH = 480;
const HEIGHT = 160;
const MARGIN = 20;
/** Pixels from above to the middle of the corridor. */
const FLOOR = 110;

const PAPER: Colour = [250, 250, 250];
const INK: Colour = [50, 54, 62];
const CORRIDOR: Colour = [220, 215, 200];
const WALKER: Colour = [60, 120, 220];
const ASKED: Colour = [225, 160, 40];

export interface Moment {
  /** Steps taken, of `length`. */
  readonly time: number;
  readonly length: number;
  /** Of the first observation; absent while nothing is shown. */
  readonly shown?: readonly number[];
  readonly bits: number;
  /** The bit that is asked for; absent before the end. */
  readonly asked?: number;
}

export function memoryChainPixels({ time, length, shown, bits, asked }: Moment): RgbFrame {
  const painter = new Painter(WIDTH, HEIGHT, PAPER);
  // The squares say which bits: 64 of them are too many for a line of words.
  const question = asked === undefined ? "" : `, bit ${asked} is asked for`;
  painter.text(MARGIN, 12, `step ${time} of ${length}${question}`, INK);
  const side = Math.min(24, Math.floor((WIDTH - 2 * MARGIN) / bits));
  for (let bit = 0; bit < bits; bit++) {
    const left = MARGIN + bit * side;
    if (shown?.[bit] === 1) painter.rect(left, 40, side, side, INK);
    painter.outline(left, 40, side, side, bit === asked ? 3 : 1, bit === asked ? ASKED : INK);
  }
  painter.rect(MARGIN, FLOOR - 15, WIDTH - 2 * MARGIN, 30, CORRIDOR);
  const share = Math.min(1, time / length);
  painter.disc([MARGIN + 15 + share * (WIDTH - 2 * MARGIN - 30), FLOOR], 11, WALKER);
  return painter.frame();
}
