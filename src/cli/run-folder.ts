/** Run folders by name: where a new run goes, which one --resume means, and the time limit a run was made with. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { GymError } from "../../protocol/errors.ts";
import { wrongCall } from "./errors.ts";
import { fileName, stamp } from "./record.ts";

/** Runs go here unless --out says otherwise. */
const RUNS = "runs";

/** runs/AGENT-ENV-seedS-YYYYMMDD-HHMMSS, with -2, -3, ... where there is one of this second. */
export function newRunFolder(agent: string, env: string, seed: number): string {
  const path = join(RUNS, `${prefix(agent, env)}${seed}-${stamp()}`);
  if (!existsSync(path)) return path;
  for (let n = 2; ; n++) if (!existsSync(`${path}-${n}`)) return `${path}-${n}`;
}

/** The last run of this agent on this env. @throws {GymError} BAD_RUN when there is none */
export function lastRunFolder(agent: string, env: string, seed: number | undefined): string {
  const start = `${prefix(agent, env)}${seed === undefined ? "" : `${seed}-`}`;
  const names = existsSync(RUNS) ? readdirSync(RUNS).filter((name) => name.startsWith(start)) : [];
  const newest = names
    .map((name) => ({ path: join(RUNS, name), changed: statSync(join(RUNS, name)).mtimeMs }))
    .sort((a, b) => b.changed - a.changed)[0];
  if (newest !== undefined) return newest.path;
  throw new GymError("BAD_RUN", "--resume", { expected: `a run named ${join(RUNS, start)}...`, received: names, hint: "Name its folder with --out." }); // prettier-ignore
}

const prefix = (agent: string, env: string): string => `${fileName(agent)}-${fileName(env)}-seed`;

/** The run's time limit in steps: the one of its receipt, and `given` may not differ. @throws {GymError} BAD_PARAM */
export function maxStepsOf(folder: string, given: number | undefined): number | undefined {
  const saved = readReceipt(folder)?.env?.maxSteps;
  if (given === undefined || saved === undefined || saved === given) return given ?? saved;
  throw wrongCall(
    "--max-steps",
    `${saved}, with which the run was started`,
    given,
    "Leave it out, or start a new run.",
  );
}

function readReceipt(folder: string): { readonly env?: { readonly maxSteps?: number } } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "receipt.json"), "utf8")) as ReturnType<typeof readReceipt>;
  } catch {
    // Runs that ended before their first receipt have none; what else is wrong with the folder is told by the run itself.
    return undefined;
  }
}
