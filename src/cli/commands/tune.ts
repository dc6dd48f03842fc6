/** `dojang tune AGENT ENV`: looks for good hyperparameters, by random search and successive halving, in as many processes as there are cores. */
import { setMaxListeners } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import {
  budgets,
  defaultSpace,
  findAgent,
  mergeSettings,
  parseSettings,
  preset,
  readSpace,
  resolved,
} from "../../../agents/index.ts";
import { isPluginPath } from "../catalogue.ts";
import { subcommand, type Call } from "../command.ts";
import { EXIT } from "../errors.ts";
import { flagsOf, pasted, PLACE } from "../hint.ts";
import { table } from "../output.ts";
import { count } from "../progress.ts";
import { newRunFolder } from "../run-folder.ts";
import { readJson, readSettings } from "../settings-file.ts";
import { checkSame, createPlan, readPlan, writeWhole, type Plan } from "../tune/plan.ts";
import { search, type Trial } from "../tune/search.ts";

const NAMES = [
  "steps",
  "trials",
  "rounds",
  "seeds",
  "seed",
  "space",
  "jobs",
  "set",
  "config",
  "num",
  "param",
  "maxSteps",
  "evalEpisodes",
  "out",
  "resume",
  "server",
  "tokenFile",
  "plugin",
  "envParam",
  "data",
] as const;
type TuneCall = Call<(typeof NAMES)[number] | "json">;

/** Steps of a search where no preset knows better, and its size. */
const DEFAULTS = { steps: 100_000, trials: 18, rounds: 3, seeds: 1, evalEpisodes: 20 };

export const tune = subcommand({
  name: "tune",
  arguments: [
    { name: "AGENT", doc: "an agent" },
    { name: "ENV", doc: "id of an env, or a plugin file with one env" },
  ],
  options: NAMES,
  examples: [
    "dojang tune q-learning FrozenLake-v1 --trials 27 --seeds 3",
    "dojang tune ppo CartPole-v1 --space space.json --rounds 1",
    "dojang tune ppo CartPole-v1 --resume --out runs/my-search",
  ],
  async run(call) {
    const { options: { jobs = availableParallelism() }, out, signal } = call; // prettier-ignore
    const { folder, plan } = options(call);
    // Each training listens for the end of this process.
    setMaxListeners(jobs + 20, process, signal);
    const rounds = budgets(plan.steps, plan.rounds);
    out.note(`tune ${plan.agent} on ${plan.env}: ${plan.trials} candidates, rounds up to ${rounds.map(count).join(", ")} steps -> ${folder}`); // prettier-ignore
    const trials = await search({
      ...{ folder, plan, jobs, signal },
      onJob(result, round) {
        const { trial, seed, score, error } = result;
        out.note(`round ${round}, candidate ${trial}, seed ${seed}: ${score?.toFixed(3) ?? `failed: ${error ?? ""}`}`);
        out.record({ round, ...result });
      },
    }).catch((error: unknown) => {
      const [agent = "", env = ""] = call.args;
      if (existsSync(folder)) out.note(`go on with: ${pasted("tune", agent, env, "--resume", "--out", folder)}`);
      throw error;
    });
    return report(call, folder, plan, trials);
  },
});

function options(call: TuneCall): { readonly folder: string; readonly plan: Plan } {
  const [agent = "", env = ""] = call.args;
  findAgent(agent);
  const { resume = false, out, seed, steps, trials, rounds, seeds, evalEpisodes } = call.options;
  if (resume) {
    const folder = resolve(out ?? "");
    const plan = readPlan(folder);
    checkSame(folder, plan, {
      agent,
      env: placed(env),
      seed,
      steps,
      trials,
      rounds,
      seeds,
      evalEpisodes,
    });
    return { folder, plan };
  }
  const plan = newPlan(call, agent, placed(env));
  const folder = resolve(out ?? newRunFolder(`tune-${agent}`, env, plan.seed));
  createPlan(folder, plan);
  return { folder, plan };
}

/** Trainings may begin elsewhere: a plugin file is named by its whole path. */
const placed = (name: string): string => (isPluginPath(name) ? resolve(name) : name);

function newPlan({ options: given }: TuneCall, agent: string, env: string): Plan {
  const spec = findAgent(agent);
  const known = preset(agent, env);
  const file = given.config === undefined ? {} : readSettings(given.config, agent);
  const set = parseSettings(spec, given.set ?? []);
  const base = resolved(spec, [known?.config ?? {}, file, set].reduce(mergeSettings));
  const space =
    given.space === undefined
      ? defaultSpace(spec, base)
      : readSpace(spec, readJson(`--space ${given.space}`, given.space), `--space ${given.space}`);
  const { trials = DEFAULTS.trials, rounds = DEFAULTS.rounds, seeds = DEFAULTS.seeds } = given;
  const { evalEpisodes = DEFAULTS.evalEpisodes } = given;
  const steps = given.steps ?? known?.steps ?? DEFAULTS.steps;
  const seed = given.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return { agent, env, base, space, trials, rounds, seeds, steps, seed, evalEpisodes, flags: flagsFor(given) };
}

/** What all trainings are called with beside their own settings. */
function flagsFor({ tokenFile, data, plugin = [], ...rest }: TuneCall["options"]): string[] {
  const files = { tokenFile: tokenFile && resolve(tokenFile), data: data && resolve(data) };
  const known = Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
  return flagsOf({ ...rest, ...known, plugin: plugin.map(placed) }, ["num", "maxSteps", "param", ...PLACE]);
}

function report({ out }: TuneCall, folder: string, plan: Plan, trials: readonly Trial[]): number {
  const [best] = trials;
  const failed = best?.score === undefined;
  const file = join(folder, "best.json");
  const { agent, env } = plan;
  if (!failed)
    writeWhole(file, `${JSON.stringify({ agent, env, config: best.config, score: best.score }, undefined, 2)}\n`);
  const paths = Object.keys(plan.space).sort();
  const rows = trials.map(({ trial, rounds, steps, score, error, config }) => [
    String(trial),
    String(rounds),
    count(steps),
    score?.toFixed(3) ?? `failed: ${(error ?? "").slice(0, 60)}`,
    ...paths.map((path) => JSON.stringify(at(config, path))),
  ]);
  const head = ["CANDIDATE", "ROUNDS", "STEPS", "MEAN EVALUATION", ...paths];
  const next = failed
    ? "every candidate failed: look at the runs, or choose a narrower --space"
    : `next: ${pasted("train", agent, env, "--config", file, ...plan.flags)}`;
  out.result(
    { folder, ...(failed ? {} : { best: { file, ...best } }), trials },
    `${table([head, ...rows])}\n\ncandidate 0 is where the search began\n${next}`,
  );
  return failed ? EXIT.failed : EXIT.done;
}

const at = (config: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], config);
