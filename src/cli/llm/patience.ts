/** Asks again what failed and may yet succeed: after as long as the endpoint says, else after waits that double. */
import { setTimeout as sleep } from "node:timers/promises";
import { duration } from "../progress.ts";
import type { Endpoint, Message, Reply } from "./endpoint.ts";
import { Failure } from "./failure.ts";

export interface Patience {
  /** Times that a request is sent again. */
  readonly retries: number;
  /** Milliseconds before the first of them; doubled for each that follows, up to a minute. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Asked before a failure is tried again. */
  readonly isWorthwhile: (failure: Failure) => boolean;
  /** Told each failure that is tried again. */
  readonly onRetry: (text: string) => void;
}

const LONGEST_MS = 60_000;

/** @returns the reply, and how many requests it took @throws what `ask` threw last */
export async function askPatiently(
  endpoint: Endpoint,
  messages: readonly Message[],
  seed: number,
  { retries, waitMs, signal, isWorthwhile, onRetry }: Patience,
): Promise<Reply & { readonly requests: number }> {
  for (let sent = 1; ; sent++) {
    try {
      return { ...(await endpoint.ask(messages, seed, signal)), requests: sent };
    } catch (error) {
      if (!(error instanceof Failure) || error.remedy !== "again" || sent > retries || !isWorthwhile(error)) throw error; // prettier-ignore
      // Not all at the same moment.
      const wait = error.waitMs ?? Math.min(LONGEST_MS, waitMs * 2 ** (sent - 1)) * (0.5 + Math.random() / 2);
      onRetry(`${error.message}; request ${sent + 1} of ${retries + 1} in ${duration(wait / 1_000)}`);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}
