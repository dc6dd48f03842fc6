/** Many small tasks, a bounded number of them at a time. */

/** Runs `task(0)` to `task(count - 1)`, at most `limit` at once. Rejects with the first failure. */
export async function eachAtOnce(count: number, limit: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, lane));
}
