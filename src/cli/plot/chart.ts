/** Learning curves as a drawing: axes with round numbers, a band around the mean of several seeds, a legend. */
import type { Curve } from "../../../agents/index.ts";
import { textWidth } from "./font.ts";
import type { Area, Colour, Line, Scene, Spot, Text } from "./scene.ts";
import { shortNumber, ticksFor } from "./ticks.ts";

export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** a remark below the legend */
  readonly note?: string;
}

/** Told apart by most who see colours differently (Okabe & Ito, 2008), and three more. */
const COLOURS: readonly Colour[] = [[0, 114, 178], [213, 94, 0], [0, 158, 115], [204, 121, 167], [230, 159, 0], [86, 180, 233], [0, 0, 0], [127, 127, 127], [139, 69, 19], [93, 58, 155]]; // prettier-ignore

/** Curves that one drawing can tell apart. */
export const MAX_CURVES = COLOURS.length;

const WIDTH = 960;
const PLOT = { left: 90, right: 920, top: 70, bottom: 480 };
const LEGEND = { top: 560, row: 24 };
const BLACK: Colour = [32, 32, 32];
const GREY: Colour = [224, 224, 224];
const SIZE = 15;

/** @param curves 1 .. MAX_CURVES, with at least one point in all */
export function chart(curves: readonly Curve[], { title, xLabel, yLabel, note }: ChartOptions): Scene {
  const points = curves.flatMap((curve) => curve.points);
  const ends = curves.flatMap(({ band = [] }) => band.flatMap(({ low, high }) => [low, high]));
  const xs = ticksFor(0, Math.max(...points.map(({ x }) => x)), 8);
  const ys = ticksFor(...extent([...points.map(({ y }) => y), ...ends]), 7);
  const place = placer(xs, ys);
  const rows = [...curves.map(labelOf), ...(note === undefined ? [] : [note])];
  return {
    width: WIDTH,
    height: LEGEND.top + rows.length * LEGEND.row,
    shapes: [
      ...axes(xs, ys, place),
      ...curves.flatMap((curve, i) => drawn(curve, COLOURS[i % COLOURS.length] as Colour, place)),
      words(title, [WIDTH / 2, 28], "middle", 19),
      words(yLabel, [PLOT.left, PLOT.top - 14], "middle"),
      words(xLabel, [(PLOT.left + PLOT.right) / 2, PLOT.bottom + 48], "middle"),
      ...rows.flatMap((text, i) => legendRow(text, i, curves)),
    ],
  };
}

const labelOf = ({ label, n }: Curve): string => (n === 1 ? label : `${label} (${n} seeds)`);

type Place = (x: number, y: number) => Spot;

function placer(xs: readonly number[], ys: readonly number[]): Place {
  const [x0, x1, y0, y1] = [xs[0], xs.at(-1), ys[0], ys.at(-1)] as [number, number, number, number];
  return (x, y) => [
    PLOT.left + ((x - x0) / (x1 - x0)) * (PLOT.right - PLOT.left),
    PLOT.bottom - ((y - y0) / (y1 - y0)) * (PLOT.bottom - PLOT.top),
  ];
}

function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}

function axes(xs: readonly number[], ys: readonly number[], place: Place): (Line | Text)[] {
  const [x0, y0] = [xs[0] as number, ys[0] as number];
  const [x1, y1] = [xs.at(-1) as number, ys.at(-1) as number];
  const line = (from: Spot, to: Spot, colour: Colour): Line => ({ kind: "line", spots: [from, to], colour, width: 1 });
  return [
    ...xs.map((x) => line(place(x, y0), place(x, y1), GREY)),
    ...ys.map((y) => line(place(x0, y), place(x1, y), GREY)),
    line(place(x0, y0), place(x1, y0), BLACK),
    line(place(x0, y0), place(x0, y1), BLACK),
    ...xs.map((x) => words(shortNumber(x), [place(x, y0)[0], PLOT.bottom + 22], "middle")),
    ...ys.map((y) => words(shortNumber(y), [PLOT.left - 10, place(x0, y)[1] + 5], "end")),
  ];
}

function drawn({ points, band }: Curve, colour: Colour, place: Place): (Area | Line)[] {
  if (points.length === 0) return [];
  const line: Line = { kind: "line", spots: points.map(({ x, y }) => place(x, y)), colour, width: 2 };
  if (band === undefined) return [line];
  const upper = points.map(({ x }, i) => place(x, band[i]?.high ?? 0));
  const lower = points.map(({ x }, i) => place(x, band[i]?.low ?? 0));
  return [{ kind: "area", spots: [...upper, ...lower.reverse()], colour, opacity: 0.2 }, line];
}

function legendRow(text: string, i: number, curves: readonly Curve[]): (Line | Text)[] {
  const y = LEGEND.top + i * LEGEND.row;
  const label = words(fitted(text, PLOT.right - PLOT.left - 40), [PLOT.left + 40, y], "start");
  if (i >= curves.length) return [label];
  const colour = COLOURS[i % COLOURS.length] as Colour;
  const sample: Line = { kind: "line", spots: [[PLOT.left, y - 5], [PLOT.left + 28, y - 5]], colour, width: 4 }; // prettier-ignore
  return [sample, label];
}

/** A text that is too long loses its end. */
function fitted(text: string, width: number): string {
  const letters = Math.floor(width / textWidth("x", SIZE));
  return text.length <= letters ? text : `${text.slice(0, letters - 3)}...`;
}

const words = (text: string, at: Spot, anchor: Text["anchor"], size = SIZE): Text => ({
  kind: "text",
  text,
  at,
  anchor,
  size,
  colour: BLACK,
});
