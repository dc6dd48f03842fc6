/** Two hundred thousand hostile frames: each is answered, a neighbour does not notice, and the server's memory comes back. */
import { createHash, type Hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Frame } from "../../protocol/frames.ts";
import type { Client, Env } from "../../src/client/env.ts";
import { connect } from "../../src/client/index.ts";
import { local } from "../../src/client/local/index.ts";
import type { FuzzAnswers, Fuzzed } from "./fuzz-process.ts";
import { MAX_PAYLOAD } from "./hostile-frames.ts";
import { startPeer } from "./processes.ts";
import type { ServerAnswers } from "./server-process.ts";
import { percentile } from "./statistics.ts";

export interface FuzzOptions {
  readonly frames: number;
  readonly seed: number;
}

export interface FuzzFigures extends Fuzzed {
  /** Resident memory of the server after / before, both after a collection. */
  readonly memoryRatio: number;
  /** Live objects and their buffers after / before. */
  readonly heapRatio: number;
  /** The neighbour saw what the same env gives in process. */
  readonly neighbourEqual: boolean;
  readonly neighbourSteps: number;
  /** The neighbour's p99 under fire / before. */
  readonly neighbourP99Ratio: number;
  /** Milliseconds. */
  readonly calmP99: number;
  readonly fireP99: number;
}

/** Envs of the neighbour's batch: what a learner that shares a server would have. */
const NUM = 1_024;
const CALM_STEPS = 1_000;
/** Hostile frames before the measurement, as a share of those in it. */
const WARM_SHARE = 0.25;
const LANES = 4;
/** Milliseconds that it learns between two steps. */
const THINKS_MS = 2;
/** What was opened by hostile frames has to be gone before memory is compared. */
const GRACE_MS = 200;

export async function checkFuzz({ frames, seed }: FuzzOptions): Promise<FuzzFigures> {
  await using server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
  await using attacker = await startPeer<FuzzAnswers>(new URL("./fuzz-process.ts", import.meta.url));
  const url = await server.ask("start", { limits: { maxPayload: MAX_PAYLOAD, graceMs: GRACE_MS } });
  const neighbour = await Neighbour.join(connect(url));
  const fuzz = (count: number, from: number): Promise<Fuzzed> => attacker.ask("fuzz", { url, frames: count, seed: from, lanes: LANES }); // prettier-ignore
  // Memory that every server takes once, in its first thousands of frames, is not what is asked about.
  await neighbour.during(fuzz(Math.ceil(frames * WARM_SHARE), seed + 1_000_000));
  neighbour.p99();
  const calmFrom = neighbour.steps;
  await neighbour.run(() => neighbour.steps < calmFrom + CALM_STEPS);
  await emptied(server, 1);
  const before = await server.ask("usage", { settled: true });
  const calmP99 = neighbour.p99();
  const fuzzed = await neighbour.during(fuzz(frames, seed));
  const fireP99 = neighbour.p99();
  await emptied(server, 1);
  const after = await server.ask("usage", { settled: true });
  const neighbourEqual = await neighbour.agrees();
  return {
    ...fuzzed,
    memoryRatio: after.rss / before.rss,
    heapRatio: after.heap / before.heap,
    neighbourEqual,
    neighbourSteps: neighbour.steps,
    neighbourP99Ratio: fireP99 / calmP99,
    calmP99,
    fireP99,
  };
}

/** Waits until no more than `left` sessions are there. */
async function emptied(server: { ask(name: "sessions"): Promise<number> }, left: number): Promise<void> {
  while ((await server.ask("sessions")) > left) await delay(GRACE_MS / 4);
}

/** A learner on the same server. Its actions depend on the number of the step alone, so that they can be taken again in process. */
class Neighbour {
  readonly #client: Client;
  readonly #env: Env;
  readonly #seen = createHash("sha256");
  #times: number[] = [];
  steps = 0;

  private constructor(client: Client, env: Env) {
    this.#client = client;
    this.#env = env;
  }

  static async join(client: Client): Promise<Neighbour> {
    const env = await client.make("CartPole-v1", { num: NUM, seed: 5, autoreset: "same-step" });
    await env.reset();
    return new Neighbour(client, env);
  }

  async run(goOn: () => boolean, thinksMs = THINKS_MS): Promise<void> {
    while (goOn()) {
      const began = performance.now();
      const frame = await this.#env.step(actionsOf(this.steps++));
      this.#times.push(performance.now() - began);
      add(this.#seen, frame);
      if (thinksMs > 0) await delay(thinksMs);
    }
  }

  /** Steps until `work` is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const watched = work.finally(() => (over = true));
    await this.run(() => !over);
    return await watched;
  }

  /** Of the steps since the last call, in milliseconds. */
  p99(): number {
    const times = this.#times;
    this.#times = [];
    return percentile(times, 0.99);
  }

  /** Takes the same steps in process. */
  async agrees(): Promise<boolean> {
    const seen = this.#seen.digest("hex");
    await this.#client.close();
    const own = await Neighbour.join(local());
    await own.run(() => own.steps < this.steps, 0);
    await own.#client.close();
    return own.#seen.digest("hex") === seen;
  }
}

function actionsOf(step: number): Int32Array {
  return Int32Array.from({ length: NUM }, (_, row) => (Math.imul(step * NUM + row, 0x9e3779b1) >>> 20) & 1);
}

function add(seen: Hash, { status, observations, rewards, terminated, truncated }: Frame): void {
  for (const column of [status, observations as unknown as Float32Array, rewards, terminated, truncated]) seen.update(column); // prettier-ignore
}
