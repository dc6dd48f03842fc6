/** `dojang replay FILE|CAPSULE`: shows a recorded episode step by step, or plays everything again and compares. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { capsuleFromJson, replayCapsule } from "../../recording/capsules.ts";
import { explainDivergence, openRecording, type RecordedEpisode, type Recording } from "../../recording/index.ts";
import { buildFor, replayEpisode, type BuildEnv, type ReplayFrame } from "../../recording/replay.ts";
import { EpisodeVerifier } from "../../recording/verify-episode.ts";
import type { BuiltEnv } from "../../env/built-env.ts";
import { loadRegistry } from "../catalogue.ts";
import { subcommand, type Call } from "../command.ts";
import { EXIT, nothingGiven, wrongCall } from "../errors.ts";
import { flagsOf, pasted } from "../hint.ts";
import { OperatorParams } from "../operator-params.ts";
import { frameText, pictureText } from "../picture.ts";
import { inPixels, PngFolder } from "../png.ts";
import { sum } from "../sum.ts";
import { verifyFile } from "../verify-file.ts";
import { isWanted, noneWanted } from "../wanted-episodes.ts";

const NAMES = [
  "episode",
  "instance",
  "verify",
  "rescore",
  "speed",
  "png",
  "every",
  "plugin",
  "envParam",
  "data",
] as const;
export type ReplayCall = Call<(typeof NAMES)[number] | "json">;

/** Steps a second on a terminal, unless --speed says otherwise. */
const SPEED = 5;

export const replay = subcommand({
  name: "replay",
  arguments: [{ name: "FILE", doc: "recording (.mcap), or a failure capsule (.json)" }],
  options: NAMES,
  examples: [
    "dojang replay recordings/FrozenLake-v1-1.mcap --episode 3",
    "dojang replay recordings/FrozenLake-v1-1.mcap --verify",
    "dojang replay recordings/CartPole-v1-1.mcap --png frames --every 5",
    "dojang replay runs/my-run/faults/instance0-episode2.json --plugin ./my-env.ts",
  ],
  async run(call) {
    const [file = ""] = call.args;
    const isCapsule = firstByte(file) === "{".charCodeAt(0);
    const { verify = false, rescore = false } = call.options;
    const pictures = picturesOf(call.options);
    const registry = await loadRegistry(call.options.plugin, {
      log: (line) => {
        call.out.note(line);
      },
      operator: new OperatorParams(call.options),
    });
    // Whoever replays is the operator: recorded operator params count.
    const build: BuildEnv = (id, params) => {
      if (registry.ids().includes(id)) {
        const given = pictures === undefined ? params : inPixels(registry.find(id).plugin, params);
        return registry.build(id, given, { operator: true });
      }
      throw wrongCall(
        file,
        "a recording of an env that is loaded",
        id,
        "Add --plugin with the file or package that has it.",
      );
    };
    try {
      if (isCapsule) return await playCapsule(call, file, build, pictures);
      const recording = await openRecording(file);
      try {
        return verify || rescore
          ? await verifyFile(call, file, recording, build)
          : await show(call, file, recording, build, pictures);
      } finally {
        await recording.close();
      }
    } finally {
      await registry.close();
    }
  },
});

function picturesOf({ png, every, verify, rescore }: ReplayCall["options"]): PngFolder | undefined {
  if (png === undefined) {
    if (every !== undefined) throw nothingGiven("--png", "a folder beside --every", "Add --png DIR.");
    return undefined;
  }
  if (verify === true || rescore === true) throw wrongCall("--png", "none beside --verify and --rescore", png);
  return new PngFolder(png, every);
}

function firstByte(file: string): number | undefined {
  const handle = openSync(file, "r");
  try {
    if (fstatSync(handle).isDirectory())
      throw wrongCall(file, "a recording (.mcap) or a failure capsule (.json)", "a folder", "Name a file in it.");
    const byte = new Uint8Array(1);
    return readSync(handle, byte) === 1 ? byte[0] : undefined;
  } finally {
    closeSync(handle);
  }
}

