/** A scene as an SVG document. */
import type { Area, Colour, Line, Scene, Spot, Text } from "./scene.ts";

export function toSvg({ width, height, shapes }: Scene): string {
  const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="Helvetica, Arial, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...shapes.map(element),
    "</svg>\n",
  ].join("\n");
}

function element(shape: Line | Area | Text): string {
  const colour = hex(shape.colour);
  if (shape.kind === "text") {
    const { text, at, anchor, size } = shape;
    return `<text x="${short(at[0])}" y="${short(at[1])}" font-size="${size}" text-anchor="${anchor}" fill="${colour}">${escaped(text)}</text>`;
  }
  const points = shape.spots.map(([x, y]: Spot) => `${short(x)},${short(y)}`).join(" ");
  if (shape.kind === "area")
    return `<polygon points="${points}" fill="${colour}" fill-opacity="${shape.opacity}" stroke="none"/>`;
  return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="${shape.width}" stroke-linejoin="round" stroke-linecap="round"/>`;
}

const hex = (colour: Colour): string => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;

const short = (value: number): string => String(Math.round(value * 100) / 100);

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
