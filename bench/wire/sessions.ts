/** Thousands of sessions on a socket each: does every step succeed, in time, at a price that does not grow, in memory that is little more than the socket's? */
import type { EchoAnswers } from "./echo-process.ts";
import type { LoadAnswers, Stepped } from "./load-process.ts";
import { startPeer, type Peer } from "./processes.ts";
import type { ServerAnswers } from "./server-process.ts";
import { slowEnv } from "./slow-env.ts";
import type { Usage } from "./usage.ts";

export interface SessionsOptions {
  /** Sessions at once. */
  readonly sessions: number;
  /** Sessions of the smaller crowd whose price a step is the yardstick. */
  readonly few: number;
  /** Steps of each session. */
  readonly steps: number;
  /** Milliseconds that each step takes in the env. */
  readonly stepMs: number;
}

export interface SessionsFigures {
  readonly sessions: number;
  /** Share of steps that succeeded. */
  readonly ok: number;
  /** Milliseconds from asking to answer. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  readonly errors: readonly string[];
  /** Server CPU of a step in the crowd / among the few. */
  readonly cpuRatio: number;
  /** Microseconds. */
  readonly cpuPerStep: number;
  readonly cpuPerStepAmongFew: number;
}

const start = <T extends EchoAnswers | LoadAnswers | ServerAnswers>(name: string): Promise<Peer<T>> =>
  startPeer<T>(new URL(`./${name}-process.ts`, import.meta.url));

/** Steps that take `stepMs` each, by all sessions at once. */
export async function benchSessions({ sessions, few, steps, stepMs }: SessionsOptions): Promise<SessionsFigures> {
  await using server = await start<ServerAnswers>("server");
  await using load = await start<LoadAnswers>("load");
  const url = await server.ask("start", {});
  const env = { url, env: slowEnv.id };
  // Code that has not run yet is slow in the first sessions and not in the later ones.
  await load.ask("open", { ...env, count: few, params: { ms: 0 } });
  await load.ask("step", { steps: 200, overMs: 0 });
  await load.ask("close");
  await load.ask("open", { ...env, count: few, params: { ms: stepMs } });
  const small = await measure(server, load, steps, stepMs);
  await load.ask("open", { ...env, count: sessions - few, params: { ms: stepMs } });
  const crowd = await measure(server, load, steps, stepMs);
  await load.ask("close");
  return {
    sessions,
    ok: crowd.ok / (crowd.ok + crowd.failed),
    p50: crowd.p50,
    p99: crowd.p99,
    longest: crowd.longest,
    errors: crowd.errors,
    cpuRatio: crowd.cpuPerStep / small.cpuPerStep,
    cpuPerStep: crowd.cpuPerStep,
    cpuPerStepAmongFew: small.cpuPerStep,
  };
}

async function measure(
  server: Peer<ServerAnswers>,
  load: Peer<LoadAnswers>,
  steps: number,
  overMs: number,
): Promise<Stepped & { readonly cpuPerStep: number }> {
  const before = await server.ask("usage", {});
  const stepped = await load.ask("step", { steps, overMs });
  const after = await server.ask("usage", {});
  return { ...stepped, cpuPerStep: ((after.cpuMs - before.cpuMs) * 1000) / (stepped.ok + stepped.failed) };
}

export interface MemoryFigures {
  /** Resident memory of an idle session with one CartPole made / of a bare `ws` connection. */
  readonly ratio: number;
  /** The same of a session whose CartPole has been reset. */
  readonly resetRatio: number;
  /** Bytes of resident memory, each. */
  readonly session: number;
  readonly resetSession: number;
  readonly bare: number;
  /** Bytes of live objects and their buffers, each. */
  readonly sessionHeap: number;
  readonly resetSessionHeap: number;
  readonly bareHeap: number;
}

/** What idle connections hold after a collection. */
export async function benchMemory({ sessions }: { readonly sessions: number }): Promise<MemoryFigures> {
  const session = await grownBySessions(sessions, true);
  const reset = await grownBySessions(sessions, false);
  const bare = await grown<EchoAnswers>("echo", sessions, async (echo, load) => {
    const url = await echo.ask("start", { replyBytes: 1 });
    await load.ask("openBare", { url, count: WARM });
    return () => load.ask("openBare", { url, count: sessions });
  });
  return {
    ratio: session.rss / bare.rss,
    resetRatio: reset.rss / bare.rss,
    session: session.rss,
    resetSession: reset.rss,
    bare: bare.rss,
    sessionHeap: session.heap,
    resetSessionHeap: reset.heap,
    bareHeap: bare.heap,
  };
}

const grownBySessions = (sessions: number, idle: boolean): Promise<Pick<Usage, "rss" | "heap">> =>
  grown<ServerAnswers>("server", sessions, async (server, load) => {
    const url = await server.ask("start", {});
    await load.ask("open", { url, count: WARM, env: "CartPole-v1", idle });
    return () => load.ask("open", { url, count: sessions, env: "CartPole-v1", idle });
  });

/** Connections made before the first look: what they make a server load and compile is not theirs. */
const WARM = 200;

/** By how much each of `count` connections makes the server's memory grow. */
async function grown<T extends ServerAnswers | EchoAnswers>(
  name: string,
  count: number,
  prepare: (server: Peer<T>, load: Peer<LoadAnswers>) => Promise<() => Promise<number>>,
): Promise<Pick<Usage, "rss" | "heap">> {
  await using server = await start<T>(name);
  await using load = await start<LoadAnswers>("load");
  const open = await prepare(server, load);
  const look = (): Promise<Usage> => (server as Peer<EchoAnswers>).ask("usage", { settled: true }); // both kinds have it
  const before = await look();
  await open();
  const after = await look();
  await load.ask("close");
  return { rss: (after.rss - before.rss) / count, heap: (after.heap - before.heap) / count };
}
