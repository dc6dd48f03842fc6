/** Draws a blackjack table: the dealer's cards above, the player's below; the dealer's second card lies face down until the hand is over. */
import type { RgbFrame } from "dojang/env";
import { Painter, type Colour } from "../shared/painter.ts";
import { sumHand, type BlackjackState } from "./hand.ts";

const WIDTH = 480;
const HEIGHT = 320;
const MARGIN = 30;
/** Pixels of a card, and from one card to the next where there is room. */
const CARD = { width: 60, height: 90, step: 70 };

const TABLE: Colour = [30, 105, 70];
const CHALK: Colour = [225, 240, 225];
const FACE: Colour = [250, 250, 250];
const EDGE: Colour = [150, 150, 150];
const BACK: Colour = [70, 90, 170];
const BLACK: Colour = [30, 30, 40];
const RED: Colour = [200, 40, 50];
/** Of clubs, diamonds, hearts and spades. */
const SUITS: readonly Colour[] = [BLACK, RED, RED, BLACK];

export function blackjackPixels({ dealer, player, suit, over }: BlackjackState): RgbFrame {
  const painter = new Painter(WIDTH, HEIGHT, TABLE);
  painter.text(MARGIN, 16, over ? `Dealer: ${sumHand(dealer)}` : "Dealer", CHALK);
  painter.text(MARGIN, 172, `Player: ${sumHand(player)}`, CHALK);
  // Only the open card has a suit.
  drawHand(painter, 40, dealer, over ? dealer.length : 1, SUITS[suit] ?? BLACK);
  drawHand(painter, 196, player, player.length, BLACK);
  return painter.frame();
}

/** @param open how many cards lie face up */
function drawHand(painter: Painter, top: number, hand: readonly number[], open: number, first: Colour): void {
  const step = Math.min(CARD.step, (WIDTH - 2 * MARGIN - CARD.width) / Math.max(1, hand.length - 1));
  hand.forEach((card, i) => {
    const left = Math.round(MARGIN + i * step);
    painter.rect(left, top, CARD.width, CARD.height, i < open ? FACE : BACK);
    painter.outline(left, top, CARD.width, CARD.height, 1, EDGE);
    if (i < open) painter.text(left + 6, top + 8, card === 1 ? "A" : String(card), i === 0 ? first : BLACK, 4);
  });
}
