/** Double Q-learning (van Hasselt, 2010; Sutton & Barto, 2018, section 6.7). */
import { defineTabular, TABULAR } from "./shared/tabular.ts";

export const doubleQLearning = defineTabular({
  id: "double-q-learning",
  summary:
    "Two tables, one chooses the successor's action and the other values it: no maximisation bias (van Hasselt, 2010)",
  config: TABULAR,
  build({ gamma }, { table, rng }) {
    const q1 = table("q1");
    const q2 = table("q2");
    const coin = rng("coin");
    return {
      values: [q1, q2],
      update({ s, a, r, terminated, next, nextLegal }) {
        const [chooser, judge] = coin.int(2) === 0 ? [q1, q2] : [q2, q1];
        const target = r + (terminated ? 0 : gamma * judge.at(next, chooser.argmax(next, nextLegal)));
        return chooser.nudge(s, a, target);
      },
    };
  },
});
