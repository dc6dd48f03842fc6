/** Proximal policy optimisation (Schulman et al., 2017, arXiv:1707.06347), with the details of Huang et al. (2022). */
import { flag, int, real } from "dojang/env";
import { concatMap, map, of, tap } from "rxjs";
import type { PolicyLoss } from "./nets/actor-critic.ts";
import { np } from "./nets/backend.ts";
import { numericSpace } from "./nets/features.ts";
import { policySpace } from "./nets/policy.ts";
import { defineAgent } from "./shared/agent.ts";
import { POLICY_GRADIENT, PolicyGradient } from "./shared/policy-gradient.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { gae } from "./streams/gae.ts";
import { minibatches } from "./streams/minibatches.ts";
import { Segment } from "./streams/segment.ts";

export const ppo = defineAgent({
  id: "ppo",
  summary:
    "Proximal policy optimisation: a clipped policy gradient over minibatches of fresh transitions (Schulman et al., 2017)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    ...POLICY_GRADIENT,
    steps: int(128, { min: 1, max: 65_536, doc: "env steps of each instance between updates" }),
    minibatch: int(256, { min: 1, max: 65_536, doc: "transitions in a minibatch" }),
    epochs: int(4, { min: 1, max: 100, doc: "passes over the transitions of an update" }),
    learningRate: ramp({ from: 2.5e-4, to: 2.5e-4, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    lambda: real(0.95, { min: 0, max: 1, doc: "decay of the traces of GAE" }),
    clip: real(0.2, { min: 0, max: 10, doc: "largest change of a probability ratio that is rewarded" }),
    normalizeAdvantage: flag(true, { doc: "mean 0 and deviation 1 within each minibatch, of each game by itself" }),
  },
  needs: ["logProb", "value", "raw"],
  build(config, { observation, action }, { id, clock, rng }) {
    const { steps, gamma, lambda, minibatch, epochs } = config;
    const optimizer = { kind: "adam", epsilon: 1e-5, clip: config.maxGradNorm } as const;
    const learner = new PolicyGradient({ id, observation, action, config, optimizer, rng, policyLoss: clipped(config.clip) }); // prettier-ignore
    const { act, policy, valueOfNext, rewards } = learner;
    const segment = new Segment(steps);
    return {
      ...{ act, policy },
      learn: (source) =>
        source.pipe(
          map((batch) => rewards.scaled(batch)),
          gae({ steps, gamma, lambda, segment, valueOfNext }),
          concatMap((batch) =>
            of(batch).pipe(
              minibatches({ size: minibatch, epochs, rng: rng("minibatches") }),
              map((rows) => learner.step(rows, minibatch, linear(config.learningRate, clock.steps))),
              tap({ complete: () => learner.learnt(batch) }),
            ),
          ),
        ),
      checkpoint: { ...learner.parts, segment },
    };
  },
});

/** min(rho A, clip(rho, 1 - clip, 1 + clip) A), with rho = pi(a|s) / pi_old(a|s). */
const clipped =
  (clip: number): PolicyLoss =>
  ({ logProb, before, advantage }, mean) => {
    const logRatio = logProb.sub(before);
    const ratio = np.exp(logRatio.ref);
    const bounded = np.clip(ratio.ref, 1 - clip, 1 + clip).mul(advantage.ref);
    const gain = np.minimum(ratio.ref.mul(advantage), bounded);
    return {
      policyLoss: mean(gain).mul(-1),
      approxKl: mean(ratio.ref.sub(1).sub(logRatio)),
      clipFraction: mean(np.abs(ratio.sub(1)).greater(clip).astype(np.float32)),
    };
  };
