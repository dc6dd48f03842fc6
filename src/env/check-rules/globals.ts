/** Runs something under another clock and another Math.random, and notes which of them it asked. */
import { Rng } from "../rng.ts";

export interface World {
  /** Milliseconds by which the clock is ahead. */
  readonly ahead: number;
  /** Seed of Math.random. */
  readonly seed: number;
}

/** Settles like `run`; the clock and Math.random are put back first. `asked` collects names. */
export async function inWorld<T>({ ahead, seed }: World, asked: Set<string>, run: () => Promise<T>): Promise<T> {
  const { Date: RealDate, performance } = globalThis;
  const random = Math.random;
  const realNow = performance.now.bind(performance);
  const note = <V>(name: string, value: V): V => {
    asked.add(name);
    return value;
  };
  const draws = new Rng(seed);
  // A date without arguments asks the clock; one with arguments is only a value.
  const OtherDate = new Proxy(RealDate, {
    construct: (target, args: unknown[], from: new () => unknown) =>
      Reflect.construct(target, args.length === 0 ? [note("new Date", RealDate.now() + ahead)] : args, from) as object,
    get: (target, name, receiver): unknown =>
      name === "now" ? () => note("Date.now", RealDate.now() + ahead) : Reflect.get(target, name, receiver),
  });
  Math.random = () => note("Math.random", draws.uniform());
  globalThis.Date = OtherDate;
  performance.now = () => note("performance.now", realNow() + ahead);
  try {
    return await run();
  } finally {
    Math.random = random;
    globalThis.Date = RealDate;
    // The real one is inherited, so deleting the override restores it.
    Reflect.deleteProperty(performance, "now");
  }
}
