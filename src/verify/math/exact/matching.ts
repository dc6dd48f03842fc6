/** Pairs the members of two collections, in order or in any order. */
import type { Node } from "./ast.ts";
import { foldRational } from "./fold.ts";
import { showRat } from "./rational.ts";
import type { Verdict } from "./scalar.ts";
import { spend, TooLarge } from "./work.ts";

export type Compare = (gold: Node, answer: Node) => Verdict;

/** Longest collection whose members are compared each with each. */
const MOST_MEMBERS = 64;

export function inOrder(gold: readonly Node[], answer: readonly Node[], rule: string, compare: Compare): Verdict {
  if (gold.length !== answer.length) return { equal: false, rule };
  let equal: boolean | null = true;
  for (const [k, item] of gold.entries()) {
    const found = compare(item, answer[k]!);
    if (found.equal === false) return { equal: false, rule };
    if (found.equal === null) equal = null;
  }
  return { equal, rule: equal === null ? "undecided" : rule };
}

/** Every member of one side has its own equal on the other. @throws {TooLarge} */
export function inAnyOrder(gold: readonly Node[], answer: readonly Node[], rule: string, compare: Compare): Verdict {
  if (gold.length !== answer.length) return { equal: false, rule };
  if (gold.length > MOST_MEMBERS) throw new TooLarge("members");
  const free = [...answer];
  let unsure = false;
  for (const [k, item] of gold.entries()) {
    const at = partner(item, free, k < free.length ? k : 0, compare);
    if (at === null) unsure = true;
    else if (at < 0) return { equal: false, rule };
    else free.splice(at, 1);
  }
  return unsure ? { equal: null, rule: "undecided" } : { equal: true, rule };
}

/** The place of an equal among `free`, -1 for none, null where some may be equal but none is proven. */
function partner(item: Node, free: readonly Node[], first: number, compare: Compare): number | null {
  let unsure = false;
  for (let k = 0; k < free.length; k++) {
    spend(5);
    const at = (k + first) % free.length;
    const { equal } = compare(item, free[at]!);
    if (equal === true) return at;
    if (equal === null) unsure = true;
  }
  return unsure ? null : -1;
}

/** A set written with repetitions, once each. */
export function distinct(items: readonly Node[], compare: Compare): readonly Node[] {
  if (items.length > MOST_MEMBERS) throw new TooLarge("members");
  const kept: Node[] = [];
  const rationals = new Set<string>();
  for (const item of items) {
    const value = foldRational(item);
    if (value !== null) {
      if (rationals.has(showRat(value))) continue;
      rationals.add(showRat(value));
    } else if (kept.some((other) => foldRational(other) === null && compare(other, item).equal === true)) continue;
    kept.push(item);
  }
  return kept;
}
