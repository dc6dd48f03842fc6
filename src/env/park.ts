/** A whole batch as bytes, for a server that stops and starts again: every instance, whatever its phase. Plain (not sealed). */
import { deserialize, serialize } from "node:v8";
import { GymError } from "../../protocol/errors.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { Instances } from "./instances.ts";
import { snapshotBinding, takeInstance, type InstanceSnapshot } from "./snapshot.ts";

/** @throws {GymError} ENV_FAULT when a state is not plain data */
export function parkInstances(env: BuiltEnv, instances: Instances): Uint8Array {
  const rows = Array.from({ length: instances.num }, (_, row): InstanceSnapshot => takeInstance(instances, row));
  try {
    return serialize({ binding: snapshotBinding(env), rows });
  } catch (cause) {
    throw new GymError("ENV_FAULT", `${env.id}: state`, { expected: "plain data" }, cause);
  }
}

/** @param bytes what `parkInstances` gave, opened by whoever sealed it @throws {GymError} BAD_SNAPSHOT */
export function unparkInstances(env: BuiltEnv, bytes: Uint8Array, num: number): InstanceSnapshot[] {
  const { binding, rows } = deserialize(bytes) as { binding?: unknown; rows?: InstanceSnapshot[] };
  if (binding === snapshotBinding(env) && rows?.length === num) return rows;
  throw new GymError("BAD_SNAPSHOT", env.id, {
    expected: `${num} parked instances of the same plugin, version and params`,
    received: rows?.length,
  });
}

/** The parked parts of a batch, in order, as if it had been parked whole. */
export const joinParked = (env: BuiltEnv, parts: readonly Uint8Array[]): Uint8Array =>
  serialize({ binding: snapshotBinding(env), rows: parts.flatMap((bytes) => rowsOf(bytes)) });

/** A parked batch as parts of so many instances each. @throws {GymError} BAD_SNAPSHOT */
export function splitParked(env: BuiltEnv, bytes: Uint8Array, nums: readonly number[]): Uint8Array[] {
  const rows = unparkInstances(
    env,
    bytes,
    nums.reduce((sum, num) => sum + num, 0),
  );
  let first = 0;
  return nums.map((num) => serialize({ binding: snapshotBinding(env), rows: rows.slice(first, (first += num)) }));
}

const rowsOf = (bytes: Uint8Array): readonly InstanceSnapshot[] =>
  (deserialize(bytes) as { readonly rows: readonly InstanceSnapshot[] }).rows; // what `parkInstances` gave
