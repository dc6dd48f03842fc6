/** `dojang train AGENT ENV`: learns, shows how it goes, keeps a run folder that can be resumed. */
import {
  agents,
  findAgent,
  parseSettings,
  train as learn,
  type Progress as Learning,
  type TrainOptions,
  type TrainResult,
} from "../../../agents/index.ts";
import { isPluginPath } from "../catalogue.ts";
import { atWorkplace, type Workplace } from "../client.ts";
import { subcommand, type Call } from "../command.ts";
import { paramsOf } from "../describe.ts";
import { EXIT } from "../errors.ts";
import { Faults } from "../faults.ts";
import { parseParams } from "../params.ts";
import { programName } from "../program-name.ts";
import { count, duration, Progress } from "../progress.ts";
import { lastRunFolder, newRunFolder } from "../run-folder.ts";

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
  "param",
  "envParam",
  "data",
] as const;
type TrainCall = Call<(typeof NAMES)[number] | "json">;

export const train = subcommand({
  name: "train",
  summary: "Train an agent on an env. Writes a run folder: settings, metrics, checkpoint, receipt.",
  arguments: [
    { name: "AGENT", doc: `one of ${Object.keys(agents).join(", ")}` },
    { name: "ENV", doc: "id of an env, or a plugin file with one env" },
  ],
  options: NAMES,
  examples: [
    "dojang train q-learning FrozenLake-v1 --seed 1",
    "dojang train q-learning ./corridor.ts --param length=20 --set alpha=0.5",
    "dojang train q-learning FrozenLake-v1 --resume --steps 1e6",
    "dojang train q-learning Logged-v0 --data logs --env-param Logged-v0.file=machine.csv",
  ],
  async run(call) {
    const [agent = "", env = ""] = call.args;
    // The cheapest mistakes first: no env is loaded for an agent that does not exist.
    findAgent(agent);
    const folder = folderToResume(call, agent, env);
    return await atWorkplace(
      call.options,
      call.signal,
      async (place) => {
        const options = await trainOptions(call, place, folder);
        const faults = new Faults(options.out ?? "", pluginFlags(call, env));
        return report(call, await play(call, { ...options, client: faults.watch(place.client) }, faults), faults);
      },
      (line) => {
        call.out.note(line);
      },
    );
  },
});

/** What a replay needs to find the env again. */
const pluginFlags = ({ options: { plugin = [] } }: TrainCall, env: string): string[] =>
  [...plugin, ...(isPluginPath(env) ? [env] : [])].map((spec) => `--plugin ${spec}`);

/** The folder that --resume goes on with; undefined for a new run. */
function folderToResume({ options }: TrainCall, agent: string, env: string): string | undefined {
  return options.resume === true ? (options.out ?? lastRunFolder(agent, env, options.seed)) : undefined;
}

async function trainOptions(call: TrainCall, place: Workplace, folder: string | undefined): Promise<TrainOptions> {
  const { args: [agent = "", name = ""], options, signal } = call; // prettier-ignore
  const { set = [], param = [], steps, num, autoreset, maxSteps } = options;
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
    config: set.length === 0 ? undefined : parseSettings(findAgent(agent), set),
    params: param.length === 0 ? undefined : parseParams(paramsOf(await place.info(envId)), param),
    out: folder ?? options.out ?? newRunFolder(agent, envId, seed ?? 0),
    resume: folder !== undefined,
    signal,
  };
}

/** 32 random bits: short enough to be typed again. */
const drawSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

async function play({ out }: TrainCall, options: TrainOptions, faults: Faults): Promise<TrainResult> {
  let bar: Progress | undefined;
  out.note(`train ${options.agentId ?? ""} on ${options.envId ?? ""} -> ${options.out ?? ""}`);
  const onProgress = (now: Learning): void => {
    bar ??= new Progress(out.stderr, { label: "train", unit: "steps", total: now.steps, start: now.step });
    bar.update(now.step, now.recentReturn === undefined ? "" : `return ${now.recentReturn.toFixed(3)}`);
    out.record({ ...now });
  };
  try {
    return await learn({ ...options, onProgress });
  } finally {
    bar?.end();
    if (faults.summary !== undefined) out.note(`dojang: ${faults.summary}`);
  }
}

function report(call: TrainCall, result: TrainResult, faults: Faults): number {
  const { args: [, name = ""], out } = call; // prettier-ignore
  const { status, steps, episodes, recentReturn, seconds, settings, folder = "" } = result;
  const { agent, env, seed } = settings;
  const mean =
    recentReturn === undefined ? "no episode ended" : `mean return of the last 100: ${recentReturn.toFixed(3)}`;
  const next =
    status === "interrupted"
      ? `interrupted; go on with: ${programName()} train ${agent} ${name} --resume --out ${folder}`
      : ["next:", programName(), "eval", folder, ...pluginFlags(call, name)].join(" ");
  out.result(
    { status, agent, env, seed, steps, episodes, recentReturn, seconds, faults: faults.count, run: folder },
    `${count(steps)} steps, ${count(episodes)} episodes in ${duration(seconds)}; ${mean}\nrun: ${folder} (seed ${seed})\n${next}`,
  );
  // An env that fails in every episode teaches nothing.
  return faults.count > 0 && episodes === 0 ? EXIT.failed : EXIT.done;
}
