/** Taxi: fetch a passenger at one station and bring them to another. Source: Dietterich (2000). */
import { defineEnv } from "dojang/env";
import { tabularRules } from "../shared/tabular.ts";
import { legalTaxi, taxiModel } from "./model.ts";
import { taxiText } from "./text.ts";

export { decodeTaxi, encodeTaxi, legalTaxi, taxiModel } from "./model.ts";

const taxi = (id: string) =>
  defineEnv({
    id,
    version: "1",
    description: "Fetch a passenger at one of four stations and bring them to another.",
    build: () => {
      const model = taxiModel();
      const masks = model.table.map((_, state) => legalTaxi(state));
      return tabularRules({
        model,
        maxSteps: 200,
        legal: ({ at }) => masks[at] ?? [],
        render: ({ at, lastAction }) => taxiText(at, lastAction),
      });
    },
  });

/** v3 is the older name of the same table. */
export default [taxi("Taxi-v4"), taxi("Taxi-v3")];
