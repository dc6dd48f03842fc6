/** Failure capsules: run until the fault, and as JSON for a file. A capsule holds seed, options and actions, never a state. */
import { takeRows } from "../../protocol/batch.ts";
import { fromColumns } from "../../protocol/columns.ts";
import { GymError } from "../../protocol/errors.ts";
import type { Capsule, Frame, JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { BatchRunner } from "../env/runner.ts";
import { concatBatches } from "./leaves.ts";
import type { RecordedEpisode } from "./episodes.ts";
import type { BuildEnv } from "./replay.ts";

export interface CapsuleResult {
  /** The plugin failed at the same step as before. */
  readonly reproduced: boolean;
  /** Steps taken before it failed, or all of them. */
  readonly step: number;
  /** The failure, or what happened instead. */
  readonly happened: string;
  /** What the env showed last, where it has a rendering. */
  readonly picture?: string | { readonly width: number; readonly height: number; readonly rgb: Uint8Array };
  /** Where the plugin threw, frame by frame. */
  readonly stack?: string;
}

/** Plays a capsule to its end. @throws {GymError} BAD_RECORDING when it was cut or its actions do not fit; what `build` throws */
export async function replayCapsule(capsule: Capsule, build: BuildEnv): Promise<CapsuleResult> {
  if (capsule.cut) {
    throw new GymError("BAD_RECORDING", `capsule of ${capsule.env}`, {
      expected: "all actions of the episode",
      received: `the last ${capsule.count} of ${capsule.step}`,
      hint: "Rerun with a larger capsuleSteps.",
    });
  }
  const env = await build(capsule.env, capsule.params);
  const actions: unknown = fromColumns(
    env.rules.action,
    capsule.actions,
    capsule.count,
    "capsule.actions",
    "BAD_RECORDING",
  );
  return runToFault(env, { ...capsule, actions });
}

/** Plays an episode that was recorded with a fault. */
export function playFault(env: BuiltEnv, episode: RecordedEpisode): Promise<CapsuleResult> {
  const { seed, options, fault, steps, actions } = episode;
  const failing = fault?.action === undefined ? [] : [fault.action];
  const count = steps + failing.length;
  return runToFault(env, {
    seed,
    count,
    actions: concatBatches(env.rules.action, [actions, ...failing]),
    ...(options !== undefined && { options }),
  });
}

interface Script {
  readonly seed: number;
  readonly options?: JsonValue;
  readonly actions: unknown;
  readonly count: number;
}

/** The last action, or without any the reset, is where the plugin failed. */
async function runToFault(env: BuiltEnv, { seed, options, actions, count }: Script): Promise<CapsuleResult> {
  let stack: string | undefined;
  const onFault = {
    onFault(_: BuiltEnv, { cause }: GymError): void {
      if (cause instanceof Error) stack = cause.stack;
    },
  };
  const runner = new BatchRunner(env, { num: 1, seed: 0, autoreset: "disabled", maxSteps: 0, onFault });
  let failure = failureOf(await runner.reset({ seeds: [seed], ...(options !== undefined && { options: [options] }) }));
  let step = 0;
  let picture: CapsuleResult["picture"];
  while (failure === undefined && step < count) {
    picture = env.rules.render && runner.render()[0];
    failure = failureOf(await runner.step(takeRows(env.rules.action, actions as never, [step])));
    step++;
  }
  const shown = { ...(picture !== undefined && { picture }), ...(stack !== undefined && { stack }) };
  if (failure === undefined) return { reproduced: false, step, happened: `no failure in ${count} steps`, ...shown };
  const taken = Math.max(0, step - 1);
  if (step === count) return { reproduced: true, step: taken, happened: failure, ...shown };
  return {
    reproduced: false,
    step: taken,
    happened: `failed already at step ${step} of ${count}: ${failure}`,
    ...shown,
  };
}

const failureOf = ({ errors }: Frame): string | undefined => errors?.[0]?.message;

/** A capsule as JSON: actions in base64. */
export const capsuleToJson = (capsule: Capsule): JsonValue => ({
  ...capsule,
  actions: capsule.actions.map((column) => Buffer.from(column).toString("base64")),
});

const TEXTS = ["env", "version", "error"] as const;
const COUNTS = ["instance", "episode", "step", "seed", "count"] as const;

/** @throws {GymError} BAD_RECORDING, naming the field. */
export function capsuleFromJson(json: unknown): Capsule {
  const fields = (typeof json === "object" && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  const need = (name: string, expected: string, fits: (value: unknown) => boolean): void => {
    if (!fits(fields[name]))
      throw new GymError("BAD_RECORDING", `capsule.${name}`, { expected, received: fields[name] });
  };
  for (const name of TEXTS) need(name, "a text", (value) => typeof value === "string");
  for (const name of COUNTS)
    need(name, "an integer in 0..2^53-1", (value) => Number.isSafeInteger(value) && (value as number) >= 0);
  need("params", "an object", (value) => typeof value === "object" && value !== null && !Array.isArray(value));
  need(
    "actions",
    "a list of base64 texts",
    (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  );
  const actions = (fields["actions"] as string[]).map((text) => new Uint8Array(Buffer.from(text, "base64")));
  // Every field that a capsule must have was checked above.
  return { ...fields, actions } as unknown as Capsule;
}
