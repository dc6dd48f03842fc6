/** Hands of cards: values 1 (ace) to 10, from a deck that never runs out. */

export interface BlackjackState {
  readonly dealer: number[];
  readonly player: number[];
  /** Suit of the dealer's open card, 0..3: for display only. */
  readonly suit: number;
  over: boolean;
}

/** One of thirteen ranks, each as likely: four of them count 10. */
export const DECK: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10];

/** The worth of an ace and a ten, dealt: more than any other hand. */
export const NATURAL = 22;

const plainSum = (hand: readonly number[]): number => hand.reduce((sum, card) => sum + card, 0);

/** Does the hand hold an ace that can count 11 without going over 21? */
export const usableAce = (hand: readonly number[]): boolean => hand.includes(1) && plainSum(hand) + 10 <= 21;

/** Sum of the hand, a usable ace counted 11. */
export const sumHand = (hand: readonly number[]): number => plainSum(hand) + (usableAce(hand) ? 10 : 0);

export const isBust = (hand: readonly number[]): boolean => sumHand(hand) > 21;

/** What a hand is worth when hands are compared: 0 when it is bust, 22 when it is a natural, else its sum. */
export function worth(hand: readonly number[]): number {
  if (isBust(hand)) return 0;
  return hand.length === 2 && sumHand(hand) === 21 ? NATURAL : sumHand(hand);
}
