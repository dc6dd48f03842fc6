/** One instance as bytes: state, generator and episode counters. Plain (not sealed): who hands these to strangers must seal them. */
import { deserialize, serialize } from "node:v8";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "./built-env.ts";
import { PHASE, type Instances, type QueuedStart } from "./instances.ts";
import { Rng, type RngState } from "./rng.ts";

const FORMAT = 2;

export const isStarted = (phase: number): boolean => phase === PHASE.running || phase === PHASE.ended;

export interface InstanceSnapshot {
  readonly state: unknown;
  readonly rng: RngState;
  readonly episode: number;
  readonly steps: number;
  readonly return: number;
  readonly seed: number;
  readonly options: JsonValue | undefined;
  readonly queue: readonly QueuedStart[] | undefined;
  readonly phase: number;
}

/** What a snapshot fits: the same plugin, version and params. */
export const snapshotBinding = (env: BuiltEnv): string => JSON.stringify([FORMAT, env.id, env.version, env.params]);

/** @throws {GymError} ENV_FAULT when the state is not plain data */
export function packSnapshot(env: BuiltEnv, instance: InstanceSnapshot): Uint8Array {
  try {
    return serialize({ binding: snapshotBinding(env), instance });
  } catch (cause) {
    throw new GymError("ENV_FAULT", `${env.id}: state`, {
      expected: "plain data",
      ...(!env.secret && { received: instance.state }),
      hint: "Keep functions and handles out of the state.",
    }, cause); // prettier-ignore
  }
}

/** @throws {GymError} BAD_SNAPSHOT when the bytes are damaged or belong to another env, version or params. */
export function unpackSnapshot(env: BuiltEnv, bytes: Uint8Array): InstanceSnapshot {
  let content: unknown;
  try {
    content = deserialize(bytes);
  } catch (cause) {
    throw damaged(env, bytes, cause);
  }
  if (!isRecord(content) || typeof content["binding"] !== "string") throw damaged(env, bytes);
  if (content["binding"] !== snapshotBinding(env)) throw foreign(env, content["binding"]);
  if (!isInstance(content["instance"])) throw damaged(env, bytes);
  return content["instance"];
}

/** Params stay out of the message: some are the operator's alone. */
function foreign(env: BuiltEnv, binding: string): GymError {
  const [format, id, version] = JSON.parse(binding) as readonly unknown[];
  return new GymError("BAD_SNAPSHOT", env.id, {
    expected: `a snapshot of ${env.id}, version ${env.version}, format ${FORMAT}, with the same params`,
    received: { id, version, format },
    hint: "Restore it into the env, version and params it was taken from.",
  });
}

const damaged = (env: BuiltEnv, bytes: unknown, cause?: unknown): GymError =>
  new GymError("BAD_SNAPSHOT", env.id, { expected: "the bytes of a snapshot", received: bytes }, cause);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function isInstance(value: unknown): value is InstanceSnapshot {
  if (!isRecord(value)) return false;
  const { rng, episode, steps, seed, phase, return: sum } = value;
  const numbers = [episode, steps, seed, sum];
  return (
    Array.isArray(rng) &&
    rng.length === 4 &&
    rng.every(Number.isInteger) &&
    numbers.every((n) => typeof n === "number") &&
    typeof phase === "number" &&
    isStarted(phase)
  );
}

/** A state that is not to be trusted, or that there is not, is undefined. */
export function takeInstance(instances: Instances, row: number): InstanceSnapshot {
  return {
    state: isStarted(instances.phase[row] as number) ? instances.stateOf(row) : undefined,
    rng: (instances.rngs[row] as Rng).state,
    episode: instances.episode[row] as number,
    steps: instances.steps[row] as number,
    return: instances.returns[row] as number,
    seed: instances.seeds[row] as number,
    options: instances.options[row],
    queue: instances.queues[row],
    phase: instances.phase[row] as number,
  };
}

export function putInstance(instances: Instances, row: number, snapshot: InstanceSnapshot): void {
  const { state, episode, seed, options } = snapshot;
  instances.begin(row, { state, rng: Rng.fromState(snapshot.rng), episode, seed, options });
  instances.steps[row] = snapshot.steps;
  instances.returns[row] = snapshot.return;
  instances.phase[row] = snapshot.phase;
  instances.queues[row] = snapshot.queue;
}
