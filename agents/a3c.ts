/** Asynchronous advantage actor-critic (Mnih et al., 2016, arXiv:1602.01783): each actor takes a few steps with weights of some version and sends a gradient; whoever keeps the weights descends along it. */
import { int } from "dojang/env";
import { GymError } from "dojang/protocol";
import { map } from "rxjs";
import { policyGradient } from "./nets/actor-critic.ts";
import { numericSpace } from "./nets/features.ts";
import { paddedLength } from "./nets/padded.ts";
import { policySpace } from "./nets/policy.ts";
import { sharedBy } from "./shared/a3c-shared.ts";
import { defineAgent } from "./shared/agent.ts";
import { POLICY_GRADIENT, PolicyGradient } from "./shared/policy-gradient.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { gae } from "./streams/gae.ts";
import { Segment } from "./streams/segment.ts";

/** Actors see different transitions: running moments of one would not be those of another. */
const PLAIN = { normalizeObservations: false, normalizeRewards: false, normalizeAdvantage: false };
const { normalizeObservations: _observations, normalizeRewards: _rewards, ...COMMON } = POLICY_GRADIENT;

export const a3c = defineAgent({
  id: "a3c",
  summary:
    "Asynchronous advantage actor-critic: actors in processes of their own send gradients to one learner (Mnih et al., 2016)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    ...COMMON,
    actors: int(2, { min: 1, max: 256, doc: "processes that act; the instances are shared out between them" }),
    steps: int(5, { min: 1, max: 65_536, doc: "env steps of each instance between gradients (the paper's t_max)" }),
    learningRate: ramp({ from: 7e-4, to: 7e-4, over: 0 }, { min: 0, max: 1, doc: "step size of RMSProp" }),
    maxLag: int(100, { min: 0, max: 1e9, doc: "versions behind which a gradient is dropped" }),
  },
  needs: ["logProb", "value", "raw"],
  build(config, { observation, action }, { id, clock, rng }) {
    const { actors, steps, gamma, maxLag } = config;
    // Its mean of squares is the one that all actors share (section 4 of the paper).
    const optimizer = { kind: "rmsprop", clip: config.maxGradNorm } as const;
    const all = { ...config, ...PLAIN };
    const net = new PolicyGradient({
      id,
      observation,
      action,
      config: all,
      optimizer,
      rng,
      policyLoss: policyGradient,
    });
    const { act, policy, valueOfNext, model } = net;
    const segment = new Segment(steps);
    const { shared, learn } = sharedBy(model, {
      ...{ maxLag, clock },
      rateAt: (done) => linear(config.learningRate, done),
      gradients: (source) =>
        source.pipe(
          // Traces that do not decay: the rewards of up to `steps` steps and the value of what follows them.
          gae({ steps, gamma, lambda: 1, segment, valueOfNext }),
          map((batch) => ({ ...net.differentiate(batch, paddedLength(batch.length)), batch })),
        ),
    });
    // Where this process learns alone, each gradient is of the weights that take it: advantage actor-critic without the asynchrony.
    return {
      ...{ act, policy, learn, shared },
      checkRun({ num }) {
        const expected = `a multiple of the ${actors} actors`;
        if (num % actors !== 0) throw new GymError("BAD_PARAM", `${id}: num`, { expected, received: num });
      },
      checkpoint: { model, segment },
    };
  },
});
