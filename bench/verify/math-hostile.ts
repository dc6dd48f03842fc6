/** Hostile answers beside honest ones: every one is answered in time, the honest ones do not notice, and the memory comes back. */
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createMathVerifier, verifyMath, type MathVerifier } from "dojang/verify";
import { percentile } from "../wire/statistics.ts";
import { hostileInputs } from "./math-hostile-inputs.ts";
import { mixedPairs, type Labelled } from "./math-pairs.ts";

export interface HostileFigures {
  readonly inputs: number;
  /** Those answered within the limit and 100 ms. */
  readonly inTime: number;
  readonly slowestMs: number;
  /** Verdicts on hostile answers by code; none of them is correct. */
  readonly codes: Readonly<Record<string, number>>;
  /** Honest requests meanwhile, and how long they took, in milliseconds. */
  readonly honest: number;
  readonly honestP50: number;
  readonly honestP99: number;
  /** The same without anything hostile beside them. */
  readonly aloneP99: number;
  readonly honestWrong: number;
  /** Resident memory in MB with the verifier warm, the most while hostile answers came, and when they were answered. */
  readonly memoryBefore: number;
  readonly memoryPeak: number;
  readonly memoryAfter: number;
}

const LIMIT_MS = 2_000;
const GRACE_MS = 100;

/** @param rounds times that all hostile inputs are sent, one after the other round */
export async function checkHostile({ rounds }: { readonly rounds: number }): Promise<HostileFigures> {
  // What waits for the engine waits behind those that hang in it; the exact tier must not.
  const honest = mixedPairs(20).filter(({ gold, answer, equal }) => verifyMath(gold, answer).equal === equal);
  let [memoryBefore, memoryPeak, memoryAfter] = [0, 0, 0];
  const times: number[] = [];
  const codes: Record<string, number> = {};
  let alone: HonestLoad;
  let load: HonestLoad;
  {
    await using verifier = createMathVerifier({ workers: 1, limitMs: LIMIT_MS });
    await verifier.ready();
    const stop = new AbortController();
    for (const { gold, answer } of honest) await verifier.verify({ gold, answer }); // warm, as a server is
    alone = await honestLoad(verifier, honest, AbortSignal.timeout(ALONE_MS));
    memoryBefore = await settledMemory();
    const running = honestLoad(verifier, honest, stop.signal);
    for (let round = 0; round < rounds; round++) {
      memoryPeak = Math.max(memoryPeak, await sendHostile(verifier, times, codes));
    }
    stop.abort();
    load = await running;
    memoryAfter = await settledMemory();
  }
  return {
    inputs: times.length,
    inTime: times.filter((ms) => ms <= LIMIT_MS + GRACE_MS).length,
    slowestMs: Math.max(...times),
    codes,
    honest: load.times.length,
    honestP50: percentile(load.times, 0.5),
    honestP99: percentile(load.times, 0.99),
    aloneP99: percentile(alone.times, 0.99),
    honestWrong: load.wrong,
    memoryBefore,
    memoryPeak,
    memoryAfter,
  };
}

/** @returns the most memory on the way, in MB */
async function sendHostile(verifier: MathVerifier, times: number[], codes: Record<string, number>): Promise<number> {
  const asked: Promise<void>[] = [];
  let peak = 0;
  for (const { gold, answer } of hostileInputs()) {
    const began = performance.now();
    asked.push(
      verifier.verify({ gold, answer }).then(({ code }) => {
        times.push(performance.now() - began);
        codes[code] = (codes[code] ?? 0) + 1;
      }),
    );
    peak = Math.max(peak, megabytes());
    await delay(EVERY_MS);
  }
  await Promise.all(asked);
  return peak;
}

/** Milliseconds between two hostile answers: a hundred a second, one in eleven of all that arrive. */
const EVERY_MS = 10;

interface HonestLoad {
  readonly times: number[];
  wrong: number;
}

/** A request every four milliseconds, each timed from when it was due: a blocked event loop counts. */
async function honestLoad(
  verifier: MathVerifier,
  pairs: readonly Labelled[],
  signal: AbortSignal,
): Promise<HonestLoad> {
  const load: HonestLoad = { times: [], wrong: 0 };
  let due = performance.now();
  for (let i = 0; !signal.aborted; i++) {
    due = Math.max(due + DUE_MS, performance.now() - MAX_BEHIND);
    while (performance.now() < due) await new Promise(setImmediate);
    const { gold, answer, equal } = pairs[i % pairs.length]!;
    const { equal: found } = await verifier.verify({ gold, answer });
    load.times.push(performance.now() - due);
    if (found !== equal) load.wrong++;
    await new Promise(setImmediate);
  }
  return load;
}

const DUE_MS = 4;
const ALONE_MS = 1_000;

/** Milliseconds after which a request that was due is given up, as a client would. */
const MAX_BEHIND = 50;

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 2 ** 20);

/** Resident memory after collections, when it no longer falls. */
async function settledMemory(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // V8 puts it into every context made after the flag
  let least = Infinity;
  for (let i = 0; i < 10; i++) {
    collect();
    await delay(50);
    least = Math.min(least, megabytes());
  }
  return least;
}
