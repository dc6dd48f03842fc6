/** Steps per second of every env in process, alone and in batches of 1,024; then CartPole against a loop written by hand, and all cores against one. `dojang bench envs [--part ENV|loop|cores] [--quick] [--json]` */
import { local } from "dojang/client/local";
import { chosenParts, machine, type BenchOptions, type Figures } from "./shared/bench.ts";
import type { CompareOptions } from "./envs/compare.ts";
import type { SpeedOptions } from "./envs/speed.ts";
import type { SpeedAnswers } from "./envs/speed-process.ts";
import { startPeer, type Peer } from "./wire/processes.ts";

interface Tier {
  readonly speed: SpeedOptions;
  readonly loop: CompareOptions;
  /** By env. */
  readonly cores: Readonly<Record<string, CompareOptions>>;
}

/** Rounds of some ten milliseconds, so that on a machine with other work a few of them run undisturbed. */
const FULL: Tier = {
  speed: { num: 1_024, rounds: 60, steps: { single: 20_000, batch: 200_000 }, roundMs: 20, totalMs: 4_000 },
  loop: { num: 1_024, rounds: 100, steps: 200_000 },
  cores: {
    "CartPole-v1": { num: 8_192, rounds: 60, steps: 300_000 },
    "MinAtar/SpaceInvaders-v0": { num: 2_048, rounds: 60, steps: 50_000 },
  },
};

/** Counts that show that everything runs, for CI; no figure of it means anything. */
const QUICK: Tier = {
  speed: { num: 64, rounds: 1, steps: { single: 200, batch: 2_000 }, roundMs: 500, totalMs: 500 },
  loop: { num: 64, rounds: 1, steps: 10_000 },
  cores: { "CartPole-v1": { num: 64, rounds: 1, steps: 10_000 } },
};

const LOOP = "loop";
const CORES = "cores";

/** @throws {GymError} BAD_PARAM for a part that there is not */
export async function runBench({ quick, part, onPart }: BenchOptions): Promise<Figures> {
  const tier = quick ? QUICK : FULL;
  const figures: Record<string, number> = {};
  for (const name of chosenParts(part, [...(await envIds()), LOOP, CORES])) {
    for (const found of await measure(name, tier)) {
      onPart(name, found);
      Object.assign(figures, resultOf(found));
    }
  }
  return { ...figures, ...machine() };
}

async function measure(part: string, { speed, loop, cores }: Tier): Promise<object[]> {
  if (part === LOOP) return [await asked((child) => child.ask("loop", { id: "CartPole-v1", options: loop }))];
  if (part !== CORES) return [await asked((child) => child.ask("speed", { id: part, options: speed }))];
  const found: object[] = [];
  for (const [id, options] of Object.entries(cores))
    found.push(await asked((child) => child.ask("cores", { id, options })));
  return found;
}

/** The figures that stand in the result, named by their env. */
function resultOf(found: object): Record<string, number> {
  const { env, ...figures } = found as { readonly env: string } & Readonly<Record<string, number>>;
  const named = ["single_steps_per_s", "batch_steps_per_s", "typed_loop_ratio", "all_cores_speedup"];
  const some = Object.entries(figures).filter(([name]) => named.includes(name));
  // The comparison with the loop measures CartPole once more; its own figure stands already.
  const own = "typed_loop_ratio" in figures ? some.filter(([name]) => name === "typed_loop_ratio") : some;
  return Object.fromEntries(own.map(([name, value]) => [`${env} ${name}`, value]));
}

async function envIds(): Promise<string[]> {
  const client = local();
  try {
    return (await client.envs()).map(({ id }) => id);
  } finally {
    await client.close();
  }
}

async function asked<T>(ask: (child: Peer<SpeedAnswers>) => Promise<T>): Promise<T> {
  await using child = await startPeer<SpeedAnswers>(new URL("envs/speed-process.ts", import.meta.url));
  return await ask(child);
}
