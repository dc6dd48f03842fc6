/** What a sandbox adds to the start of a Python: a bare interpreter, a box made for the occasion, and a box that waited. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { DEFAULT_LIMITS } from "../../src/verify/code/limits.ts";
import { bubblewrap } from "../../src/verify/code/native/index.ts";
import type { Driver } from "../../src/verify/code/driver.ts";
import { findPython } from "../../src/verify/code/native/tools.ts";

export interface PythonStart {
  /** Milliseconds, medians: `python3 -I -S -c pass`, spawned and waited for. */
  readonly bareMs: number;
  /** A box from nothing, one call answered, and all of it gone. */
  readonly coldMs: number;
  /** The same with a box that waited for its program. */
  readonly warmMs: number;
  /** coldMs - bareMs, and the 95th percentile of the same difference, pair by pair. */
  readonly addedMs: number;
  readonly addedP95Ms: number;
}

/** Rounds of one bare start, one cold box and one warm box each, so that a busy machine slows all three alike.
 *  @throws {GymError} VERIFIER_UNAVAILABLE where bubblewrap does not work */
export async function benchPythonStart({ rounds }: { readonly rounds: number }): Promise<PythonStart> {
  const python = findPython() ?? "python3";
  const cold = await bubblewrap.create({ boxes: 0 });
  const warm = await bubblewrap.create({ boxes: 1 });
  const bareMs: number[] = [];
  const coldMs: number[] = [];
  const warmMs: number[] = [];
  for (let round = -2; round < rounds; round++) {
    const times = [
      await timed(() => bareStart(python)),
      await timed(() => oneBox(cold)),
      await timed(() => oneBox(warm)),
    ];
    await new Promise((resolve) => setTimeout(resolve, 30)); // the next warm box becomes ready
    if (round < 0) continue; // the first ones fill caches and pools
    [bareMs, coldMs, warmMs].forEach((list, i) => list.push(times[i]!));
  }
  await Promise.all([cold.close(), warm.close()]);
  const added = coldMs.map((ms, i) => ms - bareMs[i]!);
  return {
    bareMs: quantile(bareMs, 0.5),
    coldMs: quantile(coldMs, 0.5),
    warmMs: quantile(warmMs, 0.5),
    addedMs: quantile(added, 0.5),
    addedP95Ms: quantile(added, 0.95),
  };
}

async function bareStart(python: string): Promise<void> {
  await once(spawn(python, ["-I", "-S", "-c", "pass"], { stdio: "ignore", env: {} }), "close");
}

async function oneBox(driver: Driver): Promise<void> {
  const box = await driver.open({ language: "python", source: "def f(n): return n" }, { limits: DEFAULT_LIMITS });
  const [reply] = await box.call([{ name: "f", args: [1] }]);
  await box.close();
  if (reply?.kind !== "value" || reply.value !== 1) throw new Error(`a box came to ${JSON.stringify(reply)}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Number((sorted[Math.min(Math.floor(q * sorted.length), sorted.length - 1)] ?? 0).toFixed(2));
}
