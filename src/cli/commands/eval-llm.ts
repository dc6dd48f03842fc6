/** `dojang eval llm ENV`: any model behind an OpenAI-compatible endpoint plays an env of texts; what was answered is kept, so that a stopped run goes on. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "../../client/index.ts";
import { episodeSeed } from "../../env/rng.ts";
import { atWorkplace, type Workplace } from "../client.ts";
import type { Call } from "../command.ts";
import { describeSpace, paramsOf } from "../describe.ts";
import { EXIT, wrongCall } from "../errors.ts";
import { flagsOf, pasted, PLACE } from "../hint.ts";
import { endpointOf, givenIn, wholeOf, type LLM } from "../llm/call.ts";
import { openEndpoint, type Endpoint } from "../llm/endpoint.ts";
import type { Place, Playing } from "../llm/episode.ts";
import { Journal } from "../llm/journal.ts";
import { play } from "../llm/play.ts";
import { figuresOf, textOf } from "../llm/report.ts";
import { Rows } from "../llm/rows.ts";
import { samplesOf } from "../llm/samples.ts";
import { goOnWith, keepSettings, lastFolder, newFolder, readSettings, writeSettings, type Settings } from "../llm/settings.ts"; // prettier-ignore
import { parseParams } from "../params.ts";
import type { OptionName } from "../options.ts";
import { count, Progress } from "../progress.ts";

type LlmCall = Call<(typeof LLM)[number] | "json">;

const CONCURRENCY = 8;
const RETRIES = 5;
/** Milliseconds before a failed request is sent again for the first time. */
const WAIT_MS = 500;
/** Replies after which an episode is cut where the env has no time limit. */
const TURNS = 20;
/** Failed episodes that result.json names. */
const NAMED = 100;

/** @returns the exit status: 1 where episodes failed @throws {GymError} */
export async function evalLlm(call: LlmCall): Promise<number> {
  const { args: [, env], options, signal, out } = call; // prettier-ignore
  // The cheapest mistakes first: no env is loaded for a call that cannot be.
  const begun = options.resume === true ? (options.out ?? lastFolder()) : undefined;
  const given = givenIn(env, options);
  const settings = begun === undefined ? wholeOf(given) : goOnWith(readSettings(begun), given);
  const endpoint = await openEndpoint(endpointOf(settings, options));
  const use = async (place: Workplace): Promise<number> => {
    const made = await makeEnv(place, settings, rowsFor(call, settings));
    const folder = begun ?? options.out ?? newFolder(settings);
    if (begun === undefined) keepSettings(folder, settings);
    else writeSettings(folder, settings);
    out.note(`eval ${settings.model} on ${made.id} -> ${folder}`);
    return evaluate(call, { settings, env: made, folder, endpoint });
  };
  return atWorkplace(options, signal, use, (line) => out.note(line));
}

const rowsFor = ({ options: { concurrency = CONCURRENCY } }: LlmCall, { episodes, samples }: Settings): number =>
  Math.min(concurrency, episodes * samples);

/** @throws {GymError} BAD_PARAM for an env that is not one of texts */
async function makeEnv({ client, info, envId }: Workplace, settings: Settings, num: number): Promise<Env> {
  const { param, maxSteps } = settings;
  const id = await envId(settings.env);
  const params = param.length === 0 ? {} : { params: parseParams(paramsOf(await info(id)), param) };
  const env = await client.make(id, { num, mode: "first-ready", autoreset: "disabled", ...params, ...(maxSteps !== undefined && { maxSteps }) }); // prettier-ignore
  const { observation, action } = env.spaces;
  if (observation.kind === "text" && action.kind === "text") return env;
  throw wrongCall("ENV", "an env whose observations and actions are texts", `${id}: ${describeSpace(observation)}, ${describeSpace(action)}`); // prettier-ignore
}

interface Work {
  readonly settings: Settings;
  readonly env: Env;
  readonly folder: string;
  readonly endpoint: Endpoint;
}

