/** What a player is paid who sticks. */
import { NATURAL } from "./hand.ts";

export interface PayOptions {
  /** A winning natural pays 1.5. Without effect when `sab` is set. */
  readonly natural: boolean;
  /** The book's rules: a natural wins against any hand but another natural, and pays 1. */
  readonly sab: boolean;
}

/** 1 for a win, 0 for a draw, -1 for a loss, naturals by the options. Hands by their worth: 0 bust, 17..21, 22 a natural (see `worth`). */
export function pay(player: number, dealer: number, { natural, sab }: PayOptions): number {
  // Without `sab` a natural is just another 21 when hands are compared.
  const reward = Math.sign(Math.min(player, 21) - Math.min(dealer, 21));
  if (player !== NATURAL) return reward;
  if (sab) return dealer === NATURAL ? reward : 1;
  return natural && reward === 1 ? 1.5 : reward;
}
