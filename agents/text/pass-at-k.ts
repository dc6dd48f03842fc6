/** pass@k without bias (Chen et al., 2021, arXiv:2107.03374) and maj@k (Wang et al., 2023, arXiv:2203.11171), over problems that were each answered n times. */

/** One problem: its n samples in the order they were drawn. */
export interface Answered {
  /** [n] 1 = judged right */
  readonly right: ArrayLike<number>;
  /** [n] what was taken for the answer; undefined where none was found */
  readonly answers: readonly (string | undefined)[];
}

/**
 * The chance that at least one of k samples, drawn without putting back from n of which c are right, is right: 1 - C(n-c, k) / C(n, k).
 * As a product, for the binomials overflow.
 * @throws {RangeError} unless 0 <= c <= n and 1 <= k <= n
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(c >= 0 && c <= n && k >= 1 && k <= n))
    throw new RangeError(`pass@k: expected 0 <= right <= samples and 1 <= k <= samples, got ${c} of ${n}, k ${k}`);
  if (n - c < k) return 1;
  let allWrong = 1;
  for (let i = n - c + 1; i <= n; i++) allWrong *= 1 - k / i;
  return 1 - allWrong;
}

/**
 * 1 where the commonest answer among the first k samples is right, 0 where it is wrong. Samples without an answer have no vote;
 * answers that tie count by the share of them that are right, as if one were drawn.
 * @throws {RangeError} unless there are k samples
 */
export function majAtK({ right, answers }: Answered, k: number): number {
  if (!(k >= 1 && k <= answers.length))
    throw new RangeError(`maj@k: expected 1 <= k <= ${answers.length} samples, got ${k}`);
  const votes = new Map<string, { count: number; right: number }>();
  for (let i = 0; i < k; i++) {
    const answer = answers[i];
    if (answer === undefined) continue;
    const vote = votes.get(answer) ?? { count: 0, right: 0 };
    votes.set(answer, { count: vote.count + 1, right: right[i] as number });
  }
  const most = Math.max(0, ...Array.from(votes.values(), ({ count }) => count));
  const first = [...votes.values()].filter(({ count }) => count === most);
  return first.length === 0 ? 0 : first.reduce((sum, vote) => sum + vote.right, 0) / first.length;
}
