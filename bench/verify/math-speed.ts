/** How fast verdicts are: each on its own, in bulk, in the engine, and how long its worker takes to start. */
import { createMathVerifier, verifyMath } from "dojang/verify";
import { median, percentile } from "../wire/statistics.ts";
import { mixedPairs, type Labelled } from "./math-pairs.ts";

export interface SpeedFigures {
  readonly pairs: number;
  /** Milliseconds of one verdict of the exact tier, warm. */
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  readonly verdictsPerSecond: number;
  /** Share of pairs that the exact tier decides. */
  readonly exactShare: number;
  /** Verdicts that differ from the label, with the engine. */
  readonly falseEqual: number;
  readonly falseUnequal: number;
}

/** @param rounds of which the fastest counts: the machine is shared */
export async function benchSpeed({
  perFamily,
  rounds,
}: {
  readonly perFamily: number;
  readonly rounds: number;
}): Promise<SpeedFigures> {
  // prettier-ignore
  const pairs = mixedPairs(perFamily);
  const times = new Float64Array(pairs.length).fill(Infinity);
  let best = Infinity;
  let undecided = 0;
  for (let round = 0; round <= rounds; round++) {
    const began = performance.now();
    undecided = 0;
    for (const [i, { gold, answer }] of pairs.entries()) {
      const start = performance.now();
      if (verifyMath(gold, answer).rule === "undecided") undecided++;
      if (round > 0) times[i] = Math.min(times[i]!, performance.now() - start); // round 0 warms up
    }
    if (round > 0) best = Math.min(best, performance.now() - began);
  }
  return {
    pairs: pairs.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    slowest: Math.max(...times),
    verdictsPerSecond: Math.round((pairs.length / best) * 1_000),
    exactShare: 1 - undecided / pairs.length,
    ...(await wrongOnes(pairs)),
  };
}

async function wrongOnes(pairs: readonly Labelled[]): Promise<{ falseEqual: number; falseUnequal: number }> {
  await using verifier = createMathVerifier();
  await verifier.ready();
  const verdicts = await verifier.verifyAll(pairs);
  const wrong = pairs.filter(({ equal }, i) => verdicts[i]!.equal !== equal);
  return { falseEqual: wrong.filter(({ equal }) => !equal).length, falseUnequal: wrong.filter(({ equal }) => equal).length }; // prettier-ignore
}

export interface EngineFigures {
  /** Milliseconds from the start of a worker until it takes work; the median of several. */
  readonly startMs: number;
  /** Milliseconds of one comparison in a warm engine. */
  readonly p50: number;
  readonly p99: number;
}

/** Identities that no exact rule knows. */
const IDENTITIES = [
  ["\\lfloor Nx+1\\rfloor", "\\lfloor Nx\\rfloor+1"],
  ["\\binom{n+N}{2}", "\\frac{(n+N)(n+N-1)}{2}"],
  ["\\arcsin(x/N)+\\arccos(x/N)", "\\frac{\\pi}{2}"],
  ["\\gcd(a+N,b)", "\\gcd(b,a+N)"],
  ["\\lfloor Nx\\rfloor", "\\lceil Nx\\rceil"],
  ["\\binom{n}{N}", "\\binom{n}{N+1}"],
] as const;

export async function benchEngine({
  starts,
  comparisons,
}: {
  readonly starts: number;
  readonly comparisons: number;
}): Promise<EngineFigures> {
  // prettier-ignore
  const startTimes: number[] = [];
  for (let i = 0; i < starts; i++) {
    const began = performance.now();
    await using verifier = createMathVerifier();
    await verifier.ready();
    startTimes.push(performance.now() - began);
  }
  await using verifier = createMathVerifier();
  await verifier.ready();
  const times: number[] = [];
  for (let i = 0; i < comparisons; i++) {
    const [gold, answer] = IDENTITIES[i % IDENTITIES.length]!.map((text) => text.replaceAll("N", String((i % 7) + 2)));
    const began = performance.now();
    await verifier.verify({ gold: gold!, answer: answer! });
    times.push(performance.now() - began);
  }
  return { startMs: median(startTimes), p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
