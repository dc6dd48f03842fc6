/** What an evaluation was begun with, kept as config.json beside its answers: whoever goes on with it may not change what the answers depend on. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { GymError } from "../../../protocol/errors.ts";
import type { JsonValue } from "../../../protocol/frames.ts";
import { wrongCall } from "../errors.ts";
import { fileName, stamp } from "../record.ts";
import { flagName } from "../settings.ts";

/** Absent: the endpoint's own. */
export interface Drawing {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
}

/** What the answers depend on. */
export interface Fixed extends Drawing {
  readonly env: string;
  readonly param: readonly string[];
  readonly maxSteps?: number;
  /** Is problem i item i of the env's table? */
  readonly items: boolean;
  readonly model: string;
  readonly api: "chat" | "completions";
  readonly system?: string;
  /** Further fields of each request. */
  readonly request: Readonly<Record<string, JsonValue>>;
  readonly seed: number;
  readonly samples: number;
}

/** And what they do not. */
export interface Settings extends Fixed {
  readonly baseUrl: string;
  /** Problems. */
  readonly episodes: number;
}

const FOLDER = "evals";
const CONFIG = "config.json";
const KIND = "eval llm";

/** evals/MODEL-ENV-seedS-YYYYMMDD-HHMMSS */
export const newFolder = ({ model, env, seed }: Settings): string =>
  join(FOLDER, `${fileName(model)}-${fileName(env)}-seed${seed}-${stamp()}`);

/** The last evaluation in this folder. @throws {GymError} BAD_RUN when there is none */
export function lastFolder(): string {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, CONFIG))) : [];
  const newest = names
    .map((name) => ({ path: join(FOLDER, name), changed: statSync(join(FOLDER, name)).mtimeMs }))
    .sort((a, b) => b.changed - a.changed)[0];
  if (newest !== undefined) return newest.path;
  throw new GymError("BAD_RUN", "--resume", { expected: `an evaluation in ${FOLDER}`, received: "none", hint: "Name its folder with --out." }); // prettier-ignore
}

/** @throws {GymError} BAD_RUN when something is there already */
export function keepSettings(folder: string, settings: Settings): void {
  if (existsSync(folder))
    throw new GymError("BAD_RUN", folder, { expected: "a folder that does not exist yet", received: "one that does", hint: "Go on with --resume, or choose another --out." }); // prettier-ignore
  mkdirSync(folder, { recursive: true });
  writeSettings(folder, settings);
}

export const writeSettings = (folder: string, settings: Settings): void =>
  writeFileSync(join(folder, CONFIG), `${JSON.stringify({ kind: KIND, ...settings }, undefined, 2)}\n`);

/** @throws {GymError} BAD_RUN when there are none */
export function readSettings(folder: string): Settings {
  try {
    const { kind, ...settings } = JSON.parse(readFileSync(join(folder, CONFIG), "utf8")) as Settings & {
      kind: unknown;
    };
    if (kind === KIND) return settings;
  } catch {
    // Said below.
  }
  throw new GymError("BAD_RUN", folder, { expected: `a folder that \`dojang eval llm\` wrote, with ${CONFIG}`, received: "none", hint: "Name it with --out." }); // prettier-ignore
}

/** @param given those of the call @throws {GymError} BAD_PARAM for one that differs and may not */
export function goOnWith(saved: Settings, given: Partial<Settings>): Settings {
  const { baseUrl = saved.baseUrl, episodes = saved.episodes, ...fixed } = given;
  for (const name of Object.keys(fixed) as (keyof Fixed)[]) {
    const [value, before] = [fixed[name], saved[name]];
    if (isDeepStrictEqual(value, before)) continue;
    const expected = `${before === undefined ? "none" : JSON.stringify(before)}, with which the answers so far were got`;
    throw wrongCall(name === "env" ? "ENV" : flagName(name), expected, value, "Leave it out, or choose another --out.");
  }
  return { ...saved, baseUrl, episodes };
}
