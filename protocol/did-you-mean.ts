/** The nearest known name for a mistyped one: optimal string alignment distance (Damerau, 1964), case ignored. */

/** Words longer than this are not compared: they come from outside, and the cost is the product of both lengths. */
const MAX_LENGTH = 64;

/** The candidate nearest to `word` with at most a third of its letters (and at least one) changed, else the first that begins with it. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > MAX_LENGTH) return undefined;
  const lower = word.toLowerCase();
  const names = [...candidates].filter((name) => name.length <= MAX_LENGTH);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(lower, name.toLowerCase());
    if (distance < least) [best, least] = [name, distance];
  }
  return best ?? (word.length < 3 ? undefined : names.find((name) => name.toLowerCase().startsWith(lower)));
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`, no part edited twice. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], j: number): number => row[j] ?? Infinity;
