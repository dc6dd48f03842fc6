/** Advantage actor-critic: the synchronous form of A3C (Mnih et al., 2016, arXiv:1602.01783). */
import { flag, int, real } from "dojang/env";
import { map } from "rxjs";
import { policyGradient } from "./nets/actor-critic.ts";
import { numericSpace } from "./nets/features.ts";
import { policySpace } from "./nets/policy.ts";
import { defineAgent } from "./shared/agent.ts";
import { POLICY_GRADIENT, PolicyGradient } from "./shared/policy-gradient.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { gae } from "./streams/gae.ts";
import { Segment } from "./streams/segment.ts";

export const a2c = defineAgent({
  id: "a2c",
  summary: "Advantage actor-critic: one step along the policy gradient for every few env steps (Mnih et al., 2016)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    ...POLICY_GRADIENT,
    steps: int(5, { min: 1, max: 65_536, doc: "env steps of each instance between updates" }),
    learningRate: ramp({ from: 7e-4, to: 7e-4, over: 0 }, { min: 0, max: 1, doc: "step size of RMSProp" }),
    lambda: real(1, { min: 0, max: 1, doc: "decay of the traces of GAE; 1: n-step returns" }),
    normalizeAdvantage: flag(false, { doc: "mean 0 and deviation 1 within each update" }),
  },
  needs: ["logProb", "value", "raw"],
  build(config, { observation, action }, { id, clock, rng }) {
    const { steps, gamma, lambda } = config;
    const optimizer = { kind: "rmsprop", clip: config.maxGradNorm } as const;
    const learner = new PolicyGradient({ id, observation, action, config, optimizer, rng, policyLoss: policyGradient });
    const { act, policy, valueOfNext, rewards } = learner;
    const segment = new Segment(steps);
    return {
      ...{ act, policy },
      learn: (source) =>
        source.pipe(
          map((batch) => rewards.scaled(batch)),
          gae({ steps, gamma, lambda, segment, valueOfNext }),
          map((batch) => learner.learn(batch, linear(config.learningRate, clock.steps))),
        ),
      checkpoint: { ...learner.parts, segment },
    };
  },
});
