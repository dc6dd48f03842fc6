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
