/** `dojang/verify`: rewards that a program can verify, usable without any server. */
export * from "./math/index.ts";
