/** The math verifier: `verifyMath` in place and at once, `createMathVerifier` with the engine behind it. */
import { GymError } from "../../../protocol/errors.ts";
import type { VerifyOptions } from "./check-options.ts";
import { EnginePool, type EngineResult } from "./engine/pool.ts";
import { firstTier, unproven, verdictOf, type FirstTier, type Settled } from "./first-tier.ts";
import type { MathVerdict } from "./verdict.ts";

export interface MathRequest {
  /** The right answer: LaTeX or plain text, bare or at the end of a solution (`\boxed{}`, `####`). */
  readonly gold: string;
  /** What is judged: an answer, or a whole text with one in it. */
  readonly answer: string;
  readonly options?: VerifyOptions;
}

/**
 * Compares in place, by the exact tier alone; bounded work, no waiting, deterministic. What that tier cannot decide is
 * `wrong` with the rule "undecided". Never throws for strings.
 */
export function verifyMath(gold: string, answer: string, options: VerifyOptions = {}): MathVerdict {
  const began = performance.now();
  const first = firstTier(gold, answer, options);
  return verdictOf(first, first.settled ?? unproven(first), began);
}

export interface MathVerifierOptions {
  /** Engine workers, 1..64, about 120 MB each. Default 1. */
  readonly workers?: number;
  /** Milliseconds from a request to its verdict, 20..600,000. The engine computes for half of them at most. Default 2,000. */
  readonly limitMs?: number;
  /** Comparisons that may wait for the engine, 1..1,000,000; beyond it the verdict is `unavailable`. Default 1,024. */
  readonly queue?: number;
  /** false: the exact tier only, no workers. Default true. */
  readonly engine?: boolean;
}

export interface VerifyAllOptions {
  /** Milliseconds for all; what is left over is `unavailable`. Default: none. */
  readonly deadlineMs?: number;
  /** What is still undecided when it aborts is `unavailable`. */
  readonly signal?: AbortSignal;
}

/** Milliseconds of the exact tier at a stretch before others get their turn. */
const STRETCH_MS = 8;

const RANGES = { workers: [1, 64], limitMs: [20, 600_000], queue: [1, 1_000_000] } as const;

/** Starts the engine's workers; they keep no process alive while they are idle. @throws {GymError} BAD_PARAM naming the option that is wrong */
export function createMathVerifier(options: MathVerifierOptions = {}): MathVerifier {
  return new MathVerifier(options);
}

export class MathVerifier implements AsyncDisposable {
  readonly #pool: EnginePool | undefined;
  readonly #window: number;

  /** @throws {GymError} BAD_PARAM */
  constructor({ workers = 1, limitMs = 2_000, queue = 1_024, engine = true }: MathVerifierOptions = {}) {
    for (const [name, value] of Object.entries({ workers, limitMs, queue })) {
      const [min, max] = RANGES[name as keyof typeof RANGES];
      if (Number.isInteger(value) && value >= min && value <= max) continue;
      throw new GymError("BAD_PARAM", `createMathVerifier ${name}`, { expected: `an integer in ${min}..${max}`, received: value }); // prettier-ignore
    }
    this.#pool = engine ? new EnginePool({ workers, limitMs, queue }) : undefined;
    // One that runs and one that waits for each worker: a list never fills the queue against itself.
    this.#window = 2 * workers;
  }

  /** Comparisons that wait for the engine or are in it. */
  get pending(): number {
    return this.#pool?.pending ?? 0;
  }

  /** Settles when the engine can take work; before, requests wait for it. */
  async ready(): Promise<void> {
    await this.#pool?.ready();
  }

  /** Never rejects: what goes wrong is a code. */
  async verify({ gold, answer, options = {} }: MathRequest): Promise<MathVerdict> {
    const began = performance.now();
    const first = firstTier(gold, answer, options);
    return verdictOf(first, first.settled ?? (await this.#second(first)), began);
  }

  /** Verdicts in the order of the requests. Waits for room in the engine's queue instead of overflowing it. Never rejects. */
  async verifyAll(
    requests: readonly MathRequest[],
    { deadlineMs = Infinity, signal }: VerifyAllOptions = {},
  ): Promise<MathVerdict[]> {
    // prettier-ignore
    const end = performance.now() + deadlineMs;
    const late = (): boolean => performance.now() > end || signal?.aborted === true;
    const verdicts: MathVerdict[] = new Array<MathVerdict>(requests.length);
    const undecided: { at: number; first: FirstTier; began: number }[] = [];
    let stretch = performance.now();
    for (const [at, { gold, answer, options = {} }] of requests.entries()) {
      const began = performance.now();
      if (began - stretch > STRETCH_MS) {
        await new Promise(setImmediate);
        stretch = performance.now();
      }
      const first = firstTier(gold, answer, options);
      if (first.settled === undefined) undecided.push({ at, first, began });
      else verdicts[at] = verdictOf(first, first.settled, began);
    }
    const left = undecided.values();
    const work = async (): Promise<void> => {
      for (const { at, first, began } of left) {
        verdicts[at] = verdictOf(first, late() ? TOO_LATE : await this.#second(first), began);
      }
    };
    await Promise.all(Array.from({ length: this.#window }, work));
    return verdicts;
  }

  /** Ends the workers; what still waits is `unavailable`. */
  async close(): Promise<void> {
    await this.#pool?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #second(first: FirstTier): Promise<Settled> {
    const { gold, extraction } = first;
    if (this.#pool === undefined || extraction === undefined) return unproven(first);
    return bothTiers(first, await this.#pool.judge(gold.text, extraction.text));
  }
}

const TOO_LATE: Settled = { code: "unavailable", rule: "engine", detail: "the deadline of the whole list has passed" };

/** What the engine found, in the light of what the exact tier knew. */
function bothTiers(first: FirstTier, { equal, rule, trouble, detail }: EngineResult): Settled {
  const because = detail === undefined ? {} : { detail };
  if (equal !== null) return { code: equal ? "correct" : "wrong", rule };
  if (trouble === "unavailable" || trouble === "timeout") return { code: trouble, rule, ...because };
  // A gold that hangs is broken; one that only the engine cannot read is not, if the exact tier has read it.
  const unread = first.decision?.gold === null;
  if (trouble === "bad-gold" && (unread || rule === "engine-timeout" || rule === "engine-crash")) {
    return { code: "bad-gold", rule, detail: detail ?? "no tier can read the gold answer" };
  }
  const without = unproven(first);
  return without.code === "wrong" ? { ...without, rule: trouble === undefined ? rule : without.rule } : without;
}
