/** Blackjack's batch rules: hands as columns of cards, with their sums beside them. */
import type { BatchRules, Discrete, Rng, Space, Tuple } from "dojang/env";
import { DECK, NATURAL, type BlackjackState } from "./hand.ts";
import { pay, type PayOptions } from "./pay.ts";

/** No hand is longer: 21 aces count 21, and one card more ends the game. */
const MOST_CARDS = 22;

/** One hand for each instance. */
interface Hands {
  /** [num * MOST_CARDS] */
  readonly cards: Uint8Array;
  readonly count: Uint8Array;
  /** Every ace counted 1. */
  readonly sum: Uint8Array;
  /** 1 where there is an ace. */
  readonly ace: Uint8Array;
}

export interface Tables {
  readonly dealer: Hands;
  readonly player: Hands;
  readonly suit: Uint8Array;
  readonly over: Uint8Array;
}

type Seen = Tuple<readonly [Discrete, Discrete, Discrete]>;

export const blackjackBatch = (options: PayOptions): BatchRules<BlackjackState, Discrete, Seen, Space, Tables> => ({
  columns: (num) => ({
    dealer: makeHands(num),
    player: makeHands(num),
    suit: new Uint8Array(num),
    over: new Uint8Array(num),
  }),
  load({ dealer, player, suit, over }, row, state) {
    loadHand(dealer, row, state.dealer);
    loadHand(player, row, state.player);
    suit[row] = state.suit;
    over[row] = Number(state.over);
  },
  save: ({ dealer, player, suit, over }, row) => ({
    dealer: saveHand(dealer, row),
    player: saveHand(player, row),
    suit: suit[row]!,
    over: over[row] === 1,
  }),
  reset({ dealer, player, suit, over }, row, rng) {
    clear(dealer, row);
    clear(player, row);
    deal(dealer, row, rng);
    deal(dealer, row, rng);
    deal(player, row, rng);
    deal(player, row, rng);
    suit[row] = rng.int(4);
    over[row] = 0;
  },
  step({ dealer, player, over }, { rows, actions, rngs, rewards, terminated }) {
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      const rng = rngs[row]!;
      if (actions[k] === 1) {
        deal(player, row, rng);
        if (player.sum[row]! <= 21) continue;
        rewards[k] = -1;
      } else {
        while (total(dealer, row) < 17) deal(dealer, row, rng);
        rewards[k] = pay(worth(player, row), worth(dealer, row), options);
      }
      over[row] = terminated[k] = 1;
    }
  },
  observe({ dealer, player }, rows, [sums, opens, aces]) {
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      sums[k] = total(player, row);
      opens[k] = dealer.cards[row * MOST_CARDS]!;
      aces[k] = isUsable(player, row) ? 1 : 0;
    }
  },
});

const makeHands = (num: number): Hands => ({
  cards: new Uint8Array(num * MOST_CARDS),
  count: new Uint8Array(num),
  sum: new Uint8Array(num),
  ace: new Uint8Array(num),
});

function loadHand(hands: Hands, row: number, cards: readonly number[]): void {
  clear(hands, row);
  for (let i = 0; i < cards.length; i++) add(hands, row, cards[i]!);
}

function clear({ count, sum, ace }: Hands, row: number): void {
  count[row] = sum[row] = ace[row] = 0;
}

const saveHand = ({ cards, count }: Hands, row: number): number[] =>
  Array.from(cards.subarray(row * MOST_CARDS, row * MOST_CARDS + count[row]!));

const deal = (hands: Hands, row: number, rng: Rng): void => add(hands, row, DECK[rng.int(DECK.length)]!);

function add({ cards, count, sum, ace }: Hands, row: number, card: number): void {
  cards[row * MOST_CARDS + count[row]!++] = card;
  sum[row]! += card;
  if (card === 1) ace[row] = 1;
}

const isUsable = ({ sum, ace }: Hands, row: number): boolean => ace[row] === 1 && sum[row]! <= 11;

/** A usable ace counted 11. */
const total = (hands: Hands, row: number): number => hands.sum[row]! + (isUsable(hands, row) ? 10 : 0);

/** As of `hand.ts`: 0 when it is bust, 22 when it is a natural. */
function worth(hands: Hands, row: number): number {
  const points = total(hands, row);
  if (points > 21) return 0;
  return points === 21 && hands.count[row] === 2 ? NATURAL : points;
}
