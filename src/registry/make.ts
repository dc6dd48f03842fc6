/** From a request to a batch runner: the one way in which servers and in-process clients make envs. */
import { randomBytes } from "node:crypto";
import { GymError } from "../../protocol/errors.ts";
import { fixedBytes } from "../../protocol/layout.ts";
import { checkSeed } from "../../protocol/seed.ts";
import type { Space } from "../../protocol/spaces.ts";
import { AUTORESET, type Autoreset, type JsonValue } from "../../protocol/frames.ts";
import type { FrameObserver, ObserverFactory } from "../env/observer.ts";
import type { OnFault } from "../env/faults.ts";
import { BatchRunner, type Runner, type RunnerOptions } from "../env/runner.ts";
import type { Lease } from "./builds.ts";
import type { Registry } from "./registry.ts";
import { shardedRunner, type Sharded } from "./shards.ts";

/** Most threads of a batch. */
const MAX_WORKERS = 64;

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
  /** Threads that share the instances, the calling one among them, 1..64 and at most `num`. Default 1. */
  readonly workers?: number | undefined;
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
  readonly runner: Runner;
  readonly observer: FrameObserver | undefined;
  /** Ends the recording and lets go of the plugin. Later calls do nothing. */
  close(): Promise<void>;
}

/** @throws {GymError} UNKNOWN_ENV, BAD_PARAM, BAD_SEED, BAD_PLUGIN, LIMIT */
export async function makeBatch(registry: Registry, request: MakeRequest, limits: MakeLimits): Promise<Made> {
  const { env: id, num = 1, autoreset = "next-step", workers = 1 } = request;
  registry.find(id);
  checkCount(id, "num", num, 1, limits.maxNum);
  checkCount(id, "workers", workers, 1, Math.min(num, MAX_WORKERS));
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
    const options = { ...limitsOf(limits), num, seed, autoreset, maxSteps, ...(observer && { observer }) };
    if (workers === 1) return new MadeBatch(new BatchRunner(lease.env, options), observer, lease);
    const sharded = await shardedRunner(lease.env, options, workers, registry.find(id).module);
    return new ShardedBatch(sharded, observer, lease);
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
  readonly runner: Runner;
  readonly observer: FrameObserver | undefined;
  readonly #lease: Lease;

  constructor(runner: Runner, observer: FrameObserver | undefined, lease: Lease) {
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

/** Has threads to end as well. */
class ShardedBatch extends MadeBatch {
  readonly #sharded: Sharded;

  constructor(sharded: Sharded, observer: FrameObserver | undefined, lease: Lease) {
    super(sharded.runner, observer, lease);
    this.#sharded = sharded;
  }

  override async close(): Promise<void> {
    try {
      await this.#sharded.close();
    } finally {
      await super.close();
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
