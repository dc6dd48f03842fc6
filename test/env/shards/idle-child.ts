/** Steps a batch in two threads and then leaves everything open: a process that has nothing else to do must end by itself. */
import { local } from "dojang/client/local";
import { Registry } from "../../../src/registry/registry.ts";
import { addPlugin } from "../../../src/registry/load.ts";

const registry = new Registry();
await addPlugin(registry, new URL("plugins.ts", import.meta.url).pathname);
const env = await local({ registry }).make("Moody-v0", { num: 4, seed: 1, workers: 2 });
await env.reset({ options: [50, 50, 50, 50] });
const { status } = await env.step(new Int32Array(4));
console.log(`stepped ${status.length}`);
