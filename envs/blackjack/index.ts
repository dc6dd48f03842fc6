/** Blackjack against a dealer who stands on 17. Source: Sutton & Barto (2018), Example 5.1. */
import { defineEnv, discrete, flag, rules, tuple, type Rng } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { blackjackBatch } from "./batch.ts";
import { DECK, isBust, sumHand, usableAce, worth, type BlackjackState } from "./hand.ts";
import { pay } from "./pay.ts";
import { blackjackPixels } from "./pixels.ts";
import { blackjackText } from "./text.ts";

export { blackjackModel, encodeBlackjack } from "./model.ts";

const drawCard = (rng: Rng): number => rng.choice(DECK);
const drawHand = (rng: Rng): number[] => [drawCard(rng), drawCard(rng)];

export default defineEnv({
  id: "Blackjack-v1",
  version: "1",
  description: "Hit or stick against a dealer who stands on 17.",
  params: {
    natural: flag(false, { doc: "A winning natural pays 1.5; without effect when sab is set." }),
    sab: flag(true, {
      doc: "The rules of Sutton and Barto's book: a natural wins against any hand but another natural, and pays 1.",
    }),
    renderMode,
  },
  build: (params) =>
    rules({
      action: discrete(2), // 0 stick, 1 hit
      observation: tuple(discrete(32), discrete(11), discrete(2)), // player's sum, dealer's open card, usable ace
      reset: (rng): BlackjackState => ({ dealer: drawHand(rng), player: drawHand(rng), suit: rng.int(4), over: false }),
      step(state, action, rng) {
        if (action === 1) {
          state.player.push(drawCard(rng));
          state.over = isBust(state.player);
          return { state, reward: state.over ? -1 : 0, terminated: state.over };
        }
        while (sumHand(state.dealer) < 17) state.dealer.push(drawCard(rng));
        state.over = true;
        return { state, reward: pay(worth(state.player), worth(state.dealer), params), terminated: true };
      },
      observe: ({ player, dealer }) => [sumHand(player), dealer[0] ?? 0, usableAce(player) ? 1 : 0],
      batch: blackjackBatch(params),
      render: renderIn(params.renderMode, { text: blackjackText, rgb: blackjackPixels }),
    }),
});
