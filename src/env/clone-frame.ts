/** Copies a frame that aliases a runner's buffers, so that the caller may keep it. */
import type { Frame } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import { copyBatch } from "./rows.ts";

/** A frame whose arrays are its own. The spaces are the env's. */
export function cloneFrame(frame: Frame, observation: Space, info: Space | undefined): Frame {
  const { final, parts } = frame;
  return {
    ...frame,
    status: frame.status.slice(),
    observations: copyBatch(observation, frame.observations) as never,
    ...(frame.mask && { mask: frame.mask.slice() }),
    rewards: frame.rewards.slice(),
    ...(parts && { parts: Object.fromEntries(Object.entries(parts).map(([name, column]) => [name, column.slice()])) }),
    terminated: frame.terminated.slice(),
    truncated: frame.truncated.slice(),
    ...(final && {
      final: {
        ...final,
        observations: copyBatch(observation, final.observations) as never,
        ...(final.mask && { mask: final.mask.slice() }),
      },
    }),
    ...(info && frame.info !== undefined && { info: copyBatch(info, frame.info) as never }),
  };
}
