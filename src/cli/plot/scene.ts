/** A drawing as data: what is drawn to SVG and to pixels alike. Lengths are pixels, y goes down, a later shape covers an earlier one. */

export type Spot = readonly [x: number, y: number];
/** red, green, blue, 0..255 */
export type Colour = readonly [number, number, number];

export interface Line {
  readonly kind: "line";
  readonly spots: readonly Spot[];
  readonly colour: Colour;
  readonly width: number;
}

export interface Area {
  readonly kind: "area";
  /** of the outline, which closes by itself */
  readonly spots: readonly Spot[];
  readonly colour: Colour;
  /** 0..1 */
  readonly opacity: number;
}

export interface Text {
  readonly kind: "text";
  readonly text: string;
  /** of the base line */
  readonly at: Spot;
  readonly anchor: "start" | "middle" | "end";
  readonly size: number;
  readonly colour: Colour;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly (Line | Area | Text)[];
}
