/** Runs that differ in nothing but their seed belong together: their scores are a sample. */
import type { JsonValue } from "dojang/protocol";
import type { RunSummary, Score } from "./read-run.ts";
import { estimate, type Estimate } from "./statistics.ts";

export interface RunGroup {
  readonly agent: string;
  readonly env: string;
  /** The settings in which it differs from the other groups of this agent and env, by path ("config.alpha"). */
  readonly differs: Readonly<Record<string, JsonValue>>;
  readonly runs: readonly RunSummary[];
  /** Of the runs that have a score of one kind: evaluations, where all of them have one. Absent where none has a score. */
  readonly score?: Estimate & Pick<Score, "of">;
}

/** What makes results comparable: everything but seed, length, and how often something is written. */
const IRRELEVANT = new Set(["seed", "steps", "checkpointEvery", "logEvery", "target"]);

/** Groups in the order of their first runs. */
export function groupRuns(runs: readonly RunSummary[]): RunGroup[] {
  const groups = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const key = JSON.stringify(sorted(settingsOf(run)));
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const all = [...groups.values()];
  return all.map((members) => groupOf(members, all));
}

function groupOf(runs: readonly RunSummary[], all: readonly (readonly RunSummary[])[]): RunGroup {
  const [first] = runs as readonly [RunSummary];
  const { agent, env } = first.settings;
  const others = all.flatMap(([one]) => (one?.settings.agent === agent && one.settings.env === env ? [settingsOf(one)] : [])); // prettier-ignore
  const own = settingsOf(first);
  const differs = Object.entries(own).filter(([path, value]) => others.some((other) => !same(other[path], value)));
  const score = scoreOf(runs);
  return { agent, env, differs: Object.fromEntries(differs), runs, ...(score && { score }) };
}

function scoreOf(runs: readonly RunSummary[]): RunGroup["score"] {
  const scored = runs.flatMap(({ score }) => (score === undefined ? [] : [score]));
  if (scored.length === 0) return undefined;
  const evaluated = scored.filter(({ of }) => of === "evaluation");
  const of = evaluated.length === scored.length ? "evaluation" : "training";
  const means = of === "evaluation" ? evaluated.map(({ mean }) => mean) : runs.flatMap(({ result }) => result?.recentReturn ?? []); // prettier-ignore
  return means.length === 0 ? undefined : { of, ...estimate(means) };
}

type Flat = Readonly<Record<string, JsonValue>>;

/** Settings by path, without those that do not matter. */
function settingsOf({ settings }: RunSummary): Flat {
  const kept = Object.entries(settings).filter(([name]) => !IRRELEVANT.has(name));
  return flat(Object.fromEntries(kept), "");
}

function flat(record: Readonly<Record<string, JsonValue>>, before: string): Flat {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      isRecord(value) ? Object.entries(flat(value, `${before}${name}.`)) : [[before + name, value]],
    ),
  );
}

const isRecord = (value: JsonValue): value is Readonly<Record<string, JsonValue>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const sorted = (values: Flat): [string, JsonValue][] => Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

const same = (a: JsonValue | undefined, b: JsonValue): boolean => JSON.stringify(a) === JSON.stringify(b);
