/** Deep Q-network (Mnih et al., 2015, doi:10.1038/nature14236): y = r + gamma Q_target(s', a*), a Huber loss, replay; double, dueling, n-step and prioritised by choice. */
import { np } from "./nets/backend.ts";
import { defineReplayQ, REPLAY_Q } from "./shared/q-replay.ts";
import { huber } from "./nets/huber.ts";

export const dqn = defineReplayQ({
  id: "dqn",
  summary:
    "Deep Q-network: values of actions from replay, towards a target net (Mnih et al., 2015); double, dueling, n-step, prioritised",
  config: REPLAY_Q,
  build: ({ kappa }) => ({ width: 1, loss: (chosen, target) => np.sum(huber(target.sub(chosen), kappa), -1) }),
});
