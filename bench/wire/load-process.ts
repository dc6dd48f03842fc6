/** Thousands of clients in a process of their own: they open sessions, step them, and say how that went. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { WebSocket } from "ws";
import type { JsonValue } from "../../protocol/frames.ts";
import type { Client, Env } from "../../src/client/env.ts";
import { makeClient } from "../../src/client/client.ts";
import { loopback, openFrom } from "./load-socket.ts";
import { eachAtOnce } from "./at-once.ts";
import { answerParent } from "./processes.ts";
import { percentile } from "./statistics.ts";
import { usage } from "./usage.ts";

/** Connections under way at once while they are opened. */
const OPENING = 64;

interface Open {
  readonly url: string;
  readonly count: number;
  readonly env: string;
  readonly params?: Readonly<Record<string, JsonValue>>;
  /** Leave the env as `make` gives it. Default false. */
  readonly idle?: boolean;
}

export interface Stepped {
  readonly ok: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** The first failures, in words. */
  readonly errors: readonly string[];
}

let clients: Client[] = [];
let envs: Env[] = [];
let bare: WebSocket[] = [];

const answers = {
  /** Opens sessions with one env each. Gives how many there are now. */
  async open({ url, count, env, params = {}, idle = false }: Open): Promise<number> {
    await eachAtOnce(count, OPENING, async (n) => {
      const client = makeClient(url, { timeoutMs: 60_000 }, openFrom(loopback(n)));
      clients.push(client);
      const made = await client.make(env, { num: 1, seed: n, params });
      if (!idle) await made.reset();
      envs.push(made);
    });
    return envs.length;
  },
  /** Opens bare sockets. */
  async openBare({ url, count }: { readonly url: string; readonly count: number }): Promise<number> {
    await eachAtOnce(count, OPENING, async (n) => {
      const socket = new WebSocket(url, { perMessageDeflate: false, localAddress: loopback(n) });
      await once(socket, "open");
      bare.push(socket);
    });
    return bare.length;
  },
  step,
  usage,
  async close(): Promise<void> {
    for (const socket of bare) socket.terminate();
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
    envs = [];
    bare = [];
  },
};

/** Every session takes `steps` steps one after the other; they begin spread over `overMs`. */
async function step({ steps, overMs }: { readonly steps: number; readonly overMs: number }): Promise<Stepped> {
  const times: number[] = [];
  const errors: string[] = [];
  const action = Int32Array.of(0);
  const run = async (env: Env, n: number): Promise<void> => {
    await delay((overMs * n) / envs.length);
    for (let i = 0; i < steps; i++) {
      const began = performance.now();
      try {
        const { status } = await env.step(action);
        if (status[0] !== 0) throw new Error(`a row with status ${String(status[0])}`);
        times.push(performance.now() - began);
      } catch (error) {
        errors.push(String(error));
      }
    }
  };
  await Promise.all(envs.map(run));
  return {
    ok: times.length,
    failed: errors.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    longest: percentile(times, 1),
    errors: errors.slice(0, 5),
  };
}

export type LoadAnswers = typeof answers;
answerParent(answers);
