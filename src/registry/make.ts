/** From a request to a batch runner: the one way in which servers and in-process clients make envs. */
import { randomBytes } from "node:crypto";
import { GymError } from "../../protocol/errors.ts";
import { fixedBytes } from "../../protocol/layout.ts";
import { checkSeed } from "../../protocol/seed.ts";
import type { Space } from "../../protocol/spaces.ts";
import { AUTORESET, type Autoreset, type JsonValue } from "../../protocol/frames.ts";
import type { FrameObserver, ObserverFactory } from "../env/observer.ts";
import type { OnFault } from "../env/faults.ts";
import { BatchRunner, type RunnerOptions } from "../env/runner.ts";
import type { Lease } from "./builds.ts";
import type { Registry } from "./registry.ts";

export interface MakeRequest {
  readonly env: string;
  /** Default 1. */
  readonly num?: number | undefined;
  /** Default: drawn at random. */
  readonly seed?: number | undefined;
  /** Default next-step. */
  readonly autoreset?: Autoreset | undefined;
  readonly params?: Readonly<Record<string, JsonValue>> | undefined;
  readonly maxSteps?: number | undefined;
  readonly recordObservations?: boolean | undefined;
}

export interface MakeLimits {
  /** Most instances in a batch. */
  readonly maxNum: number;
  /** Most bytes of the observations of one frame, as far as a space fixes them. */
  readonly maxFrameBytes?: number;
  readonly stepDeadlineMs?: number;
  readonly maxConcurrent?: number;
  /** Operator params may be given. */
  readonly operator?: boolean;
  readonly record?: ObserverFactory | undefined;
  /** Told of every failure of the plugin. */
  readonly onFault?: OnFault;
}

export interface Made {
  readonly runner: BatchRunner;
  readonly observer: FrameObserver | undefined;
  /** Ends the recording and lets go of the plugin. Later calls do nothing. */
  close(): Promise<void>;
}

/** @throws {GymError} UNKNOWN_ENV, BAD_PARAM, BAD_SEED, BAD_PLUGIN, LIMIT */
export async function makeBatch(registry: Registry, request: MakeRequest, limits: MakeLimits): Promise<Made> {
  const { env: id, num = 1, autoreset = "next-step" } = request;
  registry.find(id);
  checkCount(id, "num", num, 1, limits.maxNum);
  if (!AUTORESET.includes(autoreset)) {
    throw new GymError("BAD_PARAM", `${id}: autoreset`, { expected: AUTORESET.join(", "), received: autoreset });
  }
  if (request.maxSteps !== undefined) checkCount(id, "maxSteps", request.maxSteps, 0, 2 ** 31 - 1);
  const seed = request.seed === undefined ? randomSeed() : checkSeed(request.seed, `${id}: seed`);
  const lease = await registry.lease(id, request.params, { operator: limits.operator ?? false });
  const maxSteps = request.maxSteps ?? lease.env.rules.maxSteps ?? 0;
  const observations = request.recordObservations ?? false;
  try {
    checkFrame(id, num, lease.env.rules.observation, limits.maxFrameBytes);
    const observer = await limits.record?.(lease.env, { num, seed, autoreset, maxSteps, observations });
    const runner = new BatchRunner(lease.env, { ...limitsOf(limits), num, seed, autoreset, maxSteps, ...(observer && { observer }) }); // prettier-ignore
    return new MadeBatch(runner, observer, lease);
  } catch (error) {
    await lease.release();
    throw error;
  }
}

const limitsOf = ({ stepDeadlineMs, maxConcurrent, onFault }: MakeLimits): Partial<RunnerOptions> => ({
  ...(stepDeadlineMs !== undefined && { stepDeadlineMs }),
  ...(maxConcurrent !== undefined && { maxConcurrent }),
  ...(onFault && { onFault }),
});

/** A class, so that thousands of them have their functions in common. */
class MadeBatch implements Made {
  readonly runner: BatchRunner;
  readonly observer: FrameObserver | undefined;
  readonly #lease: Lease;

  constructor(runner: BatchRunner, observer: FrameObserver | undefined, lease: Lease) {
    this.runner = runner;
    this.observer = observer;
    this.#lease = lease;
  }

  async close(): Promise<void> {
    try {
      await this.observer?.close();
    } finally {
      await this.#lease.release();
    }
  }
}

function checkCount(id: string, name: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw new GymError("BAD_PARAM", `${id}: ${name}`, { expected: `an integer in ${min}..${max}`, received: value });
}

/** The buffers of a batch are allocated at once, so a batch that is too large is refused before. @throws {GymError} LIMIT */
function checkFrame(id: string, num: number, observation: Space, limit = Infinity): void {
  const bytes = num * fixedBytes(observation);
  if (bytes <= limit) return;
  throw new GymError("LIMIT", `${id}: bytes of the observations of ${num} instances (maxFrameBytes)`, {
    expected: `at most ${limit}`,
    received: bytes,
    hint: "Make several envs with fewer instances.",
  });
}

/** 53 random bits. */
const randomSeed = (): number => Number(randomBytes(8).readBigUInt64LE() >> 11n);
