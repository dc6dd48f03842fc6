/** The spaces of an env's frames: one object for all sessions that have made it. */
import type { FrameSpaces } from "../../protocol/frame-codec.ts";
import type { BuiltEnv } from "../env/built-env.ts";

const known = new WeakMap<BuiltEnv, FrameSpaces>();

export function frameSpaces(env: BuiltEnv): FrameSpaces {
  let spaces = known.get(env);
  if (spaces === undefined) {
    const { observation, action, info, infoSpace } = env.rules;
    spaces = { observation, action, ...(info && infoSpace && { info: infoSpace }) };
    known.set(env, spaces);
  }
  return spaces;
}
