/** Q-learning (Watkins, 1989; Watkins & Dayan, 1992; Sutton & Barto, 2018, section 6.5). */
import { defineTabular, TABULAR } from "./shared/tabular.ts";

export const qLearning = defineTabular({
  id: "q-learning",
  summary: "Tabular Q-learning, off-policy: Q(s,a) += alpha [r + gamma max_a' Q(s',a') - Q(s,a)] (Watkins, 1989)",
  config: TABULAR,
  build({ gamma }, { table }) {
    const q = table("q");
    return {
      values: [q],
      update({ s, a, r, terminated, next, nextLegal }) {
        // A truncated episode still has a future, so only `terminated` cuts the bootstrap.
        const target = r + (terminated ? 0 : gamma * q.max(next, nextLegal));
        return q.nudge(s, a, target);
      },
    };
  },
});
