/** `dojang envs [ENV]`: every env, or one with all it says of itself. */
import type { EnvInfo } from "../../../protocol/env-info.ts";
import { spaceToJson } from "../../../protocol/space-json.ts";
import { envIdOf, loadRegistry } from "../catalogue.ts";
import { subcommand } from "../command.ts";
import { describeSetting, describeSpace, paramsOf } from "../describe.ts";
import { EXIT } from "../errors.ts";
import { table } from "../output.ts";
import { catalogue, envInfo } from "../../registry/index.ts";

export const envs = subcommand({
  name: "envs",
  summary: "List the envs, or show one: spaces, parameters, where it comes from.",
  arguments: [{ name: "ENV", doc: "id of an env, or a plugin file", optional: true }],
  options: ["plugin"],
  examples: ["dojang envs", "dojang envs FrozenLake-v1", "dojang envs ./corridor.ts"],
  async run({ args: [name], options, out }) {
    const registry = await loadRegistry(options.plugin);
    try {
      if (name !== undefined) {
        const info = await envInfo(registry, await envIdOf(registry, name));
        out.result(toJson(info), describeEnv(info));
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

function describeEnv(info: EnvInfo): string {
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
  return `${info.id}: ${info.description}\n${facts}`;
}

const limitOf = ({ maxSteps = 0 }: EnvInfo): string => (maxSteps === 0 ? "-" : String(maxSteps));
