/** Expected SARSA (van Seijen et al., 2009; Sutton & Barto, 2018, section 6.6). */
import { defineTabular, TABULAR } from "./shared/tabular.ts";

export const expectedSarsa = defineTabular({
  id: "expected-sarsa",
  summary: "Tabular expected SARSA, on-policy: bootstraps on the mean of Q(s',.) under the epsilon-greedy policy (van Seijen et al., 2009)", // prettier-ignore
  config: TABULAR,
  build({ gamma }, { table, epsilon }) {
    const q = table("q");
    return {
      values: [q],
      update({ s, a, r, terminated, next, nextLegal }) {
        const target = r + (terminated ? 0 : gamma * q.expected(next, epsilon(), nextLegal));
        return q.nudge(s, a, target);
      },
    };
  },
});
