/** Plays envs under a recorder: the same transitions whatever the autoreset mode, so that recordings can be compared. */
import { sampleBatch } from "../../protocol/space-values.ts";
import type { Autoreset, Frame, JsonValue } from "../../protocol/frames.ts";
import { copyRow, takeRows } from "../../protocol/batch.ts";
import type { NumericArray } from "../../protocol/spaces.ts";
import type { FrameObserver } from "../../src/env/observer.ts";
import type { BuiltEnv } from "../../src/env/built-env.ts";
import { Rng } from "../../src/env/rng.ts";
import { BatchRunner } from "../../src/env/runner.ts";
import type { AnyRules } from "../../src/env/rules.ts";
import { createRecorder } from "../../src/recording/recorder.ts";
import type { RecorderOptions } from "../../src/recording/recorder-options.ts";

export const built = (rules: unknown, given: Partial<BuiltEnv> = {}): BuiltEnv => ({
  id: "Test-v0",
  version: "0",
  params: {},
  rules: rules as AnyRules,
  secret: false,
  deterministic: true,
  ...given,
});

export interface PlayOptions extends Partial<RecorderOptions> {
  readonly path: string;
  readonly env: BuiltEnv;
  /** Transitions of each instance. Default 40. */
  readonly steps?: number;
  readonly options?: readonly JsonValue[];
  readonly extras?: (rows: number) => Readonly<Record<string, NumericArray>>;
  /** Called after each frame. */
  readonly onFrame?: (frame: Frame, runner: BatchRunner) => void | Promise<void>;
}

/** Plays until each instance has taken `steps` transitions; the action of a transition depends on its instance and its count alone. */
export async function play(options: PlayOptions): Promise<{ paths: readonly string[] }> {
  const { env, num = 3, seed = 1, autoreset = "next-step", maxSteps = env.rules.maxSteps ?? 0 } = options;
  const recorder = await createRecorder({ ...options, num, seed, autoreset, maxSteps });
  try {
    await drive(recorder, { ...options, num, seed, autoreset, maxSteps });
  } catch (error) {
    // What a frame has said, closing does not say again.
    await recorder.close();
    throw error;
  }
  await recorder.close();
  return { paths: recorder.paths };
}

type DriveOptions = PlayOptions & Pick<RecorderOptions, "num" | "seed" | "autoreset" | "maxSteps">;

async function drive(recorder: FrameObserver, options: DriveOptions): Promise<void> {
  const { env, num, seed, autoreset, maxSteps, steps = 40 } = options;
  const runner = new BatchRunner(env, { num, seed, autoreset, maxSteps, observer: recorder });
  const taken = new Int32Array(num);
  const actions = env.rules.action;
  const plans = Array.from({ length: num }, (_, i) => sampleBatch(actions, steps, new Rng(1000 + i)));
  const note = async (frame: Frame): Promise<void> => {
    for (let row = 0; row < frame.status.length; row++) {
      if (frame.status[row] === 0) taken[frame.index?.[row] ?? row] = (taken[frame.index?.[row] ?? row] as number) + 1;
    }
    await options.onFrame?.(frame, runner);
  };
  await note(await runner.reset(options.options && { options: options.options }));
  for (let guard = 0; guard < 10 * steps; guard++) {
    const index = Uint32Array.from(taken.keys()).filter((i) => (taken[i] as number) < steps);
    if (index.length === 0) break;
    const rows = Array.from(index, (i) => takeRows(actions, plans[i] as never, [taken[i] as number]));
    const batch = joinRows(actions, rows);
    const frame = await runner.step(batch, { index, ...(options.extras && { extras: options.extras(index.length) }) });
    const over = endedRows(frame, autoreset, num);
    await note(frame);
    if (over) await note(await runner.reset({ mask: over }));
  }
}

function joinRows(space: AnyRules["action"], rows: readonly unknown[]): unknown {
  const batch = sampleBatch(space, rows.length, new Rng(0));
  rows.forEach((row, j) => {
    copyRow(space, row as never, 0, batch as never, j);
  });
  return batch;
}

/** With autoreset disabled: the instances to reset. */
function endedRows(frame: Frame, autoreset: Autoreset, num: number): Uint8Array | undefined {
  if (autoreset !== "disabled") return undefined;
  const mask = new Uint8Array(num);
  for (let row = 0; row < frame.status.length; row++) {
    if (frame.terminated[row] || frame.truncated[row]) mask[frame.index?.[row] ?? row] = 1;
  }
  return mask.includes(1) ? mask : undefined;
}
