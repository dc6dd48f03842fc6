/** Copies a frame that aliases a runner's buffers, so that the caller may keep it. */
import type { Frame } from "../../protocol/frames.ts";
import type { Space } from "../../protocol/spaces.ts";
import { copyBatch } from "./rows.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A frame whose arrays are its own. The spaces are the env's. */
export function cloneFrame(frame: Frame, observation: Space, info: Space | undefined): Frame {
  // Field by field: spreads cost as much as a step of a small env.
  const copy: Mutable<Frame> = {
    seq: frame.seq,
    status: frame.status.slice(),
    observations: copyBatch(observation, frame.observations) as never,
    rewards: frame.rewards.slice(),
    terminated: frame.terminated.slice(),
    truncated: frame.truncated.slice(),
    timing: frame.timing,
  };
  if (frame.index !== undefined) copy.index = frame.index.slice();
  if (frame.mask !== undefined) copy.mask = frame.mask.slice();
  if (frame.parts !== undefined) copy.parts = cloneColumns(frame.parts);
  if (frame.final !== undefined) copy.final = cloneFinal(frame.final, observation);
  // The runner makes these anew for each frame.
  if (frame.episode !== undefined) copy.episode = frame.episode;
  if (frame.seeds !== undefined) copy.seeds = frame.seeds;
  if (frame.errors !== undefined) copy.errors = frame.errors;
  if (info !== undefined && frame.info !== undefined) copy.info = copyBatch(info, frame.info) as never;
  return copy;
}

const cloneColumns = (columns: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> =>
  Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice()]));

function cloneFinal(final: NonNullable<Frame["final"]>, observation: Space): NonNullable<Frame["final"]> {
  const observations = copyBatch(observation, final.observations) as never;
  return final.mask === undefined
    ? { index: final.index, observations }
    : { index: final.index, observations, mask: final.mask.slice() };
}