async function playCapsule(
  { out }: ReplayCall,
  file: string,
  build: BuildEnv,
  pictures: PngFolder | undefined,
): Promise<number> {
  const capsule = capsuleFromJson(parseJson(file));
  const { reproduced, step, happened, picture, stack } = await replayCapsule(capsule, build);
  if (stack !== undefined && process.env["DOJANG_DEBUG"] !== undefined) out.note(stack);
  if (picture !== undefined) {
    out.say(pictures === undefined ? pictureText(picture) : pictures.add("fault", step, capsule.env, picture));
  }
  const verdict = reproduced ? `fails again at step ${step}` : `does not fail as recorded ("${capsule.error}")`;
  out.result(
    { env: capsule.env, seed: capsule.seed, reproduced, step, happened },
    `${capsule.env}, seed ${capsule.seed}: ${verdict}: ${happened}`,
  );
  return reproduced ? EXIT.done : EXIT.failed;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw wrongCall(file, "a recording (.mcap) or a failure capsule (JSON)", "a text that is neither");
  }
}

async function show(
  call: ReplayCall,
  file: string,
  recording: Recording,
  build: BuildEnv,
  pictures: PngFolder | undefined,
): Promise<number> {
  const { out, signal } = call;
  const env = await buildFor(recording.info, build);
  const episode = await findEpisode(call, file, recording);
  const watched = out.stderr.isTTY === true && !out.json && pictures === undefined;
  const speed = call.options.speed ?? (watched ? SPEED : 0);
  out.say(
    `${env.id}, instance ${episode.instance}, episode ${episode.episode}, seed ${episode.seed}: ${episode.steps} steps`,
  );
  for await (const frame of replayEpisode(env, episode)) {
    if (signal.aborted) break;
    if (pictures === undefined) tell(call, frame);
    else keep(call, env.id, episode, frame, pictures);
    if (speed > 0) await delay(1_000 / speed, undefined, { signal }).catch(() => undefined);
  }
  const changed = signal.aborted ? undefined : await changeIn(env, episode);
  if (changed !== undefined) {
    const hint = `\`${pasted("replay", file, "--verify", ...flagsOf(call.options, ["plugin", "envParam", "data"]))}\` compares everything`;
    out.note(`dojang: these are not the steps that were recorded: ${changed}. ${hint}.`);
  }
  out.result(...summary(episode, pictures));
  return EXIT.done;
}

/** The first step in which the rules here are not those of the recording; what depends on the machine is not compared. */
async function changeIn(env: BuiltEnv, episode: RecordedEpisode): Promise<string | undefined> {
  if (!env.deterministic || !episode.info.deterministic) return undefined;
  const divergence = await new EpisodeVerifier(env).verify(episode);
  return divergence && explainDivergence(divergence);
}

function tell({ out }: ReplayCall, frame: ReplayFrame): void {
  const { picture, ...rest } = frame;
  if (out.json) out.record({ ...rest, ...(typeof picture === "string" && { picture }) });
  else out.say(frameText(frame));
}

/** Writes the picture of a moment and names its file. */
function keep(
  { out }: ReplayCall,
  env: string,
  { instance, episode, steps }: RecordedEpisode,
  { picture, ...rest }: ReplayFrame,
  pictures: PngFolder,
): void {
  if (!pictures.wants(rest.step, rest.step === steps)) return;
  out.record({ ...rest, png: pictures.add(`instance${instance}-episode${episode}`, rest.step, env, picture) });
}

function summary(
  { env, instance, episode, seed, steps, rewards, terminated, truncated, fault }: RecordedEpisode,
  pictures: PngFolder | undefined,
): [object, string] {
  const total = sum(rewards);
  const end = terminated
    ? "terminated"
    : truncated
      ? "truncated"
      : fault
        ? `failed: ${fault.message ?? fault.code}`
        : "cut";
  const drawn = pictures && { pictures: pictures.written, folder: pictures.folder };
  return [
    { env, instance, episode, seed, steps, return: total, terminated, truncated, ...(fault && { fault: fault.code }), ...drawn }, // prettier-ignore
    `return ${total} in ${steps} steps, ${end}${drawn === undefined ? "" : `; ${drawn.pictures} pictures in ${drawn.folder}`}`,
  ];
}

/** The first episode of the file that --episode and --instance name. @throws {GymError} BAD_PARAM */
async function findEpisode({ options }: ReplayCall, file: string, recording: Recording): Promise<RecordedEpisode> {
  const wanted = isWanted(options);
  let seen = 0;
  for await (const episode of recording) {
    seen++;
    if (wanted(episode)) return episode;
  }
  throw noneWanted(file, options, seen);
}
