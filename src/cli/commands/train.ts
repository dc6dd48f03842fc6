/** `dojang train AGENT ENV`: learns, shows how it goes, keeps a run folder that can be resumed. */
import {
  agents,
  findAgent,
  mergeSettings,
  parseSettings,
  readRun,
  train as learn,
  type Progress as Learning,
  type TrainOptions,
  type TrainResult,
  type Transfer,
} from "../../../agents/index.ts";
import { actorsOf } from "../actors.ts";
import { isPluginPath } from "../catalogue.ts";
import { atWorkplace, type Workplace } from "../client.ts";
import { subcommand, type Call } from "../command.ts";
import { paramsOf } from "../describe.ts";
import { EXIT, nothingGiven, wrongCall } from "../errors.ts";
import { Faults } from "../faults.ts";
import { flagsOf, pasted, PLACE } from "../hint.ts";
import type { OptionName } from "../options.ts";
import { refuseFlags } from "../other-form.ts";
import { parseParams, parseResets } from "../params.ts";
import { count, duration, Progress } from "../progress.ts";
import { lastRunFolder, newRunFolder } from "../run-folder.ts";
import { readSettings } from "../settings-file.ts";
import { R1_OPTIONS, trainR1 } from "./train-r1.ts";

const NAMES = [
  "server",
  "tokenFile",
  "num",
  "steps",
  "seed",
  "autoreset",
  "maxSteps",
  "out",
  "resume",
  "record",
  "recordObservations",
  "plugin",
  "set",
  "tasks",
  "config",
  "evalEvery",
  "evalEpisodes",
  "target",
  "targetOf",
  "from",
  "initFrom",
  "freeze",
  "online",
  "checkpointEvery",
  "logEvery",
  "wattsPerCore",
  "pricePerCoreHour",
  "param",
  "resets",
  "envParam",
  "data",
] as const;
/** Options that a run folder does not keep, and a resumed run wants again. */
const AGAIN = [...PLACE, "record", "recordObservations", "wattsPerCore", "pricePerCoreHour"] as const;
const OF_AGENTS = NAMES.filter((name) => !(R1_OPTIONS as readonly OptionName[]).includes(name));
type TrainCall = Call<(typeof NAMES)[number] | "json">;

export const train = subcommand({
  name: "train",
  arguments: [
    {
      name: "AGENT",
      doc: `one of ${Object.keys(agents).join(", ")}; or r1, the recipe of DeepSeek-R1 in small`,
      optional: true,
    },
    { name: "ENV", doc: "id of an env, or a plugin file with one env; none for r1", optional: true },
  ],
  options: NAMES,
  examples: [
    "dojang train q-learning FrozenLake-v1 --seed 1",
    "dojang train q-learning ./corridor.ts --param length=20 --set alpha=0.5",
    "dojang train q-learning FrozenLake-v1 --resume --steps 1e6",
    "dojang train --resume --out runs/my-run",
    "dojang train ppo CartPole-v1 --eval-every 10000 --target 475",
    "dojang train ppo CartPole-v1 --init-from runs/my-run --freeze actor.0",
    "dojang train behaviour-cloning CartPole-v1 --from recordings --eval-every 10000",
    "dojang train r1 --set controls=true",
    "dojang train r1 --tasks mixed",
    "dojang train q-learning Logged-v0 --data logs --env-param Logged-v0.file=machine.csv",
  ],
  async run(call) {
    if (call.args[0] === "r1") {
      refuseFlags(call, OF_AGENTS, "the other agents");
      return trainR1(call);
    }
    const [agent, env] = await whatToTrain(call);
    // The cheapest mistakes first: no env is loaded for an agent that does not exist.
    findAgent(agent);
    if (call.options.tasks !== undefined)
      throw wrongCall("--tasks", "none: it is for r1", call.options.tasks, "Leave it out.");
    return await trainOn({ ...call, args: [agent, env] });
  },
});

