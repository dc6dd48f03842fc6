/** REINFORCE with a learnt baseline (Williams, 1992; Sutton & Barto, 2018, section 13.4), a batch of whole episodes at a time. */
import { flag, int } from "dojang/env";
import { map } from "rxjs";
import { policyGradient } from "./nets/actor-critic.ts";
import { numericSpace } from "./nets/features.ts";
import { policySpace } from "./nets/policy.ts";
import { defineAgent } from "./shared/agent.ts";
import { POLICY_GRADIENT, PolicyGradient } from "./shared/policy-gradient.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { advantages } from "./streams/gae.ts";
import { WholeEpisodes, wholeEpisodes } from "./streams/whole-episodes.ts";

export const reinforce = defineAgent({
  id: "reinforce",
  summary: "REINFORCE: the policy gradient of whole episodes, with a learnt value as baseline (Williams, 1992)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    ...POLICY_GRADIENT,
    episodes: int(8, { min: 1, max: 65_536, doc: "whole episodes between updates" }),
    longest: int(10_000, { min: 1, max: 1_000_000, doc: "steps after which an episode without an end is cut" }),
    learningRate: ramp({ from: 3e-3, to: 3e-3, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    normalizeAdvantage: flag(true, { doc: "mean 0 and deviation 1 within each update" }),
  },
  needs: ["logProb", "value", "raw"],
  build(config, { observation, action }, { id, clock, rng }) {
    const { gamma, episodes, longest } = config;
    const optimizer = { kind: "adam", epsilon: 1e-5, clip: config.maxGradNorm } as const;
    const learner = new PolicyGradient({ id, observation, action, config, optimizer, rng, policyLoss: policyGradient });
    const { act, policy, valueOfNext, rewards } = learner;
    const store = new WholeEpisodes(episodes, longest);
    return {
      ...{ act, policy },
      learn: (source) =>
        source.pipe(
          map((batch) => rewards.scaled(batch)),
          wholeEpisodes(store),
          // With lambda = 1 the advantage is the return of the rest of the episode less the baseline.
          map((batch) => advantages(batch, gamma, 1, valueOfNext)),
          map((batch) => learner.learn(batch, linear(config.learningRate, clock.steps))),
        ),
      checkpoint: { ...learner.parts, store },
    };
  },
});
