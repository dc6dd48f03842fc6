/** Logged: play the model that a table of logged transitions supports, and nothing beyond it. */
import { defineEnv, int, rules } from "dojang/env";
import { cellErrors } from "../shared/csv.ts";
import { dataFileParams, readDataFile } from "../shared/data-file.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { tabularRules, type TabularState } from "../shared/tabular.ts";
import { readLog, shippedLog } from "./log-table.ts";
import { fitModel } from "./model.ts";
import { loggedPixels } from "./pixels.ts";

export { readLog, shippedLog, type LogTable } from "./log-table.ts";
export { fitModel, type FittedModel } from "./model.ts";

const ID = "Logged-v0";

const words = ({ at, lastAction }: TabularState): string =>
  `state ${at}${lastAction < 0 ? "" : `, after action ${lastAction}`}`;

export default defineEnv({
  id: ID,
  version: "1",
  description:
    "Play the model that a table of logged transitions supports; actions that it does not support are refused.",
  params: {
    minCount: int(10, { min: 1, max: 1e12, doc: "How often an action must have been seen in a state to be allowed." }),
    steps: int(100, { min: 1, max: 1_000_000, doc: "Time limit." }),
    renderMode,
    ...dataFileParams,
  },
  build({ minCount, steps, renderMode, file, folder }, host) {
    const text = file === "" ? shippedLog() : readDataFile({ file, folder }, ID, host);
    const model = fitModel(readLog(text, cellErrors(ID, host, file)), minCount, ID);
    // A state that no supported play reaches has no legal action; a mask must still allow one.
    const masks = model.support.map((row) => (row.includes(true) ? row : row.map(() => true)));
    const open = model.support.map((row) => row.includes(true));
    return rules({
      ...tabularRules({
        model,
        maxSteps: steps,
        masks,
        render: renderIn(renderMode, { text: words, rgb: (state) => loggedPixels(words(state), open, state.at) }),
      }),
      enforceLegal: true,
    });
  },
});
