/** `dojang eval RUN`: the greedy policy of a run's checkpoint over whole episodes, beside random play. */
import type { Env } from "../../client/index.ts";
import { evaluate, findAgent, makeForRun, openTrained, type Evaluation } from "../../../agents/index.ts";
import { stopIfAborted } from "../interrupt.ts";
import { atWorkplace, type Workplace } from "../client.ts";
import { subcommand, type Call } from "../command.ts";
import { EXIT } from "../errors.ts";
import { table } from "../output.ts";
import { count, Progress } from "../progress.ts";

const NAMES = [
  "episodes",
  "seed",
  "best",
  "num",
  "record",
  "recordObservations",
  "server",
  "tokenFile",
  "plugin",
  "envParam",
  "data",
] as const;
type EvalCall = Call<(typeof NAMES)[number] | "json">;

const EPISODES = 100;
/** Lines about progress that --json gives for each policy. */
const RECORDS = 100;
/** Instances that play side by side; scores do not depend on it. */
const NUM = 32;

export const evaluateRun = subcommand({
  name: "eval",
  summary: "Play whole episodes with the greedy policy of a run's last checkpoint: mean return and its standard error.",
  arguments: [{ name: "RUN", doc: "folder that `dojang train` wrote" }],
  options: NAMES,
  examples: [
    "dojang eval runs/my-run",
    "dojang eval runs/my-run --episodes 1000 --seed 7 --record recordings",
    "dojang eval runs/my-run --best",
  ],
  async run(call) {
    const [folder = ""] = call.args;
    const score = await atWorkplace(call.options, call.signal, (place) => scoreOf(call, place, folder), logTo(call));
    // Random play is neither asked of a server nor recorded: it is there to compare with.
    const { plugin, envParam, data } = call.options;
    const same = { ...(plugin && { plugin }), ...(envParam && { envParam }), ...(data !== undefined && { data }) };
    const random =
      call.options.server === undefined && !call.signal.aborted
        ? await atWorkplace(same, call.signal, (place) => randomScore(call, place, folder))
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
}

async function scoreOf(call: EvalCall, place: Workplace, folder: string): Promise<Score> {
  const env = await makeForRun(place.client, folder, instances(call));
  const { learner, settings } = await openTrained(folder, env.spaces, call.options.best === true ? "best" : "last");
  const score = await play(call, env, settings.agent, learner.policy);
  return { ...score, agent: settings.agent, env: env.id, seed: seedOf(call, env) };
}

async function randomScore(call: EvalCall, place: Workplace, folder: string): Promise<Evaluation> {
  const env = await makeForRun(place.client, folder, instances(call));
  const { policy } = findAgent("random").create(env.spaces, {}, seedOption(call, env));
  return await play(call, env, "random", policy);
}

const instances = ({ options: { num = NUM, episodes = EPISODES } }: EvalCall): number => Math.min(num, episodes);
/** Absent: the server keeps it to itself, and draws the seeds of the episodes. */
const seedOf = ({ options: { seed } }: EvalCall, env: Env): number | undefined => seed ?? env.seed;

function seedOption(call: EvalCall, env: Env): { seed?: number } {
  const seed = seedOf(call, env);
  return seed === undefined ? {} : { seed };
}

async function play(
  call: EvalCall,
  env: Env,
  label: string,
  policy: Parameters<typeof evaluate>[1],
): Promise<Evaluation> {
  const { options: { episodes = EPISODES }, out, signal } = call; // prettier-ignore
  const bar = new Progress(out.stderr, { label: `eval ${label}`, unit: "episodes", total: episodes });
  try {
    const onEpisode = (done: number): void => {
      stopIfAborted(signal, `eval after ${done - 1} episodes`);
      bar.update(done);
      if (done % Math.ceil(episodes / RECORDS) === 0) out.record({ policy: label, episode: done, episodes });
    };
    return await evaluate(env, policy, { episodes, ...seedOption(call, env), onEpisode, signal });
  } finally {
    bar.end();
    await env.close();
  }
}

function report({ out }: EvalCall, run: string, score: Score, random: Evaluation | undefined): number {
  const { agent, env, seed, episodes, mean, standardError } = score;
  const others = random && { random: { mean: random.mean, standardError: random.standardError } };
  const rows = [
    ["POLICY", "MEAN RETURN", "STANDARD ERROR", "EPISODES"],
    [agent, mean.toFixed(4), standardError.toFixed(4), count(episodes)],
    ...(random ? [["random", random.mean.toFixed(4), random.standardError.toFixed(4), count(random.episodes)]] : []),
  ];
  out.result(
    { run, agent, env, seed, episodes, mean, standardError, ...others },
    `${env}${seed === undefined ? "" : `, seed ${seed}`}\n${table(rows)}`,
  );
  return EXIT.done;
}
