/** SARSA (Rummery & Niranjan, 1994; Sutton & Barto, 2018, section 6.4). */
import { NextAction } from "./shared/next-action.ts";
import { defineTabular, TABULAR } from "./shared/tabular.ts";

export const sarsa = defineTabular({
  id: "sarsa",
  summary:
    "Tabular SARSA, on-policy: Q(s,a) += alpha [r + gamma Q(s',a') - Q(s,a)] with the a' taken (Rummery & Niranjan, 1994)",
  config: TABULAR,
  build({ gamma }, { table, epsilon }) {
    const q = table("q");
    const pairs = new NextAction(({ s, a, r, terminated, next, nextLegal }, nextAction) => {
      // After a truncation no action is taken at s': the mean over those the policy would take stands for it.
      const future = nextAction === undefined ? q.expected(next, epsilon(), nextLegal) : q.at(next, nextAction);
      return q.nudge(s, a, r + (terminated ? 0 : gamma * future));
    });
    return { values: [q], update: pairs.feed, checkpoint: { pairs } };
  },
});
