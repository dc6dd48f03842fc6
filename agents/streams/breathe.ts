/** Lets timers, signals and sockets have their turn in a loop that would otherwise run on promises alone. */

/** Milliseconds between two turns. */
const EVERY_MS = 10;

/** Called once a round: undefined as a rule, a promise to wait for when the event loop has had no turn for a while. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < EVERY_MS) return undefined;
    return turn().then(() => {
      last = performance.now();
    });
  };
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
