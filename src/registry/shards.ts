/** Starts the threads that step parts of a batch, and makes a runner of them. */
import { extname } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { asGymError, GymError } from "../../protocol/errors.ts";
import { hasFixedSize } from "../env/batch-shape.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { capsuleStepsFor } from "../env/capsule-steps.ts";
import type { RunnerOptions } from "../env/runner.ts";
import { OP, WORD, WORDS, type ShardSpec } from "../env/shards/protocol.ts";
import { Shard, type ShardThread } from "../env/shards/shard.ts";
import { ShardedRunner } from "../env/shards/sharded-runner.ts";
import { allocateShared } from "../env/shards/shared-frame.ts";
import { rangesOf, type Range } from "../env/shards/split.ts";
import { execArgv } from "./exec-argv.ts";
import type { ShardStart } from "./shard-worker.ts";

const WORKER = new URL(`./shard-worker${extname(import.meta.url)}`, import.meta.url);

/** Milliseconds that a thread may take to end in good order. */
const CLOSE_MS = 5_000;

export interface Sharded {
  readonly runner: ShardedRunner;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** @param workers threads that share the instances, this one among them, 2 .. num. @param module of the plugin; undefined where nobody knows it
 *  @throws {GymError} UNSUPPORTED, BAD_PLUGIN */
export async function shardedRunner(
  env: BuiltEnv,
  options: RunnerOptions,
  workers: number,
  module: string | undefined,
): Promise<Sharded> {
  const { num } = options;
  const from = assertShardable(env, module);
  const [own, ...ranges] = rangesOf(num, workers) as [Range, ...Range[]];
  const capsuleSteps = options.capsuleSteps ?? capsuleStepsFor(env.rules.action, num);
  // What decides how a batch is stepped must not depend on how it is divided.
  const whole = { ...options, capsuleSteps };
  const started = await Promise.allSettled(ranges.map((range) => startThread(env, whole, range, from)));
  const threads = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const close = async (): Promise<void> => void (await Promise.all(threads.map((thread) => thread.close())));
  const failed = started.find((result) => result.status === "rejected");
  if (failed !== undefined) {
    await close();
    throw asGymError(failed.reason, "BAD_PLUGIN", `${env.id}: workers`);
  }
  const shards = threads.map((thread, i) => new Shard(env.rules, thread, ranges[i] as Range));
  return { runner: new ShardedRunner(env, { ...whole, shards, own: own.num }), close };
}

function assertShardable({ id, rules }: BuiltEnv, module: string | undefined): string {
  const refuse = (expected: string, received: string): GymError =>
    new GymError("UNSUPPORTED", `${id}: workers`, { expected, received, hint: "Make the env without workers." });
  if (rules.async === true) throw refuse("synchronous rules", "async ones, whose steps overlap in one thread");
  const { action, observation, infoSpace } = rules;
  const spaces = { action, observation, ...(infoSpace && { infoSpace }) };
  for (const [name, space] of Object.entries(spaces))
    if (!hasFixedSize(space))
      throw refuse("spaces whose values all have one size", `the ${name} space, a ${space.kind}`);
  if (module === undefined) throw refuse("a plugin that was loaded from a module", "one that was given in code");
  return module;
}

async function startThread(env: BuiltEnv, options: RunnerOptions, range: Range, module: string): Promise<ShardThread> {
  const { seed, autoreset, maxSteps, capsuleSteps, byColumnsFrom } = options;
  const { port1, port2 } = new MessageChannel();
  const control = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  const shared = allocateShared(env.rules, range.num);
  const spec: ShardSpec = {
    ...{ ...range, seed, autoreset, control, shared, port: port2 },
    ...(maxSteps !== undefined && { maxSteps }),
    ...(capsuleSteps !== undefined && { capsuleSteps }),
    ...(byColumnsFrom !== undefined && { byColumnsFrom }),
  };
  const start: ShardStart = { spec, module, id: env.id, params: env.params };
  const worker = new Worker(WORKER, { workerData: start, transferList: [port2], execArgv: execArgv() });
  const thread = new Thread(worker, control, { shared, port: port1 });
  await thread.ready;
  worker.unref();
  port1.unref();
  return thread;
}

class Thread implements ShardThread {
  readonly control: Int32Array;
  readonly shared: ShardThread["shared"];
  readonly port: ShardThread["port"];
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #exit: Promise<void>;
  ended: Error | undefined;

  constructor(worker: Worker, control: Int32Array, { shared, port }: Pick<ShardThread, "shared" | "port">) {
    this.control = control;
    this.shared = shared;
    this.port = port;
    this.#worker = worker;
    const { promise: ready, resolve, reject } = Promise.withResolvers<undefined>();
    this.ready = ready;
    worker.on("message", (news: { readonly ready?: boolean }) => {
      if (news.ready === true) resolve(undefined);
    });
    worker.on("error", (error) => {
      this.ended ??= error instanceof Error ? error : new Error(String(error));
      reject(this.ended);
    });
    this.#exit = new Promise((done) => {
      worker.once("exit", (code) => {
        this.ended ??= new Error(`exit ${code}`);
        reject(this.ended);
        done();
      });
    });
    // Nobody waits for it once it is ready.
    ready.catch(() => undefined);
  }

  async close(): Promise<void> {
    if (this.ended === undefined) {
      this.#worker.ref();
      Atomics.store(this.control, WORD.op, OP.close);
      Atomics.add(this.control, WORD.asked, 1);
      Atomics.notify(this.control, WORD.asked);
      const timer = setTimeout(() => this.kill(), CLOSE_MS);
      await this.#exit;
      clearTimeout(timer);
    }
    this.port.close();
  }

  kill(): void {
    this.ended ??= new Error("it was stopped");
    void this.#worker.terminate();
  }
}
