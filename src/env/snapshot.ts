/** One instance as bytes: state, generator and episode counters. Plain (not sealed): who hands these to strangers must seal them. */
import { deserialize, serialize } from "node:v8";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { Instances } from "./instances.ts";
import { Rng, type RngState } from "./rng.ts";

const FORMAT = 1;

export interface InstanceSnapshot {
  readonly state: unknown;
  readonly rng: RngState;
  readonly episode: number;
  readonly steps: number;
  readonly return: number;
  readonly seed: number;
  readonly options: JsonValue | undefined;
  readonly phase: number;
}

/** What a snapshot fits: the same plugin, version and params. */
export const snapshotBinding = (env: BuiltEnv): string => JSON.stringify([FORMAT, env.id, env.version, env.params]);

export function packSnapshot(env: BuiltEnv, instance: InstanceSnapshot): Uint8Array {
  return serialize({ binding: snapshotBinding(env), instance });
}

/** @throws {GymError} BAD_SNAPSHOT when the bytes are damaged or belong to another env, version or params. */
export function unpackSnapshot(env: BuiltEnv, bytes: Uint8Array): InstanceSnapshot {
  let content: { binding?: unknown; instance?: unknown };
  try {
    content = deserialize(bytes) as typeof content;
  } catch (cause) {
    throw new GymError("BAD_SNAPSHOT", env.id, { expected: "the bytes of a snapshot", received: bytes }, cause);
  }
  const expected = snapshotBinding(env);
  if (typeof content !== "object" || content === null || content.binding !== expected) {
    throw new GymError("BAD_SNAPSHOT", env.id, {
      expected: `a snapshot of ${expected}`,
      received: content?.binding,
      hint: "Restore it into the env, version and params it was taken from.",
    });
  }
  return content.instance as InstanceSnapshot;
}

export function takeInstance(instances: Instances, row: number): InstanceSnapshot {
  return {
    state: instances.states[row],
    rng: (instances.rngs[row] as Rng).state,
    episode: instances.episode[row] as number,
    steps: instances.steps[row] as number,
    return: instances.returns[row] as number,
    seed: instances.seeds[row] as number,
    options: instances.options[row],
    phase: instances.phase[row] as number,
  };
}

export function putInstance(instances: Instances, row: number, snapshot: InstanceSnapshot): void {
  const { state, episode, seed, options } = snapshot;
  instances.begin(row, { state, rng: Rng.fromState(snapshot.rng), episode, seed, options });
  instances.steps[row] = snapshot.steps;
  instances.returns[row] = snapshot.return;
  instances.phase[row] = snapshot.phase;
}
