/** A moment of a replay as text. */
import { show } from "../../protocol/show.ts";
import type { ReplayFrame } from "../recording/replay.ts";

type Picture = NonNullable<ReplayFrame["picture"]>;

/** Pixels have no text form: their size is told. */
export const pictureText = (picture: Picture): string =>
  typeof picture === "string" ? picture : `(a picture of ${picture.width} x ${picture.height} pixels)`;

/** "step 3: action 1, reward 0" and the picture below. */
export function frameText({ step, action, reward, terminated, truncated, picture }: ReplayFrame): string {
  const end = terminated ? ", terminated" : truncated ? ", truncated" : "";
  const head = step === 0 ? "reset" : `step ${step}: action ${show(action)}, reward ${reward}${end}`;
  return picture === undefined ? head : `${head}\n${pictureText(picture)}\n`;
}
