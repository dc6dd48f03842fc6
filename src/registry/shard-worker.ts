/** A thread that steps a part of a batch: it loads the plugin's module, builds its own rules, and serves until it is told to close. */
import { parentPort, workerData } from "node:worker_threads";
import type { JsonValue } from "../../protocol/frames.ts";
import { serveShard } from "../env/shards/serve-shard.ts";
import { WORD, type ShardSpec } from "../env/shards/protocol.ts";
import { pluginsOf } from "./load.ts";
import { Registry } from "./registry.ts";

export interface ShardStart {
  readonly spec: ShardSpec;
  /** URL of the module whose default export holds the plugin. */
  readonly module: string;
  readonly id: string;
  /** All of them, defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>;
}

const { spec, module, id, params } = workerData as ShardStart; // what shards.ts hands over
const { control } = spec;
process.on("exit", () => {
  Atomics.store(control, WORD.ended, 1);
  Atomics.notify(control, WORD.done);
});

const registry = new Registry({ log: (line) => parentPort?.postMessage({ log: line }) });
for (const plugin of pluginsOf(await import(module), module)) registry.add(plugin, module);
const env = await registry.build(id, params, { operator: true });
parentPort?.postMessage({ ready: true });
serveShard(env, spec);
await registry.close();
spec.port.close();
