/** `dojang eval RUN`: the greedy policy (or the one that samples) of a run's checkpoint over whole episodes, beside random play; `eval llm` is told elsewhere. */
import type { Env } from "../../client/index.ts";
import {
  evaluate,
  findAgent,
  makeForRun,
  openTrained,
  readRun,
  type EnvChanges,
  type Evaluation,
  type EvaluateOptions,
} from "../../../agents/index.ts";
import { stopIfAborted } from "../interrupt.ts";
import { atWorkplace, type Workplace } from "../client.ts";
import { subcommand, type Call } from "../command.ts";
import { paramsOf } from "../describe.ts";
import { EXIT, wrongCall } from "../errors.ts";
import { LLM } from "../llm/call.ts";
import type { OptionName } from "../options.ts";
import { refuseFlags } from "../other-form.ts";
import { table } from "../output.ts";
import { parseParams } from "../params.ts";
import { count, Progress } from "../progress.ts";
import { evalLlm } from "./eval-llm.ts";

/** For runs alone. */
const OF_RUN = ["best", "sampled", "num"] as const;
/** For both. */
const SHARED: readonly OptionName[] = [
  ...["episodes", "seed", "param", "maxSteps", "record", "recordObservations"],
  ...["server", "tokenFile", "plugin", "envParam", "data"],
] as const satisfies readonly (typeof LLM)[number][];
const OF_LLM = LLM.filter((name) => !SHARED.includes(name));
const NAMES = [...OF_RUN, ...LLM] as const;
type EvalCall = Call<(typeof NAMES)[number] | "json">;

const EPISODES = 100;
/** Lines about progress that --json gives for each policy. */
const RECORDS = 100;
/** Instances that play side by side; scores do not depend on it. */
const NUM = 32;

export const evaluateRun = subcommand({
  name: "eval",
  arguments: [
    { name: "RUN", doc: "folder that `dojang train` wrote; or llm, a model behind an endpoint" },
    { name: "ENV", doc: "for llm: id of an env of texts, or a plugin file with one env", optional: true },
  ],
  options: NAMES,
  examples: [
    "dojang eval runs/my-run",
    "dojang eval runs/my-run --episodes 1000 --seed 7 --record recordings",
    "dojang eval runs/my-run --best",
    "dojang eval runs/my-run --sampled",
    "dojang eval runs/my-run --param isSlippery=false --max-steps 200",
    "dojang eval llm math-v0 --base-url http://127.0.0.1:8000/v1 --model my-model --samples 4",
    "dojang eval llm --resume",
  ],
  async run(call) {
    const [folder = "", env] = call.args;
    if (folder === "llm") {
      refuseFlags(call, OF_RUN, "the evaluation of a run");
      return evalLlm(call);
    }
    refuseFlags(call, OF_LLM, "eval llm");
    if (env !== undefined) throw wrongCall("dojang eval", "RUN alone: it has its env", env, "Leave it out.");
    const score = await atWorkplace(call.options, call.signal, (place) => scoreOf(call, place, folder), logTo(call));
    // Random play is neither asked of a server nor recorded: it is there to compare with.
    const { plugin, envParam, data } = call.options;
    const same = { ...(plugin && { plugin }), ...(envParam && { envParam }), ...(data !== undefined && { data }) };
    const random =
      call.options.server === undefined && !call.signal.aborted
        ? await atWorkplace(same, call.signal, (place) => randomScore(call, place, folder, score.resets))
        : undefined;
    return report(call, folder, score, random);
  },
});

/** What plugins say goes where all remarks go. */
const logTo =
  ({ out }: EvalCall) =>
  (line: string): void => {
    out.note(line);
  };

interface Score extends Evaluation {
  readonly agent: string;
  readonly env: string;
  readonly seed: number | undefined;
  /** Of the run. */
  readonly resets: EvaluateOptions["resets"];
}

