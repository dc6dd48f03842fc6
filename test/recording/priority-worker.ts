/** A thread that gives way, and says what it and the process weigh before and after. */
import { readlinkSync } from "node:fs";
import { getPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { yieldToOthers } from "../../src/recording/yield-to-others.ts";

const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
const both = (): number[] => [getPriority(thread), getPriority(process.pid)];
const before = both();
yieldToOthers();
parentPort?.postMessage({ before, after: both() });
