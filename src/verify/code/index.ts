/** The code runner: rewards from programs that are run against tests, in sandboxes. */
export type { Checked, Checker, Checkers } from "./checkers.ts";
export type { Box, Call, Driver, DriverKind, DriverOptions, Ended, EndReason, OpenOptions, Output, Probe, Program, Raised, Reply, Returned } from "./driver.ts"; // prettier-ignore
export type { Encoded, Pair } from "./encoded.ts";
export { encodeJson, parseExactJson, withoutBigints } from "./from-json.ts";
export { DRIVER_KINDS } from "./kinds.ts";
export { DEFAULT_LIMITS, LIMIT_RANGES } from "./limits.ts";
export { createCodeRunner, type CodeRunner, type CodeRunnerOptions, type RunOptions } from "./runner.ts";
export * from "./types.ts";
export * from "./suites/index.ts";
