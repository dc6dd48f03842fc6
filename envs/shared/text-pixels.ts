/** Pictures of words: what an environment says, in dark letters on paper. */
import type { RgbFrame } from "dojang/env";
import { Painter, TEXT, type Colour } from "./painter.ts";

const PAPER: Colour = [250, 248, 240];
const INK: Colour = [30, 34, 42];
/** Pixels of paper around the words, and size of the letters. */
const MARGIN = 12;
const SIZE = 2;

/** Characters of a line, and most lines: what comes after is cut, with dots in its place. */
export const PAGE = { columns: 48, rows: 30 } as const;

/** @param text lines are broken between words where they are too long, and inside a word only where it alone is too long */
export function textPixels(text: string): RgbFrame {
  const lines = text.split("\n").flatMap(wrap);
  const shown = lines.length <= PAGE.rows ? lines : [...lines.slice(0, PAGE.rows - 1), "..."];
  const height = shown.length * TEXT.line * SIZE + 2 * MARGIN;
  const painter = new Painter(PAGE.columns * TEXT.advance * SIZE + 2 * MARGIN, height, PAPER);
  painter.text(MARGIN, MARGIN, shown.join("\n"), INK, SIZE);
  return painter.frame();
}

/** Lines of at most `PAGE.columns` characters. */
function wrap(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > PAGE.columns && lines.length <= PAGE.rows) {
    const blank = rest.lastIndexOf(" ", PAGE.columns);
    const cut = blank > 0 ? blank : PAGE.columns;
    lines.push(rest.slice(0, cut));
    rest = rest.slice(blank > 0 ? cut + 1 : cut);
  }
  return [...lines, rest];
}