/** AGENT and ENV; a run that is resumed has its own. @throws {GymError} BAD_PARAM, BAD_RUN */
async function whatToTrain({ args: [agent, env], options }: TrainCall): Promise<[agent: string, env: string]> {
  if (agent !== undefined && env !== undefined) return [agent, env];
  if (options.resume === true && options.out !== undefined) {
    const { settings } = await readRun(options.out);
    return [agent ?? settings.agent, env ?? settings.env];
  }
  if (agent !== undefined) findAgent(agent);
  throw nothingGiven("dojang train", agent === undefined ? "AGENT" : "ENV", "See `dojang train --help`.");
}

async function trainOn(call: TrainCall): Promise<number> {
  const { args: [agent = "", env = ""], options, signal, out } = call; // prettier-ignore
  const folder = folderToResume(call, agent, env);
  const learnAt = async (place: Workplace): Promise<number> => {
    const given = await trainOptions(call, place, folder);
    const faults = new Faults(given.out ?? "", flagsOf({ ...options, plugin: pluginsOf(call) }, ["plugin", "data"]));
    return report(call, await play(call, { ...given, client: faults.watch(place.client) }, faults), faults);
  };
  return await atWorkplace(options, signal, learnAt, (line) => out.note(line));
}

/** The plugins that another command needs to find the env again. */
const pluginsOf = ({ args: [, env = ""], options: { plugin = [] } }: TrainCall): string[] => [
  ...plugin,
  ...(isPluginPath(env) ? [env] : []),
];

/** The folder that --resume goes on with; undefined for a new run. */
function folderToResume({ options }: TrainCall, agent: string, env: string): string | undefined {
  return options.resume === true ? (options.out ?? lastRunFolder(agent, env, options.seed)) : undefined;
}

async function trainOptions(call: TrainCall, place: Workplace, folder: string | undefined): Promise<TrainOptions> {
  const { args: [agent = "", name = ""], options, signal } = call; // prettier-ignore
  const { param = [], steps, num, autoreset, maxSteps, evalEvery, evalEpisodes, target, targetOf } = options;
  const { online, checkpointEvery, logEvery, wattsPerCore, pricePerCoreHour } = options;
  const envId = await place.envId(name);
  const seed = options.seed ?? (folder === undefined ? drawSeed() : undefined);
  return {
    client: place.client,
    agentId: agent,
    envId,
    steps,
    num,
    autoreset,
    maxSteps,
    seed,
    ...{ evalEvery, evalEpisodes, target, targetOf, online, checkpointEvery, logEvery },
    ...{ from: options.from, build: place.build, onSkip: skipNotes(call) },
    initFrom: options.initFrom,
    ...actorsOf(agent, name, options, (line) => call.out.note(line)),
    onTransfer: (transfer) => call.out.note(transferText(options.initFrom ?? "", transfer)),
    freeze: options.freeze,
    costs: { wattsPerCore, pricePerCoreHour },
    config: hyperparameters(call, agent),
    resets: options.resets === undefined ? undefined : parseResets(options.resets),
    params: param.length === 0 ? undefined : parseParams(paramsOf(await place.info(envId)), param),
    out: folder ?? options.out ?? newRunFolder(agent, envId, seed ?? 0),
    resume: folder !== undefined,
    signal,
  };
}

/** Episodes left out that are named one by one. */
const NAMED = 5;

function skipNotes({ out }: TrainCall): (why: string) => void {
  let count = 0;
  return (why) => {
    if (++count <= NAMED) out.note(`dojang: left out: ${why}`);
    if (count === NAMED) out.note("dojang: further ones that are left out are not named");
  };
}

/** --config, and --set over it. */
function hyperparameters({ options: { config, set = [] } }: TrainCall, agent: string): TrainOptions["config"] {
  const given = parseSettings(findAgent(agent), set);
  if (config !== undefined) return mergeSettings(readSettings(config, agent), given);
  return set.length === 0 ? undefined : given;
}

function transferText(run: string, { whole, taken, fresh, unused }: Transfer): string {
  if (whole) return `init-from ${run}: everything`;
  const parts = [["taken", taken], ["fresh", fresh], ["not used", unused]] as const; // prettier-ignore
  const texts = parts.flatMap(([name, names]) => (names.length === 0 ? [] : [`${name}: ${names.join(", ")}`]));
  return `init-from ${run}: ${texts.join("; ")}`;
}

