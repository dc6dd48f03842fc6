/** What differs between the machine a recording was made on and this one: looked at first when a replay diverges. */
import type { BuiltEnv } from "../env/built-env.ts";
import type { RecordingInfo } from "./format.ts";
import { thisMachine } from "./machine.ts";

export interface VersionDifference {
  readonly what: "dojang" | "plugin" | "node" | "v8" | "arch";
  readonly recorded: string;
  readonly here: string;
}

/** Of Node only the major version counts: minor ones keep V8 and its arithmetic. */
export function versionDifferences(info: RecordingInfo, env: BuiltEnv): VersionDifference[] {
  const { dojang, node, v8, arch } = thisMachine();
  const pairs: [VersionDifference["what"], string, string][] = [
    ["dojang", info.dojang, dojang],
    ["plugin", info.version, env.version],
    ["node", major(info.node), major(node)],
    ["v8", info.v8, v8],
    ["arch", info.arch, arch],
  ];
  return pairs.flatMap(([what, recorded, here]) => (recorded === here ? [] : [{ what, recorded, here }]));
}

const major = (version: string): string => version.split(".")[0] as string;
