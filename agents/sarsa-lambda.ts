/** SARSA(lambda), backward view (Rummery & Niranjan, 1994; Singh & Sutton, 1996; Sutton & Barto, 2018, section 12.7). */
import { choice, real } from "dojang/env";
import { NextAction } from "./shared/next-action.ts";
import { defineTabular, TABULAR } from "./shared/tabular.ts";
import { TraceBook } from "./shared/traces.ts";

export const sarsaLambda = defineTabular({
  id: "sarsa-lambda",
  summary: "SARSA with eligibility traces, replacing or accumulating (Rummery & Niranjan, 1994; Singh & Sutton, 1996)",
  config: {
    ...TABULAR,
    lambda: real(0.9, { min: 0, max: 1, doc: "decay of the traces a step, beside gamma; 0 is SARSA" }),
    traces: choice("replacing", ["replacing", "accumulating"], { doc: "what a second visit does to a trace" }),
  },
  build({ gamma, lambda, traces: kind }, { table, epsilon }) {
    const q = table("q");
    const book = new TraceBook();
    const pairs = new NextAction(({ env, first, s, a, r, terminated, truncated, next, nextLegal }, nextAction) => {
      const traces = book.of(env);
      if (first) traces.clear();
      const future = nextAction === undefined ? q.expected(next, epsilon(), nextLegal) : q.at(next, nextAction);
      const delta = r + (terminated ? 0 : gamma * future) - q.at(s, a);
      traces.visit(s, a, kind);
      const alpha = q.visit(s, a);
      traces.forEach((pastS, pastA, e) => {
        q.shift(pastS, pastA, alpha * delta * e);
      });
      if (terminated || truncated) traces.clear();
      else traces.fade(gamma * lambda);
      return delta;
    });
    return { values: [q], update: pairs.feed, checkpoint: { pairs, book } };
  },
});
