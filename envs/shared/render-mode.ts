/** The form of pictures: the parameter `renderMode` that every environment here has, as Gymnasium's `render_mode` is given to `make`. */
import { choice, type RgbFrame } from "dojang/env";

export type RenderMode = "text" | "rgb";

export const renderMode = choice<RenderMode>("text", ["text", "rgb"], {
  doc: "Form of the pictures: text, or RGB pixels.",
});

/** How an environment draws a state in either form; both only read it. */
export interface Drawing<S> {
  text(state: S): string;
  rgb(state: S): RgbFrame;
}

/** The `render` of the wanted form. */
export const renderIn = <S>(mode: RenderMode, drawing: Drawing<S>): ((state: S) => string | RgbFrame) =>
  mode === "rgb" ? (state) => drawing.rgb(state) : (state) => drawing.text(state);
