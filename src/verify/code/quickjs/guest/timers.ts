/** Runs inside the sandbox: setTimeout and its like, on a clock that jumps to the next timer when nothing else is left to do. */
import type { Primordials } from "./primordials.ts";

/** Timers alive at once: more of them are refused. */
export const MAX_TIMERS = 10_000;

/** @returns the global functions, and `tick`, which runs the earliest timer and says whether there was one */
export function timersOf(P: Primordials, maxTimers: number) {
  interface Timer {
    readonly at: number;
    readonly every: number | undefined;
    readonly run: () => unknown;
  }
  const timers = P.construct<Map<number, Timer>>(P.Map, []);
  const count = P.getOwnPropertyDescriptor(P.mapProto, "size")!.get!;
  const remove = P.mapProto.delete;
  const milliseconds = (delay: unknown): number => {
    const ms = P.Number(delay);
    return ms > 0 && P.isFinite(ms) ? ms : 0;
  };
  let now = 0;
  let last = 0;

  const add = (run: unknown, delay: unknown, repeats: boolean, args: unknown[]): number => {
    if (typeof run !== "function") throw P.construct<Error>(P.TypeError, ["a timer needs a function"]);
    if (P.apply<number>(count, timers, []) >= maxTimers) throw P.construct<Error>(P.RangeError, ["too many timers"]);
    const ms = milliseconds(delay);
    const every = repeats ? (ms > 1 ? ms : 1) : undefined;
    P.apply(P.mapAdd, timers, [++last, { at: now + ms, every, run: () => P.apply(run, undefined, args) }]);
    return last;
  };

  const clear = (id: unknown): void => {
    P.apply(remove, timers, [id]);
  };

  const tick = (): boolean => {
    let id = 0;
    let next: Timer | undefined;
    P.apply(P.mapEach, timers, [
      (timer: Timer, key: number) => {
        // Equal times run in the order they were set: a Map keeps it.
        if (next === undefined || timer.at < next.at) {
          next = timer;
          id = key;
        }
      },
    ]);
    if (next === undefined) return false;
    now = next.at;
    clear(id);
    if (next.every !== undefined)
      P.apply(P.mapAdd, timers, [id, { at: now + next.every, every: next.every, run: next.run }]);
    next.run();
    return true;
  };

  return {
    tick,
    setTimeout: (run: unknown, delay: unknown, ...args: unknown[]) => add(run, delay, false, args),
    setInterval: (run: unknown, delay: unknown, ...args: unknown[]) => add(run, delay, true, args),
    setImmediate: (run: unknown, ...args: unknown[]) => add(run, 0, false, args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}
