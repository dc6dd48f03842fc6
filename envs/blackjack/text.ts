/** Draws a blackjack table as text; the dealer's second card stays hidden until the hand is over. */
import { sumHand, type BlackjackState } from "./hand.ts";

const SUITS = ["clubs", "diamonds", "hearts", "spades"];

export function blackjackText({ dealer, player, suit, over }: BlackjackState): string {
  const cards = (hand: readonly number[]): string => hand.map((card) => (card === 1 ? "A" : String(card))).join(" ");
  const open = `${cards(dealer.slice(0, 1))} of ${SUITS[suit] ?? ""}`;
  return [
    over ? `dealer ${cards(dealer)} (sum ${sumHand(dealer)})` : `dealer ${open}, ? hidden`,
    `player ${cards(player)} (sum ${sumHand(player)})`,
  ].join("\n");
}
