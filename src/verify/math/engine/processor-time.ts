/** How long a thread has really computed: on a busy machine a second on the clock may be a tenth of that. */
import type { Worker } from "node:worker_threads";

/** Microseconds of this thread; 0 where Node cannot tell (before 22.19). */
export function processorTime(): number {
  const { threadCpuUsage } = process as Partial<Pick<NodeJS.Process, "threadCpuUsage">>;
  return threadCpuUsage === undefined ? 0 : sum(threadCpuUsage.call(process));
}

/** Milliseconds that a worker is given to answer. One in the middle of a single long operation does not. */
const PATIENCE_MS = 40;

/** Microseconds of a worker, also while it loops; undefined where nobody can tell. */
export async function processorTimeOf(worker: Worker): Promise<number | undefined> {
  const { cpuUsage } = worker as Partial<Pick<Worker, "cpuUsage">>; // Node 24 has it, and 22.20
  if (cpuUsage === undefined) return undefined;
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  cpuUsage.call(worker).then((usage) => resolve(sum(usage)), () => resolve(undefined)); // prettier-ignore
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

const sum = ({ user, system }: NodeJS.CpuUsage): number => user + system;
