/** Run as a worker, a forked child or a script: tells which file `dojang/env` is there, on the channel that it has. */
import { parentPort } from "node:worker_threads";

const where = import.meta.resolve("dojang/env");

if (parentPort !== null) parentPort.postMessage(where);
else if (process.send !== undefined) process.send(where);
else console.log(where);
