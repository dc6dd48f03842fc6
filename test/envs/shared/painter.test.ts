/** What the painter draws, pixel by pixel. */
import { describe, expect, it } from "vitest";
import type { RgbFrame } from "dojang/env";
import { hasInk } from "../../../envs/shared/font.ts";
import { Painter, type Colour } from "../../../envs/shared/painter.ts";
import { PAGE, textPixels } from "../../../envs/shared/text-pixels.ts";

const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];

/** Red of each pixel, a row a line: "." for 0, "#" for 255, "+" between. */
const lines = ({ width, height, rgb }: RgbFrame): string[] =>
  Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (__, x) => {
      const red = rgb[(y * width + x) * 3];
      return red === 0 ? "." : red === 255 ? "#" : "+";
    }).join(""),
  );

function drawn(width: number, height: number, draw: (painter: Painter) => void): string[] {
  const painter = new Painter(width, height, BLACK);
  draw(painter);
  return lines(painter.frame());
}

/** Share of the picture that is white, each pixel by its brightness. */
function area({ rgb }: RgbFrame): number {
  return rgb.reduce((sum, value) => sum + value, 0) / 255 / 3;
}

describe("a painter", () => {
  it("gives 3 bytes a pixel, red first, all of them the background at first", () => {
    const frame = new Painter(2, 1, [1, 2, 3]).frame();
    expect(frame).toEqual({ width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 1, 2, 3) });
  });
  it("fills a rectangle of 3 x 2 pixels", () => {
    const picture = drawn(5, 4, (painter) => {
      painter.rect(1, 1, 3, 2, WHITE);
    });
    expect(picture).toEqual([".....", ".###.", ".###.", "....."]);
  });
  it("cuts a rectangle at all four edges", () => {
    const picture = drawn(3, 2, (painter) => {
      painter.rect(-5, -5, 100, 100, WHITE);
    });
    expect(picture).toEqual(["###", "###"]);
  });
  it("draws nothing of what lies outside", () => {
    const picture = drawn(3, 2, (painter) => {
      painter.rect(-4, 0, 3, 2, WHITE);
      painter.rect(3, 0, 3, 2, WHITE);
      painter.disc([-10, 1], 5, WHITE);
      painter.line([0, 50], [3, 50], 4, WHITE);
      painter.text(0, 5, "A", WHITE, 1);
    });
    expect(picture).toEqual(["...", "..."]);
  });
  it("draws the edge of a rectangle 1 pixel wide", () => {
    const picture = drawn(5, 4, (painter) => {
      painter.outline(0, 0, 4, 4, 1, WHITE);
    });
    expect(picture).toEqual(["####.", "#..#.", "#..#.", "####."]);
  });
  it("draws a level line 2 pixels thick", () => {
    const picture = drawn(8, 4, (painter) => {
      painter.line([-5, 2], [20, 2], 2, WHITE);
    });
    expect(picture).toEqual(["........", "########", "########", "........"]);
  });
  it("covers length times thickness and a disc at the ends, at any slope", () => {
    for (const end of [
      [140, 60],
      [60, 140],
      [120, 120],
    ] as const) {
      const painter = new Painter(200, 200, BLACK);
      painter.line([60, 60], end, 10, WHITE);
      const length = Math.hypot(end[0] - 60, end[1] - 60);
      expect(area(painter.frame())).toBeCloseTo(10 * length + Math.PI * 25, -1);
    }
  });
  it("covers pi r² with a disc of radius 20, within 1 %", () => {
    const painter = new Painter(60, 60, BLACK);
    painter.disc([30, 30], 20, WHITE);
    expect(area(painter.frame()) / (Math.PI * 400)).toBeCloseTo(1, 2);
  });
  it("mixes a smoothed edge with what is below it", () => {
    const painter = new Painter(2, 1, [100, 100, 100]);
    // Half of the first pixel is covered.
    painter.line([0, -50], [0, 50], 1, [200, 100, 0]);
    expect(Array.from(painter.frame().rgb)).toEqual([150, 100, 50, 100, 100, 100]);
  });
  it("writes 5 x 8 pixels a character, 6 to the next and 10 to the next line", () => {
    const picture = drawn(11, 18, (painter) => {
      painter.text(0, 0, "1p\nA", WHITE, 1);
    });
    expect(picture).toEqual([
      "..#........",
      ".##........",
      "..#...####.",
      "..#...#...#",
      "..#...#...#",
      "..#...#...#",
      ".###..####.",
      "......#....",
      "...........",
      "...........",
      ".###.......",
      "#...#......",
      "#...#......",
      "#####......",
      "#...#......",
      "#...#......",
      "#...#......",
      "...........",
    ]);
  });
  it("writes letters twice as large at size 2", () => {
    const small = drawn(5, 8, (painter) => {
      painter.text(0, 0, "R", WHITE, 1);
    });
    const large = drawn(10, 16, (painter) => {
      painter.text(0, 0, "R", WHITE, 2);
    });
    expect(large.filter((_, y) => y % 2 === 0).map((line) => line.replace(/(.)./g, "$1"))).toEqual(small);
  });
});

describe("the font", () => {
  const shape = (character: string): string =>
    Array.from({ length: 40 }, (_, i) => (hasInk(character, i % 5, Math.floor(i / 5)) ? "#" : ".")).join("");

  it("has a shape of its own for each of the 94 visible characters of ASCII", () => {
    const shapes = Array.from({ length: 94 }, (_, i) => shape(String.fromCharCode(33 + i)));
    expect(new Set(shapes).size).toBe(94);
    expect(shapes.every((pixels) => pixels.includes("#"))).toBe(true);
    expect(shape(" ")).not.toContain("#");
  });
  it("shows a box for what it lacks", () => {
    expect(new Set(["도", "é", "\t", "\u{1f600}"].map(shape))).toEqual(new Set([shape("\u007f")]));
    expect(shape("é")).toContain("#");
  });
});

describe("a picture of words", () => {
  const rowsOf = (text: string): number => (textPixels(text).height - 24) / 20;

  it("has 20 pixels a line, and breaks lines of more than 48 characters between words", () => {
    expect([rowsOf("a"), rowsOf("a\nb\nc")]).toEqual([1, 3]);
    expect(rowsOf(`${"x".repeat(40)} ${"y".repeat(40)}`)).toBe(2);
    expect(rowsOf("x".repeat(97))).toBe(3);
  });
  it("is cut at 30 lines, also for a reply of 20,000 characters", () => {
    expect(rowsOf("x".repeat(20_000))).toBe(PAGE.rows);
    expect(rowsOf("\n".repeat(20_000))).toBe(PAGE.rows);
    expect(textPixels("x".repeat(20_000))).toMatchObject({ width: 600, height: 624 });
  });
});
