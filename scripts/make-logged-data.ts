/** Makes the log that ships with Logged-v0: `node --conditions=dojang-source scripts/make-logged-data.ts [FILE]`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../src/env/rng.ts";

const SEED = 1963;
const EPISODES = 2_000;
const STEPS = 50;

/** Wear of the machine, 0 as new; one that reaches the last state has broken down. */
const BROKEN = 9;

/** The actions of the log. */
const [RUN, SERVICE, REPLACE] = [0, 1, 2];

/** One way in which an action may end. */
interface Ending {
  readonly probability: number;
  readonly next: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/** The machine itself. Running earns less as it wears and wears it further; service mends a little; replacement makes it new. */
export function machine(wear: number, action: number): Ending[] {
  if (action === SERVICE) return [{ probability: 1, next: Math.max(wear - 2, 0), reward: -4, terminated: false }];
  if (action === REPLACE) return [{ probability: 1, next: 0, reward: -15, terminated: false }];
  return [0.4, 0.4, 0.2].map((probability, further) => {
    const next = Math.min(wear + further, BROKEN);
    const broken = next === BROKEN;
    return { probability, next, reward: broken ? -40 : 6 - wear / 2, terminated: broken };
  });
}

/** How the machine was handled while the log was kept: never run when worst worn, never replaced when good, with some whims. */
function handle(wear: number, rng: Rng): number {
  if (wear >= 8) return rng.uniform() < 0.5 ? SERVICE : REPLACE;
  const whim = rng.uniform();
  if (whim < 0.7) return wear < 6 ? RUN : SERVICE;
  if (whim < 0.9) return wear < 7 ? RUN : SERVICE;
  if (wear === 7 && whim >= 0.97) return RUN;
  return wear < 4 || whim < 0.96 ? SERVICE : REPLACE;
}

/** A header, a row for each outcome that was seen, in order, and how often episodes began where. */
export function loggedCsv(): string {
  const rng = new Rng(SEED);
  const counts = new Map<string, number>();
  const starts = new Map<number, number>();
  for (let episode = 0; episode < EPISODES; episode++) {
    let wear = rng.int(4);
    starts.set(wear, (starts.get(wear) ?? 0) + 1);
    for (let step = 0, over = false; step < STEPS && !over; step++) {
      const action = handle(wear, rng);
      const { next, reward, terminated } = endingOf(machine(wear, action), rng.uniform());
      const key = [wear, action, next, reward, Number(terminated)].join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
      wear = next;
      over = terminated;
    }
  }
  const lines = [...counts].map(([key, count]) => {
    const [state, action, next, reward, terminated] = key.split(",");
    return [state, action, next, count, reward, terminated].join();
  });
  const begun = [...starts].map(([state, count]) => ["start", "", state, count, "", ""].join());
  return `${["state,action,next,count,reward,terminated", ...lines.sort(), ...begun.sort()].join("\n")}\n`;
}

function endingOf(endings: readonly Ending[], u: number): Ending {
  let cumulative = 0;
  return endings.find(({ probability }) => u < (cumulative += probability)) ?? endings.at(-1)!;
}

if (import.meta.main) {
  const [file = join(import.meta.dirname, "../envs/logged/log.csv")] = process.argv.slice(2);
  writeFileSync(file, loggedCsv());
}
