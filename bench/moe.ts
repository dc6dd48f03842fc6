/** Experts: what 32 cost beside 8, a small decoder with experts beside the dense one of equal active size, and how even their loads become. `dojang bench moe [--part NAME] [--quick] [--json]` */
import { chosenParts, machine, type BenchOptions, type Figures } from "./shared/bench.ts";
import { compareBalance } from "./moe/balance.ts";
import { timeLayers } from "./moe/layer.ts";
import { compareNets } from "./moe/net.ts";

const FEW = 8;
const MANY = 32;
const WIDTH = 64;

type Part = (rounds: number) => Figures;

/** CPU milliseconds of one layer with 8 and with 32 experts of equal width, two active, none over capacity as there is none. */
const layer =
  (tokens: number): Part =>
  (rounds) => {
    const [few, many] = timeLayers([FEW, MANY], tokens, WIDTH, rounds);
    if (few === undefined || many === undefined) throw new TypeError("bench moe: a layer was not timed");
    return {
      tokens,
      forward_ratio: many.forward / few.forward,
      forward_8_ms: few.forward,
      forward_32_ms: many.forward,
      with_gradient_ratio: many.both / few.both,
      with_gradient_8_ms: few.both,
      with_gradient_32_ms: many.both,
      largest_error: Math.max(few.error, many.error),
    };
  };

const net: Part = (rounds) => {
  const { moe, dense } = compareNets(rounds);
  const named = (prefix: string, figures: object): [string, number][] =>
    Object.entries(figures).map(([name, value]) => [`${prefix}_${name}`, value as number]);
  return Object.fromEntries([...named("moe", moe), ...named("dense", dense)]);
};

/** 205 steps: loads are even long before, where they become so. */
const balance: Part = (rounds) => compareBalance(5 * rounds);

const PARTS: Readonly<Record<string, Part>> = {
  "1024-tokens": layer(1_024),
  "4096-tokens": layer(4_096),
  net,
  balance,
};

/** Times are CPU times of one core. @throws {GymError} BAD_PARAM for a part that there is not */
export function runBench({ part, quick, onPart }: BenchOptions): Promise<Figures> {
  const all: Record<string, string | number | boolean> = { ...machine() };
  for (const name of chosenParts(part, Object.keys(PARTS))) {
    const figures = PARTS[name]?.(quick ? 5 : 41) ?? {};
    onPart(name, figures);
    for (const [figure, value] of Object.entries(figures)) all[`${name}_${figure}`] = value;
  }
  return Promise.resolve(all);
}