async function evaluate(call: LlmCall, work: Work): Promise<number> {
  const { out } = call;
  const { settings: { samples, episodes }, folder } = work; // prettier-ignore
  const journal = Journal.open(join(folder, "answers.jsonl"));
  const faults: (Place & { readonly error: string })[] = [];
  const all = Array.from({ length: episodes * samples }, (_, i) => ({ problem: Math.floor(i / samples), sample: i % samples })); // prettier-ignore
  const places = all.filter((place) => !journal.has(place));
  const [total, before] = [all.length, all.length - places.length];
  if (before > 0) out.note(`${count(before)} of ${count(total)} episodes were answered before`);
  const bar = new Progress(out.stderr, { label: "eval llm", unit: "episodes", total, start: before });
  const tell = (text: string): void => bar.update(before + ++done, text);
  let [done, right] = [0, 0];
  try {
    await play({
      ...playingOf(call, work),
      ...{ places, concurrency: rowsFor(call, work.settings), answered: before > 0, where: work.settings, signal: call.signal }, // prettier-ignore
      onEpisode(episode) {
        journal.add(episode);
        right += Number(episode.right);
        out.record({ problem: episode.problem, sample: episode.sample, right: episode.right, return: episode.return });
        tell(`${right} of ${done + 1 - faults.length} right`);
      },
      onFault(place, error) {
        faults.push({ ...place, error });
        out.note(`problem ${place.problem}, sample ${place.sample}: ${error}`);
        tell(`${faults.length} failed`);
      },
      onEnd: (problem) => out.note(`the table of ${work.env.id} has no item ${problem}: the problems end there`),
    });
  } catch (error) {
    out.note(`${count(journal.episodes.length)} episodes are kept; go on with: ${goOn(call, folder)}`);
    throw error;
  } finally {
    bar.end();
    journal.close();
  }
  return report(call, work, journal, faults);
}

/** Options that the folder does not keep. */
const AGAIN = [
  ...["apiKeyEnv", "stream", "concurrency", "retries", "timeoutMs", "priceIn", "priceOut"],
  ...["record", "recordObservations", ...PLACE],
] as const satisfies readonly OptionName[];

const goOn = ({ options }: LlmCall, folder: string): string =>
  pasted("eval", "llm", "--resume", "--out", folder, ...flagsOf(options, AGAIN));

function playingOf(
  { options, out }: LlmCall,
  { settings, env, endpoint }: Work,
): Omit<Playing, "patience"> & { patience: Omit<Playing["patience"], "isWorthwhile" | "signal"> } {
  const { seed, items, system } = settings;
  const { action } = env.spaces;
  return {
    ...{ endpoint, system, rows: new Rows(env), maxTurns: env.maxSteps > 0 ? env.maxSteps : TURNS },
    maxLength: action.kind === "text" ? action.maxLength : 0,
    patience: { retries: options.retries ?? RETRIES, waitMs: WAIT_MS, onRetry: (text) => out.note(text) },
    start: (problem) => ({ seed: episodeSeed(seed, 0, problem), ...(items && { options: { item: problem } }) }),
    // 31 bits: more than some endpoints take.
    seedOf: ({ problem, sample }, turn) => episodeSeed(episodeSeed(seed, 1, problem), sample, turn) % 2 ** 31,
  };
}

function report(
  call: LlmCall,
  { settings, folder, env }: Work,
  journal: Journal,
  faults: readonly (Place & { error: string })[],
): number {
  const { out, options } = call;
  const { model, baseUrl, seed } = settings;
  const wanted = journal.episodes.filter(({ problem, sample }) => problem < settings.episodes && sample < settings.samples); // prettier-ignore
  const { priceIn, priceOut } = options;
  const prices = priceIn === undefined || priceOut === undefined ? undefined : { in: priceIn, out: priceOut };
  const figures = figuresOf(wanted, settings.samples, faults.length, prices);
  const title = `${model} on ${env.id}, seed ${seed}`;
  const result = { model, baseUrl, env: env.id, seed, run: folder, ...figures };
  writeFileSync(join(folder, "result.json"), `${JSON.stringify({ ...result, failed: faults.slice(0, NAMED) }, undefined, 2)}\n`); // prettier-ignore
  writeFileSync(join(folder, "samples.md"), samplesOf(title, wanted));
  const again = faults.length > 0 ? `\nask again for what failed: ${goOn(call, folder)}` : "";
  out.result(result, `${title}\n${textOf(figures)}\nanswers, samples to read and these figures: ${folder}${again}`);
  return faults.length > 0 ? EXIT.failed : EXIT.done;
}
