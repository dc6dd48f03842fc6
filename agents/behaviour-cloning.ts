/** Behaviour cloning (Pomerleau, 1991): a policy that makes the actions of another agent likely, learnt from recordings of it or while it plays. */
import { int, real } from "dojang/env";
import { GymError } from "dojang/protocol";
import { map, tap } from "rxjs";
import { np } from "./nets/backend.ts";
import { numericSpace } from "./nets/features.ts";
import { dense } from "./nets/layers.ts";
import { Model, type HostTensor } from "./nets/model.ts";
import { chain } from "./nets/module.ts";
import { padded } from "./nets/padded.ts";
import { orthogonal } from "./nets/params.ts";
import { policyHead, policySpace } from "./nets/policy.ts";
import { evaluator, rowsOf } from "./nets/q-net.ts";
import { featuresFor, NET, torso } from "./nets/torso.ts";
import { defineAgent } from "./shared/agent.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { replayBuffer } from "./streams/replay-buffer.ts";
import { ReplayMemory } from "./streams/replay-memory.ts";
import type { Act } from "./streams/rollout.ts";
import type { Transitions } from "./streams/transitions.ts";

interface Batch extends Record<string, HostTensor> {
  obs: HostTensor;
  raw: HostTensor;
  mask: HostTensor;
}

/** Marks the actions that this agent chose itself. */
const OWN = "cloned";

export const behaviourCloning = defineAgent({
  id: "behaviour-cloning",
  summary: "Behaviour cloning: imitates the actions of another agent, from recordings of it (Pomerleau, 1991)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    ...NET,
    learningRate: ramp({ from: 1e-3, to: 1e-3, over: 0 }, { min: 0, max: 1, doc: "step size of Adam" }),
    capacity: int(100_000, { min: 1, max: 100_000_000, doc: "transitions kept, of the last that came" }),
    batch: int(64, { min: 1, max: 65_536, doc: "transitions in an update" }),
    every: int(16, { min: 1, max: 1_000_000, doc: "new transitions for each update" }),
    entropyCoef: real(0, { min: 0, max: 1, doc: "weight of the policy's entropy: against too much certainty" }),
  },
  build(config, { observation, action }, { id, clock, rng }) {
    const { batch: rows, every } = config;
    const features = featuresFor(config, observation, `${id}: observation space`);
    const head = policyHead(action);
    const body = torso({ ...config, features, name: "actor" });
    const net = chain(
      body,
      dense({ name: "policy", inputs: body.outputs, outputs: head.outputs, init: orthogonal(0.01) }),
    );
    const model = new Model<Batch>(
      {
        name: id,
        params: [...net.params, ...head.params],
        optimizer: { kind: "adam" },
        loss(p, { obs, raw, mask }) {
          const { logProb, entropy } = head.evaluate(p, net.apply(p, obs), raw, mask);
          const metrics = { logProb: np.mean(logProb), entropy: np.mean(entropy) };
          return { loss: metrics.logProb.ref.add(metrics.entropy.ref.mul(config.entropyCoef)).mul(-1), metrics };
        },
      },
      rng("init"),
    );
    const memory = new ReplayMemory(config.capacity);
    const look = evaluator(model, net, features);
    const choose = ({ obs, n, mask }: Parameters<Act>[0], explore: boolean) =>
      head.draw(look(obs, n), n, model.values("policy.logStd"), mask, explore ? rng("act") : undefined).action;

    const learn = (batch: Transitions): Record<string, number> => {
      const learningRate = linear(config.learningRate, clock.steps);
      const inputs = {
        obs: rowsOf(features, batch.obs, rows, rows),
        raw: padded(head.rawOf(batch.action), rows, head.width),
        mask: padded(batch.mask ?? new Float32Array(rows * head.outputs).fill(1), rows, head.outputs),
      };
      return { ...model.step(inputs, learningRate), learningRate };
    };
    return {
      act: (view) => ({ action: choose(view, true), [OWN]: new Uint8Array(view.n).fill(1) }),
      policy: (view) => ({ action: choose(view, false) }),
      learn: (source) =>
        source.pipe(
          tap((batch) => refuseOwn(id, batch)),
          replayBuffer({ memory, rng: rng("replay"), batch: rows, every }),
          map(learn),
        ),
      checkRun() {
        throw ownPlay(id);
      },
      checkpoint: { model, memory },
    };
  },
});

/** Who imitates itself learns nothing, and would do so without a word. */
function refuseOwn(id: string, { extras, source }: Transitions): void {
  if (source !== "recording" && Object.hasOwn(extras, OWN)) throw ownPlay(id);
}

const ownPlay = (id: string): GymError =>
  new GymError("BAD_PARAM", `${id}: transitions`, {
    expected: "actions that another agent chose",
    received: "its own",
    hint: "Learn from recordings (`dojang train --from PATH`, or recordings(files).pipe(learner.learn)), or from a rollout of the other's act.",
  });
