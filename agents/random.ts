/** Uniformly random legal actions in any space: the baseline that every learner must beat. */
import { sampleBatch } from "dojang/protocol";
import { map } from "rxjs";
import { defineAgent } from "./shared/agent.ts";
import { anySpace } from "./shared/fit.ts";

export const random = defineAgent({
  id: "random",
  summary: "Uniformly random legal actions; learns nothing",
  spaces: { observation: anySpace, action: anySpace },
  config: {},
  build(_config, { action }, { rng }) {
    const explore = rng("explore");
    const evaluate = rng("evaluate");
    return {
      act: ({ n, mask }) => ({ action: sampleBatch(action, n, explore, mask) }),
      policy: ({ n, mask }) => ({ action: sampleBatch(action, n, evaluate, mask) }),
      learn: map(() => ({})),
    };
  },
});
