/** What a labelled pair of answers is, and how a family makes them. Nothing here knows the verifier. */
import type { Draws } from "./draws.ts";

export interface Pair {
  readonly family: string;
  readonly gold: string;
  readonly answer: string;
  readonly equal: boolean;
  /** What each side is worth, at 40 digits where numbers decide; equal pairs have equal keys. */
  readonly keys: readonly [gold: string, answer: string];
}

/** One kind of answer: what can be meant (`Item`), how it can be written, and what is nearly meant. */
export interface Family<Item> {
  readonly name: string;
  item(draws: Draws): Item;
  /** One of the writings of an item; several draws give several writings of the same thing. */
  write(item: Item, draws: Draws): string;
  /** Something that a hurried reader takes for the item. */
  miss(item: Item, draws: Draws): Item;
  /** What the item is worth, computed from its parts and never from a text. */
  key(item: Item): string;
}

/** A family whose type of item nobody outside needs. */
export interface AnyFamily {
  readonly name: string;
  pairs(draws: Draws, count: number): Pair[];
}

const TRIES = 200;

/** Half of the pairs equal, half near misses. Equal pairs differ in their writing. */
export function family<Item>(made: Family<Item>): AnyFamily {
  return {
    name: made.name,
    pairs: (draws, count) =>
      Array.from({ length: count }, (_, i) => (i % 2 === 0 ? equalPair(made, draws) : missPair(made, draws))),
  };
}

function equalPair<Item>(made: Family<Item>, draws: Draws): Pair {
  for (let i = 0; i < TRIES; i++) {
    const item = made.item(draws);
    const [gold, answer, key] = [made.write(item, draws), made.write(item, draws), made.key(item)];
    if (gold !== answer) return { family: made.name, gold, answer, equal: true, keys: [key, key] };
  }
  throw new Error(`family ${made.name}: expected two writings of one item, got one in ${String(TRIES)} tries`);
}

function missPair<Item>(made: Family<Item>, draws: Draws): Pair {
  for (let i = 0; i < TRIES; i++) {
    const item = made.item(draws);
    const other = made.miss(item, draws);
    const keys = [made.key(item), made.key(other)] as const;
    if (keys[0] !== keys[1]) {
      const [gold, answer] = [made.write(item, draws), made.write(other, draws)];
      return { family: made.name, gold, answer, equal: false, keys };
    }
  }
  throw new Error(`family ${made.name}: expected a near miss, got equal items in ${String(TRIES)} tries`);
}
