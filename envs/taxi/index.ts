/** Taxi: fetch a passenger at one station and bring them to another. Source: Dietterich (2000). */
import { defineEnv } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { tabularRules } from "../shared/tabular.ts";
import { legalTaxi, taxiModel } from "./model.ts";
import { taxiPixels } from "./pixels.ts";
import { taxiText } from "./text.ts";

export { decodeTaxi, encodeTaxi, legalTaxi, taxiModel } from "./model.ts";

const taxi = (id: string) =>
  defineEnv({
    id,
    version: "1",
    description: "Fetch a passenger at one of four stations and bring them to another.",
    params: { renderMode },
    build: ({ renderMode }) => {
      const model = taxiModel();
      const masks = model.table.map((_, state) => legalTaxi(state));
      return tabularRules({
        model,
        maxSteps: 200,
        masks,
        render: renderIn(renderMode, {
          text: ({ at, lastAction }) => taxiText(at, lastAction),
          rgb: ({ at }) => taxiPixels(at),
        }),
      });
    },
  });

/** v3 is the older name of the same table. */
export default [taxi("Taxi-v4"), taxi("Taxi-v3")];
