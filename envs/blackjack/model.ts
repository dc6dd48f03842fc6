/** Blackjack as an exact table. The observation is its state, except that a natural must be told from 21 reached by hitting. */
import { makeTable, type Model, type Outcome, type Start } from "../shared/tabular.ts";
import { DECK, NATURAL } from "./hand.ts";
import { pay, type PayOptions } from "./pay.ts";

export interface BlackjackPlaces {
  /** Player's sum, 4..21; 22 for a natural. */
  readonly sum: number;
  /** Dealer's open card, 1..10. */
  readonly dealer: number;
  /** Does the player hold an ace counted 11? */
  readonly ace: boolean;
}

/** Where every finished hand ends up. */
const OVER = 0;

/** (sum * 11 + dealer) * 2 + ace */
export const encodeBlackjack = ({ sum, dealer, ace }: BlackjackPlaces): number => (sum * 11 + dealer) * 2 + Number(ace);

/** The table for the given rules of payment; states that no hand can be in lead to the end at once. */
export function blackjackModel(options: PayOptions): Model {
  const dealers = Array.from({ length: 11 }, (_, dealer) => (dealer === 0 ? [] : dealerWorths(dealer)));
  const table = makeTable(23 * 22, 2, (state, action) => {
    const places = { sum: Math.floor(state / 22), dealer: Math.floor(state / 2) % 11, ace: state % 2 === 1 };
    if (places.sum < 4 || places.dealer === 0) return [finish(1, 0)];
    if (action === 1) return DECK.map((card) => hit(places, card));
    return (dealers[places.dealer] ?? []).map(([worth, chance]) => finish(chance, pay(places.sum, worth, options)));
  });
  return { table, starts: deals() };
}

const finish = (probability: number, reward: number): Outcome => ({
  probability,
  next: OVER,
  reward,
  terminated: true,
});

function hit({ sum, dealer, ace }: BlackjackPlaces, card: number): Outcome {
  const probability = 1 / DECK.length;
  const hand = add({ sum: Math.min(sum, 21), ace }, card);
  if (hand.sum > 21) return finish(probability, -1);
  return { probability, next: encodeBlackjack({ ...hand, dealer }), reward: 0, terminated: false };
}

interface Hand {
  readonly sum: number;
  readonly ace: boolean;
}

/** The hand with one card more: an ace counts 11 while it can. */
function add({ sum, ace }: Hand, card: number): Hand {
  if (card === 1 && !ace && sum + 11 <= 21) return { sum: sum + 11, ace: true };
  return ace && sum + card > 21 ? { sum: sum + card - 10, ace: false } : { sum: sum + card, ace };
}

/** Every deal of two cards to the player against every open card. */
function deals(): Start[] {
  const probability = 1 / DECK.length ** 3;
  const empty: Hand = { sum: 0, ace: false };
  return DECK.flatMap((dealer) =>
    DECK.flatMap((first) =>
      DECK.map((second) => {
        const { sum, ace } = add(add(empty, first), second);
        return { probability, state: encodeBlackjack({ sum: sum === 21 ? NATURAL : sum, ace, dealer }) };
      }),
    ),
  );
}

/** How likely each final worth of the dealer's hand is, given the open card. */
function dealerWorths(open: number): [worth: number, chance: number][] {
  const chances = new Map<number, number>();
  const play = (hand: Hand, cards: number, chance: number): void => {
    if (hand.sum < 17) {
      for (const card of DECK) play(add(hand, card), cards + 1, chance / DECK.length);
      return;
    }
    const worth = hand.sum > 21 ? 0 : hand.sum === 21 && cards === 2 ? NATURAL : hand.sum;
    chances.set(worth, (chances.get(worth) ?? 0) + chance);
  };
  play(add({ sum: 0, ace: false }, open), 1, 1);
  return [...chances];
}
