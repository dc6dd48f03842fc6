/** Makes the synthetic prices that ship with Portfolio-v0: `node --conditions=dojang-source scripts/make-market-data.ts [FILE]`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../src/env/rng.ts";

const SEED = 7766;
const DAYS = 1_000;

interface Asset {
  readonly name: string;
  /** Price on the first day. */
  readonly start: number;
  /** Mean of a day's return, and its standard deviation. */
  readonly drift: number;
  readonly deviation: number;
  /** How much of a day's excess return comes again on the next: positive for trends, negative for swings. */
  readonly memory: number;
}

const ASSETS: readonly Asset[] = [
  { name: "trend", start: 50, drift: 0.0003, deviation: 0.01, memory: 0.3 },
  { name: "swing", start: 80, drift: 0.0002, deviation: 0.015, memory: -0.3 },
  { name: "steady", start: 100, drift: 0.0002, deviation: 0.002, memory: 0 },
  { name: "wild", start: 20, drift: 0.0004, deviation: 0.025, memory: 0 },
];

/** Nearly a standard normal, by sums alone: exact on every machine, where logarithms and cosines are not. */
const bell = (rng: Rng): number => Array.from({ length: 12 }, () => rng.uniform()).reduce((sum, u) => sum + u, -6);

/** A header and one row a day; returns are autoregressive, r = drift + memory (last r - drift) + deviation times noise. */
export function marketCsv(): string {
  const rng = new Rng(SEED);
  const prices = ASSETS.map(({ start }) => start);
  const excess = ASSETS.map(() => 0);
  const lines = [["day", ...ASSETS.map(({ name }) => name)].join(",")];
  for (let day = 0; day < DAYS; day++) {
    lines.push([day, ...prices.map((price) => price.toFixed(3))].join(","));
    ASSETS.forEach(({ drift, deviation, memory }, i) => {
      excess[i] = memory * excess[i]! + deviation * bell(rng);
      prices[i] = prices[i]! * (1 + drift + excess[i]);
    });
  }
  return `${lines.join("\n")}\n`;
}

if (import.meta.main) {
  const [file = join(import.meta.dirname, "../envs/market/prices.csv")] = process.argv.slice(2);
  writeFileSync(file, marketCsv());
}