/** 32 random bits: short enough to be typed again. */
const drawSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

async function play({ out }: TrainCall, options: TrainOptions, faults: Faults): Promise<TrainResult> {
  let bar: Progress | undefined;
  out.note(`train ${options.agentId ?? ""} on ${options.envId ?? ""} -> ${options.out ?? ""}`);
  const onProgress = (now: Learning): void => {
    const total = options.online === true ? Infinity : now.steps;
    bar ??= new Progress(out.stderr, { label: "train", unit: "steps", total, start: now.step });
    bar.update(now.step, { text: detailOf(now), rate: now.rate });
    out.record({ ...now });
  };
  try {
    return await learn({ ...options, onProgress });
  } finally {
    bar?.end();
    if (faults.summary !== undefined) out.note(`dojang: ${faults.summary}`);
  }
}

/** "rollout 31,000/s in 2.1 s, update 9,000/s in 7.2 s, return 0.710, evaluation 0.742" */
function detailOf({ recentReturn, reward, evaluation, rolloutSeconds, updateSeconds, ...rates }: Learning): string {
  const part = (name: string, rate: number | undefined, seconds: number): string =>
    rate === undefined ? "" : `${name} ${count(Math.round(rate))}/s in ${duration(seconds)}`;
  const score = (name: string, value: number | undefined): string =>
    value === undefined ? "" : `${name} ${value.toFixed(3)}`;
  const all = [
    part("rollout", rates.rolloutRate, rolloutSeconds),
    part("update", rates.updateRate, updateSeconds),
    recentReturn === undefined ? score("reward", reward) : score("return", recentReturn),
    score("evaluation", evaluation),
  ];
  return all.filter((text) => text !== "").join(", ");
}

function report(call: TrainCall, result: TrainResult, faults: Faults): number {
  const { args: [, name = ""], out } = call; // prettier-ignore
  const { status, steps, episodes, recentReturn, seconds, settings, folder = "" } = result;
  const { evaluation, best, target, costs } = result;
  const { agent, env, seed } = settings;
  const next =
    status === "interrupted"
      ? `interrupted; go on with: ${pasted("train", agent, name, "--resume", "--out", folder, ...flagsOf(call.options, AGAIN))}`
      : `next: ${pasted("eval", folder, ...flagsOf({ ...call.options, plugin: pluginsOf(call) }, PLACE))}`;
  out.result(
    {
      ...{ status, agent, env, seed, steps, episodes, recentReturn, seconds, faults: faults.count, run: folder },
      ...{ evaluation, best, target, costs },
    },
    `${count(steps)} steps, ${count(episodes)} episodes in ${duration(seconds)}; ${scoreText(result)}\nrun: ${folder} (seed ${seed})\n${next}`,
  );
  if (target !== undefined && target.reachedAt === undefined && status === "done") {
    out.note(
      `dojang: target: expected a mean return of ${target.value} or more (${target.of}), got ${bestText(result)}`,
    );
    return EXIT.failed;
  }
  // An env that fails in every episode teaches nothing.
  return faults.count > 0 && episodes === 0 ? EXIT.failed : EXIT.done;
}

function scoreText({ recentReturn, evaluation, target, settings }: TrainResult): string {
  const { of, value, reachedAt } = target ?? {};
  const none = settings.from === undefined ? "no episode ended" : "learnt from recordings";
  const mean = recentReturn === undefined ? none : `mean return of the last 100: ${recentReturn.toFixed(3)}`;
  const evaluated =
    evaluation === undefined
      ? ""
      : `; last evaluation: ${evaluation.mean.toFixed(3)} (standard error ${evaluation.standardError.toFixed(3)})`;
  const reached =
    reachedAt === undefined ? "" : `; target ${value ?? 0} (${of ?? ""}) reached at step ${count(reachedAt)}`;
  return `${mean}${evaluated}${reached}`;
}

const bestText = ({ best }: TrainResult): string =>
  best === undefined
    ? "no score: fewer than 100 episodes ended"
    : `${best.mean.toFixed(3)} at best, at step ${count(best.step)}`;
