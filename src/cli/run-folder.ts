/** Run folders by name: where a new run goes, which one --resume means, and the time limit a run was made with. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { GymError } from "../../protocol/errors.ts";
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
