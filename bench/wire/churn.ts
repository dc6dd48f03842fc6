/** A hundred thousand sessions that come and go, half of them in the middle of a step: what do they leave behind? */
import type { ChurnAnswers } from "./churn-process.ts";
import { startPeer } from "./processes.ts";
import type { ServerAnswers } from "./server-process.ts";
import type { Usage } from "./usage.ts";
import { setTimeout as delay } from "node:timers/promises";

export interface ChurnOptions {
  readonly sessions: number;
}

export interface ChurnFigures {
  readonly sessions: number;
  /** Of these, dropped while a step was under way. */
  readonly dropped: number;
  /** Handles by kind are what they were. */
  readonly handlesBack: boolean;
  readonly handlesBefore: Usage["handles"];
  readonly handlesAfter: Usage["handles"];
  /** Live objects and their buffers after / before, both after a collection. */
  readonly heapRatio: number;
  readonly rssRatio: number;
}

/** Sessions before the first look: what they make the server load and compile stays, and is no leak. */
const WARM = 2_000;
/** So long a dropped session waits for its client. */
const GRACE_MS = 200;

export async function checkChurn({ sessions }: ChurnOptions): Promise<ChurnFigures> {
  await using server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
  await using load = await startPeer<ChurnAnswers>(new URL("./churn-process.ts", import.meta.url));
  const url = await server.ask("start", { limits: { graceMs: GRACE_MS } });
  const look = async (): Promise<Usage> => {
    while ((await server.ask("sessions")) > 0) await delay(GRACE_MS / 4);
    // The last timers of dropped sockets have gone when the loop has been idle for a while.
    await delay(GRACE_MS);
    return await server.ask("usage", { settled: true });
  };
  await load.ask("churn", { url, sessions: Math.min(WARM, sessions) });
  const before = await look();
  const dropped = await load.ask("churn", { url, sessions });
  const after = await look();
  return {
    sessions,
    dropped,
    handlesBack: JSON.stringify(sorted(before.handles)) === JSON.stringify(sorted(after.handles)),
    handlesBefore: before.handles,
    handlesAfter: after.handles,
    heapRatio: after.heap / before.heap,
    rssRatio: after.rss / before.rss,
  };
}

const sorted = (handles: Usage["handles"]): [string, number][] => Object.entries(handles).sort(([a], [b]) => (a < b ? -1 : 1)); // prettier-ignore
