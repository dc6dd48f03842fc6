/** `dojang envs [ENV]`: every env, or one with all it says of itself. */
import type { EnvInfo } from "../../../protocol/env-info.ts";
import { spaceToJson } from "../../../protocol/space-json.ts";
import { envIdOf, loadRegistry } from "../catalogue.ts";
import { subcommand, type Call } from "../command.ts";
import { describeSetting, describeSpace, paramsOf } from "../describe.ts";
import { drawEnv } from "../draw-env.ts";
import { EXIT, failureOf, nothingGiven } from "../errors.ts";
import { table } from "../output.ts";
import { parseParams } from "../params.ts";
import { catalogue, envInfo, type Registry } from "../../registry/index.ts";

const NAMES = ["plugin", "png", "seed", "steps", "param"] as const;
type EnvsCall = Call<(typeof NAMES)[number] | "json">;

export const envs = subcommand({
  name: "envs",
  arguments: [{ name: "ENV", doc: "id of an env, or a plugin file", optional: true }],
  options: NAMES,
  examples: [
    "dojang envs",
    "dojang envs FrozenLake-v1",
    "dojang envs ./corridor.ts",
    "dojang envs CartPole-v1 --png cartpole.png --steps 20",
  ],
  async run(call) {
    const { args: [name], options, out } = call; // prettier-ignore
    for (const option of ["png", "seed", "steps", "param"] as const) {
      if (options[option] === undefined) continue;
      if (name === undefined) throw nothingGiven("ENV", `an env for --${option}`, "Name the env to draw.");
      if (options.png === undefined) throw nothingGiven("--png", `a file beside --${option}`, "Add --png FILE.");
    }
    const registry = await loadRegistry(options.plugin);
    try {
      if (name !== undefined) {
        const info = await envInfo(registry, await envIdOf(registry, name));
        const drawn = await draw(call, registry, info);
        const error = info.observation === undefined ? await whyNotBuilt(registry, info.id) : undefined;
        out.result(
          { ...toJson(info), ...(error !== undefined && { error }), ...drawn },
          drawn === undefined ? describeEnv(info, error) : describeDrawing(info, drawn),
        );
      } else {
        const infos = await catalogue(registry);
        out.result({ envs: infos.map(toJson) }, describeAll(infos));
      }
      return EXIT.done;
    } finally {
      await registry.close();
    }
  },
});

/** What building the env with its default params throws. */
async function whyNotBuilt(registry: Registry, id: string): Promise<string | undefined> {
  try {
    await (await registry.lease(id)).release();
    return undefined;
  } catch (error) {
    return failureOf(error).message;
  }
}

interface Drawing {
  readonly png: string;
  readonly seed: number;
  /** Steps of random play before the picture. */
  readonly steps: number;
}

async function draw(
  { options: { png, seed = 0, steps = 0, param = [] } }: EnvsCall,
  registry: Registry,
  info: EnvInfo,
): Promise<Drawing | undefined> {
  if (png === undefined) return undefined;
  const params = parseParams(paramsOf(info), param);
  return { png, seed, steps: await drawEnv(registry, info.id, { png, params, seed, steps }) };
}

const describeDrawing = ({ id }: EnvInfo, { png, seed, steps }: Drawing): string =>
  `${png}: ${id}, seed ${seed}, after ${steps} random steps`;

const toJson = ({ action, observation, ...rest }: EnvInfo): object => ({
  ...rest,
  ...(action && { action: spaceToJson(action) }),
  ...(observation && { observation: spaceToJson(observation) }),
});

function describeAll(infos: readonly EnvInfo[]): string {
  const rows = infos.map((info) => [
    info.id,
    describeSpace(info.observation),
    describeSpace(info.action),
    limitOf(info),
    paramsOf(info)
      .map(([key]) => key)
      .join(" "),
    info.source,
  ]);
  return table([["ENV", "OBSERVATION", "ACTION", "LIMIT", "PARAMS", "SOURCE"], ...rows]);
}

function describeEnv(info: EnvInfo, error: string | undefined): string {
  const params = paramsOf(info).map(([key, param]) => [`  ${key}`, describeSetting(param)]);
  const facts = table([
    ["observation", describeSpace(info.observation)],
    ["action", describeSpace(info.action)],
    ["time limit", limitOf(info) === "-" ? "none" : `${limitOf(info)} steps`],
    ["version", info.version],
    ["source", info.source],
    ["params", params.length === 0 ? "none" : ""],
    ...params,
  ]);
  const notBuilt = error === undefined ? "" : `\nnot built with the default params: ${error}`;
  return `${info.id}: ${info.description}\n${facts}${notBuilt}`;
}

const limitOf = ({ maxSteps = 0 }: EnvInfo): string => (maxSteps === 0 ? "-" : String(maxSteps));
