/** `dojang runs [FOLDERS..]`: lists runs and compares them, seeds of the same settings together. */
import { CONFIDENCE, groupRuns, type RunGroup, type RunSummary } from "../../../agents/index.ts";
import { subcommand } from "../command.ts";
import { EXIT } from "../errors.ts";
import { table } from "../output.ts";
import { count, duration } from "../progress.ts";
import { differsText, runsIn } from "../run-groups.ts";

/** Where `dojang train` writes. */
const RUNS = "runs";

export const runs = subcommand({
  name: "runs",
  arguments: [
    { name: "FOLDERS", doc: `runs, or folders that hold runs (default ${RUNS})`, optional: true, rest: true },
  ],
  options: [],
  examples: ["dojang runs", "dojang runs runs/a runs/b", "dojang runs sweeps --json"],
  async run({ args, out }) {
    const { runs: found, unreadable } = await runsIn(args.length === 0 ? [RUNS] : args);
    const groups = groupRuns(found);
    for (const { folder, reason } of unreadable) out.note(`dojang: ${folder} is left out: ${reason}`);
    for (const run of found) out.record(recordOf(run));
    out.result(
      { groups: groups.map(groupRecord), runs: found.length, unreadable },
      `${table([RUN_HEAD, ...found.map(rowOf)])}\n\n${table([GROUP_HEAD, ...groups.map(groupRow)])}`,
    );
    return EXIT.done;
  },
});

function recordOf({ folder, settings, status, result, score }: RunSummary): object {
  const { agent, env, seed } = settings;
  return {
    run: folder,
    agent,
    env,
    seed,
    status,
    steps: result?.steps,
    score,
    best: result?.best,
    costs: result?.costs,
  };
}

const RUN_HEAD = ["RUN", "STATUS", "SEED", "STEPS", "SCORE", "OF", "BEST", "WALL", "CPU", "GRADIENT STEPS"];

function rowOf({ folder, settings, status, result, score }: RunSummary): string[] {
  const costs = result?.costs ?? {};
  const seconds = (value: unknown): string => (typeof value === "number" ? duration(value) : "");
  return [
    folder,
    status,
    String(settings.seed),
    count(result?.steps ?? 0),
    score?.mean.toFixed(3) ?? "",
    score?.of ?? "",
    result?.best?.mean.toFixed(3) ?? "",
    seconds(costs["wallSeconds"]),
    seconds(costs["cpuSeconds"]),
    count(Number(costs["gradientSteps"] ?? 0)),
  ];
}

function groupRecord({ agent, env, differs, runs: members, score }: RunGroup): object {
  const interval =
    score?.margin === undefined ? {} : { interval: [score.mean - score.margin, score.mean + score.margin] };
  const kind = score?.margin === undefined ? {} : { kind: "t", confidence: CONFIDENCE };
  return {
    ...{ agent, env, differs },
    runs: members.map(({ folder }) => folder),
    seeds: members.map(({ settings }) => settings.seed),
    ...(score && { score: { of: score.of, n: score.n, mean: score.mean, ...interval, ...kind } }),
  };
}

const GROUP_HEAD = ["AGENT", "ENV", "SETTINGS", "RUNS", "MEAN", `${100 * CONFIDENCE}% T INTERVAL`, "OF"];

function groupRow(group: RunGroup): string[] {
  const { agent, env, runs: members, score } = group;
  const { mean, margin, n, of } = score ?? {};
  const interval = mean === undefined || margin === undefined ? "" : `${(mean - margin).toFixed(3)} .. ${(mean + margin).toFixed(3)}`; // prettier-ignore
  const scored = n === undefined || n === members.length ? String(members.length) : `${n} of ${members.length}`;
  return [agent, env, differsText(group), scored, mean?.toFixed(3) ?? "", interval, of ?? ""];
}
