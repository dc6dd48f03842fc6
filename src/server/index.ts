/** `dojang/server`: serves envs over WebSocket. */
export { collectLate } from "./collector.ts";
export { LIMITS, type Limits, type ServerOptions } from "./options.ts";
export { jsonLogger, lineLogger, type Logger } from "./log.ts";
export { LOG_LEVELS, type LogLevel } from "./log-levels.ts";
export { addBuiltIns, Registry } from "../registry/index.ts";
export { readLimits } from "./read-limits.ts";
export { Sealer, snapshotKey } from "./seal.ts";
export { serve, type DojangServer } from "./serve.ts";
export { CAPABILITIES, makeToken, readTokens, type Capability, type Token } from "./tokens.ts";
