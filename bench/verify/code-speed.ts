/** How many submissions the code runner judges in a second, each in a fresh sandbox with ten tests, on one core and on two. */
import { createCodeRunner, type Submission } from "dojang/verify";
import { median } from "../wire/statistics.ts";

export interface CodeSpeedFigures {
  /** Submissions of ten tests judged in a second, one at a time. */
  readonly perSecond: number;
  /** The same, two at a time. */
  readonly perSecondOfTwo: number;
  /** How many times as fast two at a time are, in the same run. */
  readonly scaling: number;
  /** Milliseconds of one submission, nothing else under way. */
  readonly p50: number;
  /** Submissions without the verdict that they deserve. */
  readonly wrong: number;
}

export interface CodeSpeedOptions {
  readonly language: "javascript" | "python";
  /** Submissions in one round. */
  readonly count: number;
  /** Rounds of which the fastest counts: the machine is shared. */
  readonly rounds: number;
}

const SOURCES = {
  javascript: [
    "function primes(n) { const found = []; for (let i = 2; found.length < n; i++) if (found.every((p) => i % p)) found.push(i); return found; }", // prettier-ignore
    "function primes(n) { return [2, 3, 5, 7, 11, 13, 17, 19, 23].slice(0, n); }",
  ],
  python: [
    "def primes(n):\n    found, i = [], 2\n    while len(found) < n:\n        if all(i % p for p in found):\n            found.append(i)\n        i += 1\n    return found\n", // prettier-ignore
    "def primes(n):\n    return [2, 3, 5, 7, 11, 13, 17, 19, 23][:n]\n",
  ],
} as const;

const FIRST = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];
const TESTS = FIRST.map((_, n) => ({ args: [n + 1], expected: FIRST.slice(0, n + 1) }));

export async function benchCodeSpeed({ language, count, rounds }: CodeSpeedOptions): Promise<CodeSpeedFigures> {
  const [right, short] = SOURCES[language].map((source): Submission => ({ language, entryPoint: "primes", source, tests: TESTS })); // prettier-ignore
  const one = createCodeRunner({ concurrency: 1 });
  const two = createCodeRunner({ concurrency: 2 });
  const best = { one: 0, two: 0, wrong: 0 };
  const times: number[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      // Round 0 warms up. The two take turns, so that what else the machine does slows both.
      const [slow, fast] = [await rate(one, right!, short!, count), await rate(two, right!, short!, count)];
      best.wrong += slow.wrong + fast.wrong;
      if (round === 0) continue;
      best.one = Math.max(best.one, slow.perSecond);
      best.two = Math.max(best.two, fast.perSecond);
      for (let i = 0; i < 20; i++) times.push((await one.run(right!)).ms);
    }
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
  return {
    perSecond: Math.round(best.one),
    perSecondOfTwo: Math.round(best.two),
    scaling: best.two / best.one,
    p50: median(times),
    wrong: best.wrong,
  };
}

/** Every tenth submission has a wrong answer, which a runner that lost its place would give to its neighbour. */
async function rate(
  runner: ReturnType<typeof createCodeRunner>,
  right: Submission,
  wrong: Submission,
  count: number,
): Promise<{ perSecond: number; wrong: number }> {
  const began = performance.now();
  const verdicts = await Promise.all(Array.from({ length: count }, (_, i) => runner.run(i % 10 === 9 ? wrong : right)));
  const seconds = (performance.now() - began) / 1_000;
  const wrongOnes = verdicts.filter(({ verdict }, i) => verdict !== (i % 10 === 9 ? "fail" : "pass"));
  return { perSecond: count / seconds, wrong: wrongOnes.length };
}
