/** 1,024 envs in one frame, one frame in flight: steps a second over the wire, beside the same batch in process, without and with recording. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentAnswers } from "./agent-process.ts";
import { startPeer, type Peer } from "./processes.ts";
import type { ServerAnswers } from "./server-process.ts";
import { median } from "./statistics.ts";

export interface VectorOptions {
  /** Envs in the batch. */
  readonly num: number;
  /** Turns of each side. */
  readonly rounds: number;
  /** Frames in a turn. */
  readonly frames: number;
}

export interface VectorFigures {
  /** Median over the rounds of wire rate / in-process rate (`dojang/client/local`). */
  readonly ratio: number;
  /** Median over the rounds of rate with recording / rate without. */
  readonly recordingRatio: number;
  /** Transitions a second. */
  readonly wire: number;
  readonly recorded: number;
  readonly inProcess: number;
}

export async function benchVector({ num, rounds, frames }: VectorOptions): Promise<VectorFigures> {
  const record = await mkdtemp(join(tmpdir(), "dojang-wire-"));
  try {
    await using plain = await startSide(num, {});
    await using recording = await startSide(num, { record });
    await using own = await startAgent({ num });
    const sides = [own, plain.agent, recording.agent];
    const rates: Rates[] = [];
    for (let round = -1; round < rounds; round++) {
      const turn: Rates = [0, 0, 0];
      // There and back, so that a machine that grows slower or faster favours no side.
      const order = round % 2 === 0 ? [0, 1, 2] : [2, 1, 0];
      for (const side of order) turn[side] = (await sides[side]?.ask("rate", { frames })) ?? 0;
      if (round >= 0) rates.push(turn); // the first one warms up
    }
    return figures(rates);
  } finally {
    await rm(record, { recursive: true, force: true });
  }
}

/** Of one round. */
type Rates = [inProcess: number, wire: number, recorded: number];

function figures(rates: readonly Rates[]): VectorFigures {
  return {
    ratio: median(rates.map(([inProcess, wire]) => wire / inProcess)),
    recordingRatio: median(rates.map(([, wire, recorded]) => recorded / wire)),
    inProcess: median(rates.map(([inProcess]) => inProcess)),
    wire: median(rates.map(([, wire]) => wire)),
    recorded: median(rates.map(([, , recorded]) => recorded)),
  };
}

interface Side extends AsyncDisposable {
  readonly agent: Peer<AgentAnswers>;
}

/** A server and an agent on it, each in its process. */
async function startSide(num: number, options: { readonly record?: string }): Promise<Side> {
  const server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
  const agent = await startAgent({ num, url: await server.ask("start", options) });
  return {
    agent,
    async [Symbol.asyncDispose]() {
      await agent.ask("stop");
      await agent[Symbol.asyncDispose]();
      await server.ask("stop");
      await server[Symbol.asyncDispose]();
    },
  };
}

async function startAgent(start: { readonly num: number; readonly url?: string }): Promise<Peer<AgentAnswers>> {
  const agent = await startPeer<AgentAnswers>(new URL("./agent-process.ts", import.meta.url));
  await agent.ask("start", start);
  return agent;
}
