/** Ctrl-C and SIGTERM: the first asks for a clean end, the second ends at once. */
import { GymError } from "../../protocol/errors.ts";

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** Exit status after a clean end: 130 for Ctrl-C, 143 for SIGTERM; undefined when there was neither. */
  readonly status: () => number | undefined;
}

const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
type Name = keyof typeof STATUS;

/** Listens until disposed. */
export function onInterrupt(): Interrupt {
  const abort = new AbortController();
  let status: number | undefined;
  const listener = (name: NodeJS.Signals): void => {
    if (status !== undefined) process.exit(status);
    status = STATUS[name as Name];
    abort.abort();
  };
  for (const name of Object.keys(STATUS)) process.on(name, listener);
  return {
    signal: abort.signal,
    status: () => status,
    [Symbol.dispose]: () => {
      for (const name of Object.keys(STATUS)) process.off(name, listener);
    },
  };
}

/** @throws {GymError} CANCELLED after Ctrl-C */
export function stopIfAborted(signal: AbortSignal, what: string): void {
  if (signal.aborted) throw new GymError("CANCELLED", `${what}: stopped by Ctrl-C`);
}

/** A process that a dojang process started (it has a channel to it) does not outlive it. */
export function endWithParent(): void {
  if (process.channel === undefined) return;
  process.once("disconnect", () => process.exit(STATUS.SIGTERM));
  // The channel itself keeps nothing alive.
  process.channel.unref();
}

/** Settles when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