async function scoreOf(call: EvalCall, place: Workplace, folder: string): Promise<Score> {
  const env = await makeForRun(place.client, folder, instances(call), await changes(call, place, folder));
  const { learner, settings } = await openTrained(folder, env.spaces, call.options.best === true ? "best" : "last");
  const { agent, resets } = settings;
  const policy = call.options.sampled === true ? learner.act : learner.policy;
  const score = await play(call, env, { label: agent, policy, resets });
  return { ...score, agent, resets, env: env.id, seed: seedOf(call, env) };
}

async function randomScore(
  call: EvalCall,
  place: Workplace,
  folder: string,
  resets: EvaluateOptions["resets"],
): Promise<Evaluation> {
  const env = await makeForRun(place.client, folder, instances(call), await changes(call, place, folder));
  const { policy } = findAgent("random").create(env.spaces, {}, seedOption(call, env));
  return await play(call, env, { label: "random", policy, resets });
}

/** What the call says of the env; the rest is the run's. */
async function changes({ options }: EvalCall, place: Workplace, folder: string): Promise<EnvChanges> {
  const { param = [], maxSteps } = options;
  const limit = maxSteps === undefined ? {} : { maxSteps };
  if (param.length === 0) return limit;
  const { settings } = await readRun(folder);
  return { ...limit, params: parseParams(paramsOf(await place.info(settings.env)), param) };
}

const instances = ({ options: { num = NUM, episodes = EPISODES } }: EvalCall): number => Math.min(num, episodes);
/** Absent: the server keeps it to itself, and draws the seeds of the episodes. */
const seedOf = ({ options: { seed } }: EvalCall, env: Env): number | undefined => seed ?? env.seed;

function seedOption(call: EvalCall, env: Env): { seed?: number } {
  const seed = seedOf(call, env);
  return seed === undefined ? {} : { seed };
}

interface Player extends Pick<EvaluateOptions, "resets"> {
  readonly label: string;
  readonly policy: Parameters<typeof evaluate>[1];
}

async function play(call: EvalCall, env: Env, { label, policy, resets }: Player): Promise<Evaluation> {
  const { options: { episodes = EPISODES }, out, signal } = call; // prettier-ignore
  const bar = new Progress(out.stderr, { label: `eval ${label}`, unit: "episodes", total: episodes });
  try {
    const onEpisode = (done: number): void => {
      stopIfAborted(signal, `eval after ${done - 1} episodes`);
      bar.update(done);
      if (done % Math.ceil(episodes / RECORDS) === 0) out.record({ policy: label, episode: done, episodes });
    };
    return await evaluate(env, policy, { episodes, ...seedOption(call, env), resets, onEpisode, signal });
  } finally {
    bar.end();
    await env.close();
  }
}

function report(
  { out, options: { sampled = false } }: EvalCall,
  run: string,
  score: Score,
  random: Evaluation | undefined,
): number {
  const { agent, env, seed, episodes } = score;
  const others = random && { random: figuresOf(random) };
  const rows = [
    ["POLICY", "MEAN RETURN", "STANDARD ERROR", "EPISODES"],
    ...rowsOf(sampled ? `${agent}, sampled` : agent, score),
    ...(random ? rowsOf("random", random) : []),
  ];
  out.result(
    { run, agent, env, seed, episodes, sampled, ...figuresOf(score), ...others },
    `${env}${seed === undefined ? "" : `, seed ${seed}`}\n${table(rows)}`,
  );
  return EXIT.done;
}

const figuresOf = ({ mean, standardError, games }: Evaluation) => ({ mean, standardError, ...(games && { games }) });

/** All episodes, then those of each game. */
function rowsOf(label: string, { games = [], ...all }: Evaluation): string[][] {
  const line = (name: string, { mean, standardError, episodes }: Omit<Evaluation, "returns" | "lengths">): string[] => [
    ...[name, mean.toFixed(4), standardError.toFixed(4), count(episodes)],
  ];
  return [line(label, all), ...games.map((one) => line(`${label}, game ${one.game}`, one))];
}
