/** `dojang/server`: serves envs over WebSocket. */
export { LIMITS, type Limits, type ServerOptions } from "./options.ts";
export { Sealer, snapshotKey } from "./seal.ts";
export { serve, type DojangServer } from "./serve.ts";
export { CAPABILITIES, makeToken, readTokens, type Capability, type Token } from "./tokens.ts";
