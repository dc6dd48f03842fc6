/** `dojang/verify`: rewards that a program can verify, usable without any server. */
export * from "./code/index.ts";
export * from "./math/index.ts";
