/** Draws the states of a log as numbered squares: the present one in colour, those that supported play never leaves open in grey. */
import type { RgbFrame } from "dojang/env";
import { Painter, TEXT, type Colour } from "../shared/painter.ts";

/** Pixels of all squares together, and of the line of words below. */
const SIDE = 320;
const CAPTION = 32;

const LINES: Colour = [250, 250, 250];
const OPEN: Colour = [205, 215, 230];
const CLOSED: Colour = [150, 150, 150];
const HERE: Colour = [225, 150, 40];
const INK: Colour = [50, 54, 62];

/** @param open whether each state has a supported action */
export function loggedPixels(caption: string, open: readonly boolean[], at: number): RgbFrame {
  const columns = Math.ceil(Math.sqrt(open.length));
  const side = Math.max(1, Math.min(64, Math.floor(SIDE / columns)));
  const inner = side < 8 ? side : side - 2;
  const height = Math.ceil(open.length / columns) * side;
  const painter = new Painter(Math.max(SIDE, columns * side), height + CAPTION, LINES);
  open.forEach((isOpen, state) => {
    const [x, y] = [(state % columns) * side, Math.floor(state / columns) * side];
    painter.rect(x, y, inner, inner, state === at ? HERE : isOpen ? OPEN : CLOSED);
    const words = String(state);
    if (words.length * TEXT.advance + 4 <= inner) painter.text(x + 4, y + 4, words, INK, 1);
  });
  painter.text(4, height + 9, caption, INK);
  return painter.frame();
}
