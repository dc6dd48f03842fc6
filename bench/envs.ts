/** Steps per second of every env in process, alone and in batches of 1,024. `dojang bench envs [--part ENV] [--quick] [--json]` */
import { local } from "dojang/client/local";
import { chosenParts, machine, type BenchOptions, type Figures } from "./shared/bench.ts";
import type { EnvSpeed, SpeedOptions } from "./envs/speed.ts";
import type { SpeedAnswers } from "./envs/speed-process.ts";
import { startPeer } from "./wire/processes.ts";

const FULL: SpeedOptions = { num: 1_024, rounds: 7, steps: { single: 40_000, batch: 2_000_000 } };
/** Counts, not times: for CI. */
const QUICK: SpeedOptions = { num: 1_024, rounds: 1, steps: { single: 500, batch: 20_000 } };

/** @throws {GymError} BAD_PARAM for a part that is no env */
export async function runBench({ quick, part, onPart }: BenchOptions): Promise<Figures> {
  const ids = await envIds();
  const figures: Record<string, number> = {};
  for (const id of chosenParts(part, ids)) {
    const speed = await measure(id, quick ? QUICK : FULL);
    onPart(id, speed);
    figures[id] = speed.batch_steps_per_s;
  }
  return { ...figures, ...machine() };
}

async function envIds(): Promise<string[]> {
  const client = local();
  try {
    return (await client.envs()).map(({ id }) => id);
  } finally {
    await client.close();
  }
}

async function measure(id: string, options: SpeedOptions): Promise<EnvSpeed> {
  await using child = await startPeer<SpeedAnswers>(new URL("envs/speed-process.ts", import.meta.url));
  return await child.ask("speed", { id, options });
}
